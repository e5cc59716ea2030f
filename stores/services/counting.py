"""Keeping the statistics: what changed is marked with the change, and counted anew soon after.

Why no update is lost and none counted twice, at PostgreSQL's default isolation (READ COMMITTED):

- A mark is written in the transaction of its change. Whoever can see the mark can see the change.
- A count first locks the days that it will write, and only then reads the histories. Each statement sees all that
  was committed before it began, so of two counts of one day the later sees whatever the earlier saw, and more.
  Figures are written as they were read, never added up: a count that comes twice changes nothing.
- Claiming the marks, writing the days and adding the differences to the regions is one transaction. A process that
  dies on any line leaves the marks where they were.
- Locks are taken in one order by everybody: marks (skipping those of others), stores, days, regions' days, and
  within each table by key. So no two counts wait for each other.

A mark costs one row whatever the length of the history; a count costs what that store's day holds.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from celery import signature
from django.db import connection, transaction

from core.bell import ring_on_commit
from stores.figures import FIGURE_NAMES, DayKey, Figures
from stores.models import PendingCount, StoreDay
from stores.selectors.sources import figures_from_histories
from stores.services.region_sums import add_to_regions, lock_stores

BATCH = 500
COUNT_PENDING = signature("stores.tasks.count_pending")

CLAIM = """
    DELETE FROM stores_pendingcount WHERE id IN (
        SELECT id FROM stores_pendingcount ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
    ) RETURNING store_id, day
"""
# Locks are taken above the sort, hence in the order of the keys.
LOCK_DAYS = """
    SELECT d.store_id, d.day, d.received, d.opened, d.users, d.new_users, d.reward_fen
    FROM stores_storeday d
    JOIN unnest(%s::bigint[], %s::date[]) AS k(store_id, day) ON d.store_id = k.store_id AND d.day = k.day
    ORDER BY d.store_id, d.day FOR UPDATE OF d
"""
WRITE_DAYS = """
    UPDATE stores_storeday d
    SET received = k.received, opened = k.opened, users = k.users, new_users = k.new_users, reward_fen = k.reward_fen
    FROM unnest(%s::bigint[], %s::date[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
        AS k(store_id, day, received, opened, users, new_users, reward_fen)
    WHERE d.store_id = k.store_id AND d.day = k.day
"""


def mark_day(*, store_id: int, day: dt.date) -> None:
    """Have this store's business day counted anew. Call it in the transaction of what changes the day's figures."""
    mark_days([DayKey(store_id, day)])


def mark_days(keys: Iterable[DayKey]) -> None:
    """The same for several days at once; `codes.services.counted.days_touched_by` tells those of an opening."""
    marks = [PendingCount(store_id=key.store_id, day=key.day) for key in sorted(set(keys))]
    if marks:
        PendingCount.objects.bulk_create(marks)
        ring_on_commit(COUNT_PENDING)


def count_batch(limit: int = BATCH) -> set[DayKey]:
    """Count the days of up to `limit` of the oldest marks that no other process holds; which days these were.

    All or nothing. An empty answer: no mark is left, or others are at work on them.
    """
    with transaction.atomic():
        keys = claim(limit)
        if keys:
            recount_days(sorted(keys))
    return keys


def claim(limit: int) -> set[DayKey]:
    """Take up to `limit` of the oldest free marks away, for good if the transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [limit])
        return {DayKey(store_id, day) for store_id, day in cursor.fetchall()}


def recount_days(keys: list[DayKey]) -> None:
    """Write the figures of the sorted `keys` as the histories have them, and the differences to their regions."""
    places = lock_stores({key.store_id for key in keys})
    before = lock_days(keys)
    after = figures_from_histories(keys)
    changed = {key: (before[key], after[key]) for key in keys if before[key] != after[key]}
    write_days({key: now for key, (_, now) in changed.items()})
    add_to_regions(changed, places)


def lock_days(keys: Collection[DayKey]) -> dict[DayKey, Figures]:
    """Make the rows that are missing, lock all, and give what they hold."""
    StoreDay.objects.bulk_create([StoreDay(store_id=key.store_id, day=key.day) for key in keys], ignore_conflicts=True)
    with connection.cursor() as cursor:
        cursor.execute(LOCK_DAYS, [[key.store_id for key in keys], [key.day for key in keys]])
        return {DayKey(store_id, day): Figures(*figures) for store_id, day, *figures in cursor.fetchall()}


def write_days(figures: dict[DayKey, Figures]) -> None:
    """Set the figures of days whose rows exist and are locked, in one statement."""
    if not figures:
        return
    columns: list[list[Any]] = [[key.store_id for key in figures], [key.day for key in figures]]
    for name in FIGURE_NAMES:
        columns += [[getattr(counted, name) for counted in figures.values()]]
    with connection.cursor() as cursor:
        cursor.execute(WRITE_DAYS, columns)
