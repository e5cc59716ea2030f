"""Where the goods of a consignment may be sold."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from codes.cases.places import is_inside
from codes.selectors.consignments import Consignment
from stores.models import Dealer, Region, Store

MUNICIPALITIES = frozenset({"110000", "120000", "310000", "500000"})
"""Provinces that are one city: 北京, 天津, 上海, 重庆."""


@dataclass(frozen=True, slots=True)
class Territory:
    """The regions (of any level) where a dealer's goods may be sold."""

    dealer_id: int
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Territories:
    """The territories of some consignments, loaded at once."""

    by_dealer: Mapping[int, frozenset[str]]
    by_store: Mapping[int, tuple[int | None, str]]

    def of(self, consignment: Consignment) -> Territory | None:
        """The dealer's regions; of goods sent to a store those of its dealer, and the store's own region.

        None where that is not known: no dealer, or a dealer without regions.
        """
        dealer_id, own = consignment.dealer_id, ""
        if consignment.store_id is not None:
            dealer_id, own = self.by_store[consignment.store_id]
        codes = self.by_dealer.get(dealer_id or 0)
        if dealer_id is None or not codes:
            return None
        return Territory(dealer_id, codes | {own} if own else codes)


def territories_of(consignments: Collection[Consignment]) -> Territories:
    """Two statements, whatever the number."""
    stores = Store.objects.filter(pk__in={each.store_id for each in consignments if each.store_id})
    by_store = {pk: (dealer, region) for pk, dealer, region in stores.values_list("pk", "dealer_id", "region_id")}
    dealers = {each.dealer_id for each in consignments} | {dealer for dealer, _region in by_store.values()}
    by_dealer: dict[int, frozenset[str]] = {}
    sold = Dealer.regions.through.objects.filter(dealer_id__in={dealer for dealer in dealers if dealer})
    for dealer_id, code in sold.values_list("dealer_id", "region_id"):
        by_dealer[dealer_id] = by_dealer.get(dealer_id, frozenset()) | {code}
    return Territories(by_dealer, by_store)


@dataclass(frozen=True, slots=True)
class Lineages:
    """The ways from the nation down to some regions."""

    by_code: Mapping[str, Sequence[str]]

    def is_inside(self, code: str, territory: Territory) -> bool:
        """Whether the region lies in the territory."""
        return is_inside(self.by_code[code], territory.codes)

    def area_of(self, code: str) -> str | None:
        """The city that the region is or lies in, or a municipality; None for what is no such place."""
        lineage = self.by_code.get(code, ())
        if len(lineage) <= Region.Level.PROVINCE:
            return None
        is_city_below = len(lineage) > Region.Level.CITY and lineage[Region.Level.PROVINCE] not in MUNICIPALITIES
        return lineage[Region.Level.CITY if is_city_below else Region.Level.PROVINCE]


def lineages_of(codes: Collection[str]) -> Lineages:
    """One statement; unknown codes are left out."""
    rows = Region.objects.filter(code__in={code for code in codes if code})
    return Lineages(dict(rows.values_list("code", "lineage")))
