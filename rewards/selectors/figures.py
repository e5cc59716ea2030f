"""Promised rewards as figures of a store's day: a FigureSource of settings.FIGURE_SOURCES.

`of_days` asks the grants, `of_brand` the ledger: a recount that repeats the query would repeat its mistake.
"""

from collections.abc import Collection, Iterator, Mapping

from django.db import connection

from stores.figures import DayKey, Figures

CHUNK = 2_000

OF_DAYS = """
    SELECT k.store_id, k.day, sum(g.amount_fen)
    FROM unnest(%s::bigint[], %s::date[]) AS k(store_id, day)
    JOIN rewards_grant g ON g.store_id = k.store_id AND g.day = k.day
    WHERE g.state <> 'released'
    GROUP BY k.store_id, k.day
"""
OF_BRAND = """
    SELECT g.store_id, g.day, sum(CASE p.reason WHEN 'promise' THEN p.amount_fen ELSE -p.amount_fen END)
    FROM rewards_posting p JOIN rewards_grant g ON g.id = p.grant_id
    WHERE p.brand_id = %s AND p.reason IN ('promise', 'release') AND g.store_id IS NOT NULL
    GROUP BY g.store_id, g.day ORDER BY g.store_id, g.day
"""


class RewardFigures:
    """`reward_fen` of a store's day: all grants of that store and day that were not released."""

    def of_days(self, keys: Collection[DayKey]) -> Mapping[DayKey, Figures]:
        """Counted from the grants. One query."""
        with connection.cursor() as cursor:
            cursor.execute(OF_DAYS, [[key.store_id for key in keys], [key.day for key in keys]])
            rows = cursor.fetchall()
        return {DayKey(store_id, day): Figures(reward_fen=int(fen)) for store_id, day, fen in rows}

    def of_brand(self, brand_id: int) -> Iterator[tuple[DayKey, Figures]]:
        """Counted from the ledger. One query, read in portions."""
        with connection.cursor() as cursor:
            cursor.execute(OF_BRAND, [brand_id])
            while rows := cursor.fetchmany(CHUNK):
                for store_id, day, fen in rows:
                    yield DayKey(store_id, day), Figures(reward_fen=int(fen))
