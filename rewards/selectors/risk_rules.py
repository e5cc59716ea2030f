"""The risk rules as each brand has them."""

from dataclasses import dataclass, field
from functools import lru_cache

import orjson

from rewards.models import RiskRule
from rewards.risk.thresholds import Thresholds
from stores.models import Brand

DEFAULT_HOURS = 24


@dataclass(frozen=True, slots=True)
class RiskTerms:
    """The mode (a value of RiskRule.Mode), the thresholds, and within how many hours a held claim is decided."""

    mode: str = RiskRule.Mode.ON.value
    thresholds: Thresholds = field(default_factory=Thresholds)
    review_hours: int = DEFAULT_HOURS


DEFAULT = RiskTerms()


def terms_of(mode: str | None, thresholds: str | None, review_hours: int | None) -> RiskTerms:
    """The terms in a row of a statement, `thresholds` being JSON; the defaults where the brand has no row.

    Raises:
        ValueError: what is stored makes no sense; the service that writes it would have refused it.
    """
    if mode is None or thresholds is None or review_hours is None:
        return DEFAULT
    return RiskTerms(mode, thresholds_in(thresholds), review_hours)


def terms_of_brand(brand: Brand) -> RiskTerms:
    """The brand's terms. One query."""
    row = RiskRule.objects.filter(brand=brand).first()
    return DEFAULT if row is None else RiskTerms(row.mode, Thresholds.of(row.thresholds), row.review_hours)


@lru_cache(maxsize=256)
def thresholds_in(text: str) -> Thresholds:
    """The thresholds that a JSON text chooses; the same text is read once."""
    return Thresholds.of(orjson.loads(text))
