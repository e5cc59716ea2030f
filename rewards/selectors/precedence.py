"""Why an opening gets the campaign that it gets: all that have its item, in the order in which they go before."""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from rewards.selectors.running import MET, SURE_ENOUGH, TAKING_PART

STORE = "sold.store_id"
STATEMENT = f"""
SELECT DISTINCT c.id, c.name, c.priority, c.published_at, c.starts_at, least(c.ended_at, c.ends_at) AS over_at,
  ARRAY(SELECT unnest(c.narrowed_by::text[]) EXCEPT SELECT unnest({MET.format(store=STORE)})) AS unmet
FROM codes_opening op
JOIN codes_codeorder o ON o.id = op.order_id
LEFT JOIN LATERAL (
  SELECT bi.store_id FROM codes_binding bi WHERE bi.opening_id = op.serial AND bi.confidence >= {SURE_ENOUGH}
) AS sold ON true,
LATERAL ({TAKING_PART.format(serial="op.serial", batch="o.batch_id")}) AS part,
rewards_campaign c
WHERE op.serial = %(serial)s AND c.id = part.campaign_id AND (part.position IS NOT NULL OR c.open_ended)
  AND c.brand_id = op.brand_id AND c.state NOT IN ('draft', 'review')
ORDER BY c.priority DESC, c.published_at, c.id
"""  # noqa: S608 - parts of our own


class Standing(enum.StrEnum):
    """How a campaign stood to an opening at a moment."""

    RUNS = "runs"
    BEHIND = "behind"
    ELSEWHERE = "elsewhere"
    COMING = "coming"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A published campaign that has the opening's item. `unmet`: kinds of conditions that its store does not meet.

    RUNS: it is the one. BEHIND: it would, if the one that runs were not before it. ELSEWHERE: it is for other stores.
    COMING, OVER: it does not run at that moment.
    """

    id: int
    name: str
    priority: int
    published_at: dt.datetime
    starts_at: dt.datetime
    standing: Standing
    unmet: tuple[str, ...] = ()


def candidates(serial: int, *, at: dt.datetime) -> list[Candidate]:
    """The campaigns that have the item of an opening, the first to go before first. One query, by index.

    The store's region and dealer are those of today.
    """
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, {"serial": serial})
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    found = list[Candidate]()
    for row in rows:
        standing = standing_of(row, at, taken=any(one.standing is Standing.RUNS for one in found))
        known = {name: row[name] for name in ("id", "name", "priority", "published_at", "starts_at")}
        found.append(Candidate(**known, standing=standing, unmet=tuple(sorted(row["unmet"]))))
    return found


def standing_of(row: Mapping[str, Any], at: dt.datetime, *, taken: bool) -> Standing:
    """How one campaign stood at a moment; `taken`: one before it runs."""
    if row["starts_at"] > at:
        return Standing.COMING
    if row["over_at"] <= at:
        return Standing.OVER
    if row["unmet"]:
        return Standing.ELSEWHERE
    return Standing.BEHIND if taken else Standing.RUNS
