"""The genuine scans of marks, as the rule about copied marks wants them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from codes.cases.clones import MarkHistory, MarkScan
from codes.formats.code_text import Role
from codes.selectors.case_figures import Window, numbered
from codes.selectors.seen_scans import place_of

SCANS_LOOKED_AT = 200
"""The newest scans of a mark; one copied a thousand times is known by fewer."""

SCANS = f"""
    SELECT k.n, s.id, s.scanned_at, coalesce(s.consumer_id::text, s.visitor), s.latitude, s.longitude, s.accuracy_m
    FROM unnest(%(numbers)s::int[], %(serials)s::bigint[], %(roles)s::int[], %(sinces)s::timestamptz[],
                %(untils)s::timestamptz[]) AS k(n, serial, role, since, until)
    CROSS JOIN LATERAL (
        SELECT * FROM codes_scan
        WHERE serial = k.serial AND role = k.role AND scanned_at > k.since AND scanned_at <= k.until
          AND verdict IN ('genuine_first', 'genuine_repeat')
        ORDER BY scanned_at DESC LIMIT {SCANS_LOOKED_AT}
    ) s
    ORDER BY k.n, s.scanned_at, s.id
"""  # noqa: S608 - a constant
OPENERS = """
    SELECT k.n, coalesce(o.opened_at, m.first_scanned_at), o.consumer_id::text, os.visitor, fs.consumer_id::text,
           fs.visitor
    FROM unnest(%(numbers)s::int[], %(serials)s::bigint[], %(roles)s::int[]) AS k(n, serial, role)
    JOIN codes_mark m ON m.id = k.serial * 16 + k.role
    JOIN codes_scan fs ON fs.id = m.first_scan_id
    LEFT JOIN codes_opening o ON o.serial = k.serial
    LEFT JOIN codes_scan os ON os.id = o.scan_id
"""


@dataclass(frozen=True, slots=True)
class MarkAsked:
    """One mark of a unit."""

    serial: int
    role: int
    window: Window


@dataclass(frozen=True, slots=True)
class MarkFound:
    """The history to be judged, and the keys of its scans."""

    history: MarkHistory
    scan_ids: tuple[UUID, ...]


def mark_histories(asked: Sequence[MarkAsked], usable_m: Sequence[float]) -> list[MarkFound]:
    """The histories in the order asked. Two statements along indexes.

    `usable_m`: for each mark, how exactly a phone must know its place for it to be used, metres.
    """
    parameters = numbered([each.window for each in asked]) | {
        "serials": [each.serial for each in asked],
        "roles": [each.role for each in asked],
    }
    scans: Mapping[int, list[tuple[Any, ...]]] = defaultdict(list)
    for number, *scan in rows(SCANS, parameters):
        scans[number].append(tuple(scan))
    openers = {number: opener for number, *opener in rows(OPENERS, parameters)}
    return [found(each, scans[number], openers.get(number), usable_m[number]) for number, each in enumerate(asked)]


def found(asked: MarkAsked, scans: list[tuple[Any, ...]], opener: Any, usable_m: float) -> MarkFound:
    """One mark's history. Only an inner mark has an opening: the others are there to be seen by anybody."""
    told = tuple(mark_scan(*scan[1:], usable_m=usable_m) for scan in scans)
    history = MarkHistory(told)
    if asked.role == Role.ITEM_INNER and opener is not None:
        opened_at, *owners = opener
        history = MarkHistory(told, opened_at, frozenset(filter(None, owners)))
    return MarkFound(history, tuple(scan[0] for scan in scans))


def mark_scan(
    at: dt.datetime,
    person: str,
    latitude: float | None,
    longitude: float | None,
    accuracy_m: float | None,
    *,
    usable_m: float,
) -> MarkScan:
    """A scan, with its place where that is exact enough."""
    place = place_of(latitude, longitude) if (accuracy_m or 0) <= usable_m else None
    return MarkScan(at, person, place, accuracy_m)


def rows(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
