"""Which campaigns an item takes part in."""

import datetime as dt

from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet, Value

from core.errors import NotFound
from rewards.campaign_moves import LIVE
from rewards.models import BudgetSlot, Campaign, CampaignSpan, Claim, Grant
from rewards.models.claim import UNSETTLED
from stores.models import Brand

OPEN_GRANTS = UNSETTLED


def campaigns_of(brand: Brand) -> QuerySet[Campaign]:
    """The brand's campaigns with their prizes."""
    return Campaign.objects.filter(brand=brand).prefetch_related("prizes")


def campaign_of(brand: Brand, campaign_id: int) -> Campaign:
    """One of the brand's campaigns.

    Raises:
        NotFound: it has no such campaign.
    """
    campaign = campaigns_of(brand).filter(pk=campaign_id).first()
    if campaign is None:
        raise NotFound
    return campaign


def spans_of(brand_id: int, serial: int) -> list[CampaignSpan]:
    """The brand's campaigns, past and coming, that this item takes part in, the latest first. One query by index."""
    point = Value(serial, output_field=BigIntegerField())
    spans = CampaignSpan.objects.filter(serials__contains=point, campaign__brand_id=brand_id)
    return list(spans.select_related("campaign").order_by("-campaign__starts_at", "-campaign_id"))


def due_to_begin(now: dt.datetime) -> list[Campaign]:
    """Published campaigns whose start has come."""
    begun = Campaign.objects.filter(state=Campaign.State.PUBLISHED, starts_at__lte=now)
    return list(begun.select_related("brand").order_by("pk"))


def due_to_end(now: dt.datetime) -> list[Campaign]:
    """Published campaigns whose time is over."""
    over = Campaign.objects.filter(state__in=LIVE, ends_at__lte=now)
    return list(over.select_related("brand").order_by("pk"))


def due_to_settle() -> list[Campaign]:
    """Ended campaigns without an open promise and without money in their budget."""
    open_promises = Grant.objects.filter(campaign=OuterRef("pk"), state__in=OPEN_GRANTS)
    rich = BudgetSlot.objects.filter(campaign=OuterRef("pk"), free_fen__gt=0)
    ended = Campaign.objects.filter(~Exists(open_promises), ~Exists(rich), state=Campaign.State.ENDED)
    return list(ended.select_related("brand").order_by("pk"))


def items_left(campaign: Campaign) -> int:
    """How many items of a published campaign have not had their prize."""
    return campaign.units - campaign.claims.filter(state=Claim.State.PROMISED).count()


def with_late_money() -> list[Campaign]:
    """Ended campaigns whose budget is not empty."""
    rich = BudgetSlot.objects.filter(campaign=OuterRef("pk"), free_fen__gt=0)
    return list(Campaign.objects.filter(Exists(rich), state=Campaign.State.ENDED).order_by("pk"))
