"""Open market cases in short, for the dashboard: how many of which kind in which city, and since when."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Func, Min, QuerySet

from codes.models import MarketCase
from codes.selectors.market_cases import OPEN
from stores.models import Salesperson, User
from stores.selectors.rights import sees_all_brands
from stores.selectors.scope import stores_of

RIGHT = "codes.view_marketcase"
MOST_PLACES = 8


@dataclass(frozen=True, slots=True)
class PlaceCases:
    """The open cases of one city, or (`region` "") of no place: each kind in words with its number, most first."""

    region: str
    kinds: Sequence[tuple[str, int]]
    oldest_at: dt.datetime

    @property
    def count(self) -> int:
        """How many in all."""
        return sum(count for _kind, count in self.kinds)


@dataclass(frozen=True, slots=True)
class OpenCases:
    """What is open. `places`: those with the most, most first; `places_more`: how many others there are."""

    places: Sequence[PlaceCases]
    places_more: int
    count: int
    oldest_at: dt.datetime | None


def open_cases_of(user: User) -> OpenCases | None:
    """What this account may know of; None for one that has nothing to do with cases. One statement, and the rights."""
    cases = cases_seen_by(user)
    if cases is None:
        return None
    groups = cases.filter(state__in=OPEN).order_by().values("region_id", "region__name", "kind")
    counted = groups.annotate(count=Count("pk"), oldest_at=Min("opened_at")).order_by("-count", "kind")
    by_place: dict[tuple[str, str], list[tuple[str, int, dt.datetime]]] = {}
    for region, name, kind, count, oldest_at in counted.values_list(
        "region_id", "region__name", "kind", "count", "oldest_at"
    ):
        by_place.setdefault((region or "", name or ""), []).append((kind, count, oldest_at))
    places = [
        PlaceCases(
            region=name,
            kinds=[(str(MarketCase.Kind(kind).label), count) for kind, count, _at in kinds],
            oldest_at=min(at for _kind, _count, at in kinds),
        )
        for (_region, name), kinds in by_place.items()
    ]
    places.sort(key=lambda place: (-place.count, place.oldest_at))
    return OpenCases(
        places=places[:MOST_PLACES],
        places_more=max(0, len(places) - MOST_PLACES),
        count=sum(place.count for place in places),
        oldest_at=min((place.oldest_at for place in places), default=None),
    )


def cases_seen_by(user: User) -> QuerySet[MarketCase] | None:
    """All for the platform; the brand's for staff with the right; for a squad leader those in the cities of its stores.

    None for anybody else. A copied mark has no place, so that no squad leader sees it.
    """
    if sees_all_brands(user):
        return MarketCase.objects.all()
    of_the_brand = MarketCase.objects.filter(brand=user.brand_id)
    if user.is_staff:
        return of_the_brand if user.has_perm(RIGHT) else None
    if not Salesperson.objects.filter(user=user, is_active=True, is_squad_leader=True).exists():
        return None
    lineages = stores_of(user).filter(is_active=True).annotate(code=Func(F("region__lineage"), function="unnest"))
    return of_the_brand.filter(region_id__in=lineages.values("code"))
