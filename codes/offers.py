"""What a scan may offer. The rewards room answers; this room only asks, through settings.OFFER_SOURCE."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Offer:
    """An envelope that can be opened: of which campaign, and until when."""

    campaign: str
    campaign_en: str
    ends_at: dt.datetime


class OfferSource(Protocol):
    """A callable that knows the campaigns."""

    def __call__(self, *, brand_id: int, serial: int, now: dt.datetime) -> Offer | None:
        """The offer for the item of this serial; None without a running campaign, or once the item was claimed."""
        ...


def offer_source() -> OfferSource:
    """The configured source."""
    return _loaded(settings.OFFER_SOURCE)


@cache
def _loaded(path: str) -> OfferSource:
    source: OfferSource = import_string(path)
    return source
