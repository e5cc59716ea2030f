"""Which campaigns an item takes part in."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import BigIntegerField, Exists, OuterRef, Value

from rewards.models import BudgetSlot, Campaign, CampaignSpan


def spans_of(brand_id: int, serial: int) -> list[CampaignSpan]:
    """The brand's campaigns, past and coming, that this item takes part in, the latest first. One query by index."""
    point = Value(serial, output_field=BigIntegerField())
    spans = CampaignSpan.objects.filter(serials__contains=point, campaign__brand_id=brand_id)
    return list(spans.select_related("campaign").order_by("-campaign__starts_at", "-campaign_id"))


def running_at(spans: Iterable[CampaignSpan], now: dt.datetime) -> CampaignSpan | None:
    """The span whose campaign runs; publication lets but one run at a time."""
    return next((span for span in spans if is_running(span.campaign, now)), None)


def is_running(campaign: Campaign, now: dt.datetime) -> bool:
    """Whether envelopes may be opened at `now`: published, begun, and neither over nor ended by hand."""
    return campaign.state == Campaign.State.RUNNING and campaign.starts_at <= now < campaign.ends_at


def due_to_end(now: dt.datetime) -> list[Campaign]:
    """Published campaigns whose time is over."""
    over = Campaign.objects.filter(state=Campaign.State.RUNNING, ends_at__lte=now)
    return list(over.select_related("brand").order_by("pk"))


def with_late_money() -> list[Campaign]:
    """Ended campaigns whose budget is not empty."""
    rich = BudgetSlot.objects.filter(campaign=OuterRef("pk"), free_fen__gt=0)
    return list(Campaign.objects.filter(Exists(rich), state=Campaign.State.ENDED).order_by("pk"))
