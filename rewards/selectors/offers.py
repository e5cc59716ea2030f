"""What a scan may offer: settings.OFFER_SOURCE of the codes room."""

import datetime as dt

from codes.offers import Offer
from rewards.models import Claim
from rewards.selectors.campaigns import running_at, spans_of


def offer_for_scan(*, brand_id: int, serial: int, now: dt.datetime) -> Offer | None:
    """The running campaign of this item; None without one, or once the item's envelope was opened."""
    span = running_at(spans_of(brand_id, serial), now)
    if span is None or Claim.objects.filter(pk=serial, state=Claim.State.PROMISED).exists():
        return None
    return Offer(campaign=span.campaign.name, campaign_en=span.campaign.name_en, ends_at=span.campaign.ends_at)
