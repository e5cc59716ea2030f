"""The sums over regions: never counted from the histories, always moved by what a store's day moved."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection

from stores.figures import FIGURE_NAMES, DayKey, Figures
from stores.models import Region, RegionDay, Store, StoreDay

Change = tuple[Figures, Figures]
"""What a day's figures were, and what they are."""


class RegionKey(NamedTuple):
    brand_id: int
    region_code: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class Place:
    """Whose a store is, and the codes of the regions that contain it."""

    brand_id: int
    lineage: list[str]


@dataclass(slots=True)
class Delta:
    """What is to be added to a region's day; may be negative."""

    figures: Figures = field(default_factory=Figures)
    moving_stores: int = 0

    def add(self, before: Figures, after: Figures) -> None:
        self.figures += after - before
        self.moving_stores += (after.opened > 0) - (before.opened > 0)


LOCK_REGION_DAYS = """
    SELECT r.id FROM stores_regionday r
    JOIN unnest(%s::bigint[], %s::text[], %s::date[]) AS k(brand_id, region_id, day)
        ON r.brand_id = k.brand_id AND r.region_id = k.region_id AND r.day = k.day
    ORDER BY r.brand_id, r.region_id COLLATE "C", r.day FOR UPDATE OF r
"""
ADD_TO_REGION_DAYS = """
    UPDATE stores_regionday r
    SET received = r.received + k.received, opened = r.opened + k.opened, users = r.users + k.users,
        new_users = r.new_users + k.new_users, reward_fen = r.reward_fen + k.reward_fen,
        moving_stores = r.moving_stores + k.moving_stores
    FROM unnest(%s::bigint[], %s::text[], %s::date[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
                %s::bigint[], %s::bigint[])
        AS k(brand_id, region_id, day, received, opened, users, new_users, reward_fen, moving_stores)
    WHERE r.brand_id = k.brand_id AND r.region_id = k.region_id AND r.day = k.day
"""


def lock_stores(store_ids: Collection[int]) -> dict[int, Place]:
    """Hold these stores in their regions until the transaction ends, and tell where that is.

    The region is read by a second statement: the first may have waited for one that moved the store.
    """
    shared = "SELECT id FROM stores_store WHERE id = ANY(%s) ORDER BY id FOR SHARE"
    with connection.cursor() as cursor:
        cursor.execute(shared, [list(store_ids)])
    rows = Store.objects.filter(pk__in=store_ids).values_list("pk", "brand_id", "region__lineage")
    return {pk: Place(brand_id, lineage) for pk, brand_id, lineage in rows}


def add_to_regions(changed: Mapping[DayKey, Change], places: Mapping[int, Place]) -> None:
    """Add the differences of stores' days to every region above them. The days must be locked by the caller."""
    deltas: dict[RegionKey, Delta] = defaultdict(Delta)
    for key, (before, after) in changed.items():
        place = places[key.store_id]
        for code in place.lineage:
            deltas[RegionKey(place.brand_id, code, key.day)].add(before, after)
    apply(deltas)


def rehome(*, store_id: int, from_region: str, to_region: str) -> None:
    """Carry a store's past figures over to its new regions.

    To be called right after the UPDATE of the store's region, in its transaction: the lock of that UPDATE keeps
    counts of the store away until both are committed.
    """
    brand_id = Store.objects.values_list("brand_id", flat=True).get(pk=store_id)
    lineages = dict(Region.objects.filter(pk__in=[from_region, to_region]).values_list("pk", "lineage"))
    left, entered = set(lineages[from_region]), set(lineages[to_region])
    deltas: dict[RegionKey, Delta] = defaultdict(Delta)
    for day in StoreDay.objects.filter(store_id=store_id).order_by("day").select_for_update():
        figures = Figures(day.received, day.opened, day.users, day.new_users, day.reward_fen)
        for code in left - entered:
            deltas[RegionKey(brand_id, code, day.day)].add(figures, Figures())
        for code in entered - left:
            deltas[RegionKey(brand_id, code, day.day)].add(Figures(), figures)
    apply(deltas)


def apply(deltas: Mapping[RegionKey, Delta]) -> None:
    """Add `deltas` to the regions' days, made and locked in the order of their keys."""
    if not deltas:
        return
    keys = sorted(deltas)
    fresh = [RegionDay(brand_id=key.brand_id, region_id=key.region_code, day=key.day) for key in keys]
    RegionDay.objects.bulk_create(fresh, ignore_conflicts=True)
    columns: list[list[Any]] = [list(column) for column in zip(*keys, strict=True)]
    ordered = [deltas[key] for key in keys]
    amounts: list[list[Any]] = [[getattr(delta.figures, name) for delta in ordered] for name in FIGURE_NAMES]
    amounts.append([delta.moving_stores for delta in ordered])
    with connection.cursor() as cursor:
        cursor.execute(LOCK_REGION_DAYS, columns)
        cursor.execute(ADD_TO_REGION_DAYS, columns + amounts)
