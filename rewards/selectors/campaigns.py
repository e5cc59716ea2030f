"""Which campaigns an item takes part in."""

import datetime as dt

from django.db.models import BigIntegerField, Exists, OuterRef, Value

from rewards.models import BudgetSlot, Campaign, CampaignSpan


def spans_of(brand_id: int, serial: int) -> list[CampaignSpan]:
    """The brand's campaigns, past and coming, that this item takes part in, the latest first. One query by index."""
    point = Value(serial, output_field=BigIntegerField())
    spans = CampaignSpan.objects.filter(serials__contains=point, campaign__brand_id=brand_id)
    return list(spans.select_related("campaign").order_by("-campaign__starts_at", "-campaign_id"))


def due_to_end(now: dt.datetime) -> list[Campaign]:
    """Published campaigns whose time is over."""
    over = Campaign.objects.filter(state=Campaign.State.RUNNING, ends_at__lte=now)
    return list(over.select_related("brand").order_by("pk"))


def with_late_money() -> list[Campaign]:
    """Ended campaigns whose budget is not empty."""
    rich = BudgetSlot.objects.filter(campaign=OuterRef("pk"), free_fen__gt=0)
    return list(Campaign.objects.filter(Exists(rich), state=Campaign.State.ENDED).order_by("pk"))
