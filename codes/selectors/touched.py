"""What a statement about many serials would touch: units by level and present state, and how many are sold."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection

from codes.formats.serial_ranges import Ranges

# Of activation and voiding the newest wins, so a void counts where no newer activation lies over it.
STATES = """
    WITH asked AS (SELECT range_agg(int8range(f, l, '[]')) AS r FROM unnest(%(firsts)s::bigint[], %(lasts)s::bigint[])
        AS k(f, l)),
    live AS MATERIALIZED (
        SELECT s.id, s.kind, s.serials, s.effective_at > %(now)s AS waits FROM codes_span s
        WHERE s.revoked_at IS NULL AND s.serials && (SELECT r FROM asked)
    ),
    void AS (
        SELECT range_agg(int8multirange(v.serials) - coalesce((
            SELECT range_agg(a.serials) FROM codes_span a
            WHERE a.kind = 'active' AND a.id > v.id AND a.revoked_at IS NULL AND a.effective_at <= %(now)s
              AND a.serials && v.serials
        ), '{}')) AS r FROM live v WHERE v.kind = 'voided'
    ),
    said AS (
        SELECT asked.r AS asked, coalesce((SELECT r FROM void), '{}') AS voided,
               coalesce(range_agg(serials) FILTER (WHERE kind = 'recalled'), '{}') AS recalled,
               coalesce(range_agg(serials) FILTER (WHERE kind = 'frozen'), '{}') AS frozen,
               coalesce(range_agg(serials) FILTER (WHERE kind = 'active' AND NOT waits), '{}') AS active,
               coalesce(range_agg(serials) FILTER (WHERE kind = 'active' AND waits), '{}') AS scheduled
        FROM asked LEFT JOIN live ON true GROUP BY asked.r
    )
    SELECT state, sum(upper(x) - lower(x))::bigint
    FROM said CROSS JOIN LATERAL (VALUES
        ('recalled', asked * recalled),
        ('frozen', asked * frozen - recalled),
        ('voided', asked * voided - frozen - recalled),
        ('active', asked * active - voided - frozen - recalled),
        ('scheduled', asked * scheduled - voided - frozen - recalled),
        ('issued', asked - scheduled - active - voided - frozen - recalled)
    ) AS k(state, r) CROSS JOIN LATERAL unnest(k.r) AS x
    GROUP BY state
"""
LEVELS = """
    WITH asked AS (SELECT range_agg(int8range(f, l, '[]')) AS r FROM unnest(%(firsts)s::bigint[], %(lasts)s::bigint[])
        AS k(f, l))
    SELECT o.level, sum(upper(x) - lower(x))::bigint
    FROM asked JOIN codes_codeorder o ON o.brand_id = %(brand)s AND o.serials && asked.r
    CROSS JOIN LATERAL unnest(int8multirange(o.serials) * asked.r) AS x
    GROUP BY o.level
"""
OPENED = """
    SELECT coalesce(sum((SELECT count(*) FROM codes_opening o WHERE o.serial BETWEEN k.f AND k.l)), 0)::bigint
    FROM unnest(%(firsts)s::bigint[], %(lasts)s::bigint[]) AS k(f, l)
"""


@dataclass(frozen=True, slots=True)
class Touched:
    """Units in all; of them opened, that is sold; and how many are of which level, and in which state now.

    States are those of codes.selectors.states, and `scheduled` for units whose activation is still to come.
    """

    units: int
    ranges: int
    opened: int
    levels: dict[str, int]
    states: dict[str, int]


def touched(brand_id: int, ranges: Ranges, *, now: dt.datetime) -> Touched:
    """What the ranges hold as of `now`. Three statements; nothing is written."""
    asked = {"firsts": ranges.firsts.tolist(), "lasts": ranges.lasts.tolist(), "now": now, "brand": brand_id}
    return Touched(
        units=ranges.units,
        ranges=len(ranges.firsts),
        opened=rows(OPENED, asked)[0][0],
        levels=dict(rows(LEVELS, asked)),
        states=dict(rows(STATES, asked)),
    )


def rows(statement: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())
