"""What a scan may offer, and what became of it. The rewards room answers; this room only asks, through settings."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Offer:
    """An envelope that can be opened: of which campaign, until when, and the page with its terms, if it has one.

    `narrowed`: the campaign is for certain stores or regions, and it is not known yet which store sold the item.
    """

    campaign: str
    campaign_en: str
    ends_at: dt.datetime
    terms_path: str = ""
    narrowed: bool = False


class OfferSource(Protocol):
    """A callable that knows the campaigns."""

    def __call__(self, *, brand_id: int, serial: int, now: dt.datetime) -> Offer | None:
        """The offer for the item of this serial; None without a running campaign, or once the item was claimed."""
        ...


@dataclass(frozen=True, slots=True)
class ClosedOffer:
    """A campaign that has this item but does not run now: over since `at` or, when `coming`, opening `at`."""

    campaign: str
    campaign_en: str
    at: dt.datetime
    coming: bool


class ClosedOfferSource(Protocol):
    """A callable that knows the campaigns of other days."""

    def __call__(self, *, serial: int, now: dt.datetime) -> ClosedOffer | None:
        """The next campaign of this item, else the last one that is over; None when there never was any."""
        ...


@dataclass(frozen=True, slots=True)
class OpenedEnvelope:
    """An envelope that the asking person has opened. `amount_fen` 0 is a thank-you, or a voucher.

    `payment` is promised, awaiting_confirmation, paid or released; empty for a thank-you; held or refused where
    nothing is told of what is inside. A held one is decided by `decides_by`. A voucher (payment "voucher", or
    "voucher_" and how it ended) says what
    it is in `words` and has a page of its own; a locked one ("locked") is an amount. `until` is their last moment.
    """

    id: UUID
    campaign: str
    campaign_en: str
    amount_fen: int
    payment: str
    decides_by: dt.datetime | None = None
    terms_path: str = ""
    words: str = ""
    voucher_path: str = ""
    until: dt.datetime | None = None

    @property
    def amount(self) -> str:
        """The amount in yuan, as people write it."""
        return f"¥{self.amount_fen // 100:,}.{self.amount_fen % 100:02}"


class EnvelopeSource(Protocol):
    """A callable that knows the claims."""

    def __call__(self, *, serial: int, consumer_id: UUID) -> OpenedEnvelope | None:
        """The envelope of the item of this serial, if this consumer has opened it. A fixed number of queries."""
        ...


def offer_source() -> OfferSource:
    """The configured source of offers."""
    source: OfferSource = _loaded(settings.OFFER_SOURCE)
    return source


def closed_offer_source() -> ClosedOfferSource:
    """The configured source of campaigns that don't run now."""
    source: ClosedOfferSource = _loaded(settings.CLOSED_OFFER_SOURCE)
    return source


def envelope_source() -> EnvelopeSource:
    """The configured source of opened envelopes."""
    source: EnvelopeSource = _loaded(settings.ENVELOPE_SOURCE)
    return source


@cache
def _loaded(path: str) -> Any:
    return import_string(path)
