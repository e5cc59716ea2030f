"""Receipts and openings as figures of a store's day, counted from the two histories.

`of_days` and `of_brand` ask in different ways on purpose: a recount that repeats the query would repeat its mistake.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from codes.models import Movement
from core.clock import business_day, day_bounds
from stores.figures import DayKey, Figures, WindowUsers
from stores.models import Brand, Store

CHUNK = 2_000

RECEIVED_OF_DAYS = """
    SELECT k.store_id, k.day, sum(l.items)
    FROM unnest(%s::bigint[], %s::date[], %s::timestamptz[], %s::timestamptz[]) AS k(store_id, day, starts_at, ends_at)
    JOIN codes_movement m ON m.store_id = k.store_id AND m.happened_at >= k.starts_at AND m.happened_at < k.ends_at
    JOIN codes_movementline l ON l.movement_id = m.id
    WHERE m.kind = 'receive'
    GROUP BY k.store_id, k.day
"""
# A consumer is new where no opening of theirs came earlier; of two at one moment the lower serial counts as earlier.
OPENED_OF_DAYS = """
    SELECT b.store_id, b.day, count(*), count(DISTINCT b.consumer_id),
           count(*) FILTER (WHERE NOT EXISTS (
               SELECT FROM codes_opening e
               WHERE e.brand_id = o.brand_id AND e.consumer_id = o.consumer_id
                 AND (e.opened_at, e.serial) < (o.opened_at, o.serial)))
    FROM unnest(%s::bigint[], %s::date[]) AS k(store_id, day)
    JOIN codes_binding b ON b.store_id = k.store_id AND b.day = k.day
    JOIN codes_opening o ON o.serial = b.opening_id
    GROUP BY b.store_id, b.day
"""
OPENED_OF_BRAND = """
    SELECT b.store_id, b.day, count(*), count(DISTINCT b.consumer_id), count(f.serial)
    FROM codes_binding b
    LEFT JOIN (
        SELECT DISTINCT ON (consumer_id) serial FROM codes_opening
        WHERE brand_id = %s ORDER BY consumer_id, opened_at, serial
    ) f ON f.serial = b.opening_id
    WHERE b.brand_id = %s AND b.store_id IS NOT NULL
    GROUP BY b.store_id, b.day ORDER BY b.store_id, b.day
"""
USERS_IN_WINDOW = """
    SELECT store_id, count(*), count(*) FILTER (WHERE days >= 2)
    FROM (
        SELECT store_id, consumer_id, count(DISTINCT day) AS days FROM codes_binding
        WHERE store_id = ANY(%s) AND day BETWEEN %s AND %s
        GROUP BY store_id, consumer_id
    ) AS per_user
    GROUP BY store_id
"""


class CodeFigures:
    """received, opened, users and new_users (see stores.figures.FigureSource and UserSource)."""

    def of_days(self, keys: Collection[DayKey]) -> Mapping[DayKey, Figures]:
        ordered = sorted(keys)
        counted: dict[DayKey, Figures] = {}
        columns = [[key.store_id for key in ordered], [key.day for key in ordered]]
        for store_id, day, opened, users, new_users in rows(OPENED_OF_DAYS, columns):
            counted[DayKey(store_id, day)] = Figures(opened=opened, users=users, new_users=new_users)
        for store_id, day, received in rows(RECEIVED_OF_DAYS, [*columns, *bounds(ordered)]):
            key = DayKey(store_id, day)
            counted[key] = counted.get(key, Figures()) + Figures(received=int(received))
        return counted

    def of_brand(self, brand_id: int) -> Iterator[tuple[DayKey, Figures]]:
        yield from merge(openings_of(brand_id), receipts_of(brand_id), key=itemgetter(0))

    def users_in_window(
        self, store_ids: Collection[int], first_day: dt.date, last_day: dt.date
    ) -> Mapping[int, WindowUsers]:
        found = rows(USERS_IN_WINDOW, [list(store_ids), first_day, last_day])
        return {store_id: WindowUsers(users, repeat_users) for store_id, users, repeat_users in found}


def rows(query: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    """All rows of a small answer."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def bounds(keys: Collection[DayKey]) -> tuple[list[dt.datetime], list[dt.datetime]]:
    """First moments of each key's day and of the day after, in the zone of the store's brand."""
    stores = Store.objects.filter(pk__in={key.store_id for key in keys})
    zones = dict(stores.values_list("pk", "brand__timezone"))
    found = [day_bounds(key.day, zones[key.store_id]) for key in keys]
    return [start for start, _ in found], [end for _, end in found]


def openings_of(brand_id: int) -> Iterator[tuple[DayKey, Figures]]:
    """opened, users and new_users of every day, in the order of the keys."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(OPENED_OF_BRAND, [brand_id, brand_id])
        while chunk := cursor.fetchmany(CHUNK):
            for store_id, day, opened, users, new_users in chunk:
                yield DayKey(store_id, day), Figures(opened=opened, users=users, new_users=new_users)


def receipts_of(brand_id: int) -> Iterator[tuple[DayKey, Figures]]:
    """Received of every day, in the order of the keys."""
    zone = Brand.objects.values_list("timezone", flat=True).get(pk=brand_id)
    receipts = (
        Movement.objects.filter(brand_id=brand_id, kind=Movement.Kind.RECEIVE, store__isnull=False)
        .order_by("store_id", "happened_at")
        .values_list("store_id", "happened_at", "lines__items")
    )
    dated = (
        (DayKey(store_id or 0, business_day(happened_at, zone)), items or 0)
        for store_id, happened_at, items in receipts.iterator(CHUNK)
    )
    for key, lines in groupby(dated, key=itemgetter(0)):
        yield key, Figures(received=sum(items for _, items in lines))
