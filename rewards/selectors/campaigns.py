"""Which campaigns an item takes part in."""

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet

from core.errors import NotFound
from rewards.campaign_moves import LIVE
from rewards.models import BudgetSlot, Campaign, Claim, Grant
from rewards.models.claim import UNSETTLED
from rewards.selectors.scopes import PREFETCHED
from stores.models import Brand

OPEN_GRANTS = UNSETTLED


def campaigns_of(brand: Brand) -> QuerySet[Campaign]:
    """The brand's campaigns with their prizes, and what they are for."""
    return Campaign.objects.filter(brand=brand).prefetch_related("prizes", "region_budgets", *PREFETCHED)


def campaign_of(brand: Brand, campaign_id: int) -> Campaign:
    """One of the brand's campaigns.

    Raises:
        NotFound: it has no such campaign.
    """
    campaign = campaigns_of(brand).filter(pk=campaign_id).first()
    if campaign is None:
        raise NotFound
    return campaign


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


def has_items_left(campaign: Campaign) -> bool:
    """Whether an item of a published campaign has not had its prize; an open-ended one has no last item."""
    return campaign.open_ended or campaign.units > campaign.claims.filter(state=Claim.State.PROMISED).count()


def with_late_money() -> list[Campaign]:
    """Ended campaigns whose budget is not empty."""
    rich = BudgetSlot.objects.filter(campaign=OuterRef("pk"), free_fen__gt=0)
    return list(Campaign.objects.filter(Exists(rich), state=Campaign.State.ENDED).order_by("pk"))
