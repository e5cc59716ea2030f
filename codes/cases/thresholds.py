"""From when on facts are a case. Each brand may choose otherwise (codes.models.CaseRule)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.choosable import Choosable


@dataclass(frozen=True, slots=True)
class Thresholds(Choosable):
    """The defaults are cautious: people travel, give bottles away and send each other pictures.

    Raises:
        ValueError: a threshold that makes no sense, in words.
    """

    window_days: int = 30
    """Sightings of one shipment, or of one mark, are counted over so many days."""
    units_at_least: int = 5
    """Different units of one shipment seen in one foreign city."""
    people_at_least: int = 5
    """By so many different people: one traveller with a suitcase is no dealer."""
    share_at_least: float = 0.2
    """Of all units of that shipment that were seen anywhere."""
    travel_share: float = 0.05
    """The share of a shipment that honest travel brings to any one foreign city; a region may have its own."""
    chance_at_most: float = 0.001
    """How probable it may be that travel alone brought so many there (binomial tail)."""
    distance_km: float = 50.0
    """Between the place and the dealer's territory, as the middle of the sightings: suburbs are no diversion."""
    accuracy_m_at_most: float = 5_000.0
    """A phone that knows its place no better than this tells no place."""
    receipt_items: int = 6
    """Items that a store outside the territory received of one shipment."""
    receipt_km: float = 5.0
    """Between that store and the territory; a store across the street is no diversion."""
    mark_people: int = 5
    """Other people on one inner mark after its opening."""
    jumps: int = 2
    """Journeys from scan to scan of one mark that nobody can make. One is a picture sent to a friend."""
    speed_kmh: float = 1_000.0
    """Faster than an airliner."""
    jump_km: float = 100.0
    """A shorter jump may be the network's mistake about the place."""
    cluster_days: int = 14
    cluster_people: int = 5
    cluster_codes: int = 5
    """Different codes that are not activated, not shipped or not ours, in one city."""

    @classmethod
    def limits_of(cls, name: str) -> tuple[float, float]:
        """The least and the most that a threshold may be."""
        if name in SHARES:
            return 0.000_001, 0.999_999
        if name in DAYS:
            return 1, 366
        return (1 if isinstance(cls.defaults()[name], int) else 0), MOST


SHARES = frozenset({"share_at_least", "travel_share", "chance_at_most"})
DAYS = frozenset({"window_days", "cluster_days"})
MOST = 100_000
DEFAULTS: dict[str, Any] = Thresholds.defaults()
"""Every threshold by name."""


def travel_share_of(lineage: Sequence[str], travel: Mapping[str, float], default: float) -> float:
    """The share expected by travel in a region: its own, else the nearest above it that has one, else the default.

    `lineage`: region codes from the nation down to the region.
    """
    return next((travel[code] for code in reversed(lineage) if code in travel), default)


def checked_travel(travel: Mapping[str, Any]) -> dict[str, float]:
    """The shares by region code as numbers.

    Raises:
        ValueError: one is no share between 0 and 1, both left out.
    """
    for code, share in travel.items():
        if type(share) not in (int, float) or not 0 < share < 1:
            raise ValueError(f"the share of {code} must be between 0 and 1, not {share!r}")
    return {str(code): float(share) for code, share in travel.items()}
