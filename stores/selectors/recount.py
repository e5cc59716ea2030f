"""The statistics against a recount of the histories: every difference, or none.

Days that are marked and not yet counted are left out: they are known to be behind, and will be counted. All is read
from one snapshot, so that marks, figures and histories belong together however busy the system is.
"""

from collections import defaultdict
from collections.abc import Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Protocol

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from stores.figures import FIGURE_NAMES, DayKey, Figures
from stores.models import Brand, PendingCount, StoreDay
from stores.selectors.sources import figure_sources

CHUNK = 2_000

# Both sides of the comparison in one pass; a region's sums are of the stores that it contains now.
REGION_DIFFERENCES = """
    WITH expected AS (
        SELECT s.brand_id, above.code AS region_id, d.day, sum(d.received) AS received, sum(d.opened) AS opened,
               sum(d.users) AS users, sum(d.new_users) AS new_users, sum(d.reward_fen) AS reward_fen,
               count(*) FILTER (WHERE d.opened > 0) AS moving_stores
        FROM stores_storeday d
        JOIN stores_store s ON s.id = d.store_id
        JOIN stores_region r ON r.code = s.region_id
        CROSS JOIN unnest(r.lineage) AS above(code)
        GROUP BY s.brand_id, above.code, d.day
    )
    SELECT b.slug, region_id, day,
           array[coalesce(k.received, 0), coalesce(k.opened, 0), coalesce(k.users, 0), coalesce(k.new_users, 0),
                 coalesce(k.reward_fen, 0), coalesce(k.moving_stores, 0)]::bigint[] AS kept,
           array[coalesce(e.received, 0), coalesce(e.opened, 0), coalesce(e.users, 0), coalesce(e.new_users, 0),
                 coalesce(e.reward_fen, 0), coalesce(e.moving_stores, 0)]::bigint[] AS counted
    FROM stores_regionday k FULL JOIN expected e USING (brand_id, region_id, day)
    JOIN stores_brand b ON b.id = brand_id
    WHERE (coalesce(k.received, 0), coalesce(k.opened, 0), coalesce(k.users, 0), coalesce(k.new_users, 0),
           coalesce(k.reward_fen, 0), coalesce(k.moving_stores, 0))
       <> (coalesce(e.received, 0), coalesce(e.opened, 0), coalesce(e.users, 0), coalesce(e.new_users, 0),
           coalesce(e.reward_fen, 0), coalesce(e.moving_stores, 0))
    ORDER BY 1, 2, 3
"""


class Recount(Protocol):
    """A further check of another room; listed by dotted path in settings.RECOUNTS."""

    def __call__(self) -> Iterator[str]:
        """One line for every difference, with what is kept and what the recount says.

        Called inside a read-only transaction that sees one snapshot.
        """


def differences() -> Iterator[str]:
    """A line for every difference in the statistics, and in what settings.RECOUNTS check.

    Must be called outside of a transaction: it opens one that is read-only and sees one snapshot.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield from store_differences()
        yield from region_differences()
        for path in settings.RECOUNTS:
            yield from import_string(path)()


def store_differences() -> Iterator[str]:
    """Stores' days that hold something else than the histories, marked days left out."""
    pending = {DayKey(*row) for row in PendingCount.objects.values_list("store_id", "day").distinct()}
    for brand in Brand.objects.order_by("pk"):
        for key, kept, counted in compared(brand.pk):
            if kept != counted and key not in pending:
                yield f"brand {brand.slug} store {key.store_id} {key.day}: kept {told(kept)}, counted {told(counted)}"


def compared(brand_id: int) -> Iterator[tuple[DayKey, Figures, Figures]]:
    """Every day of the brand's stores: key, figures kept, figures counted. Only one day is in memory at a time."""
    kept = ((key, "kept", figures) for key, figures in kept_days(brand_id))
    counted = [((key, "counted", figures) for key, figures in source.of_brand(brand_id)) for source in figure_sources()]
    for key, parts in groupby(in_order(merge(kept, *counted, key=itemgetter(0))), key=itemgetter(0)):
        sums: dict[str, Figures] = defaultdict(Figures)
        for _, side, figures in parts:
            sums[side] += figures
        yield key, sums["kept"], sums["counted"]


def in_order(rows: Iterator[tuple[DayKey, str, Figures]]) -> Iterator[tuple[DayKey, str, Figures]]:
    """The rows as they come, if they come in the order of their keys.

    Raises:
        ValueError: a source broke its promise; a comparison would show differences that are none.
    """
    last: DayKey | None = None
    for row in rows:
        if last is not None and row[0] < last:
            raise ValueError(f"a source of figures is out of order: {row[0]} after {last}")
        last = row[0]
        yield row


def kept_days(brand_id: int) -> Iterator[tuple[DayKey, Figures]]:
    """What the statistics hold, in the order of the keys."""
    days = StoreDay.objects.filter(store__brand_id=brand_id).order_by("store_id", "day")
    for store_id, day, *counts in days.values_list("store_id", "day", *FIGURE_NAMES).iterator(CHUNK):
        yield DayKey(store_id, day), Figures(*counts)


def region_differences() -> Iterator[str]:
    """Regions' days that are not the sums of their stores' days."""
    with connection.cursor() as cursor:
        cursor.execute(REGION_DIFFERENCES)
        for slug, code, day, kept, counted in cursor:
            sums = [f"{told(Figures(*side[:5]))} moving_stores={side[5]}" for side in (kept, counted)]
            yield f"brand {slug} region {code} {day}: kept {sums[0]}, counted {sums[1]}"


def told(figures: Figures) -> str:
    """The figures for a line of output."""
    return " ".join(f"{name}={getattr(figures, name)}" for name in FIGURE_NAMES)
