"""Leak forensics: whose print files are scanned in printing order, before shipping, or before activation."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from codes.forensics.comparing import EARLY, FOLLOWING, Comparison, Honest, compared
from codes.forensics.many_tests import adjusted
from codes.forensics.scan_order import OrderTest, following, scan_order
from codes.selectors.way import parents_of

THRESHOLD = 0.01
"""Of the alarms, at most one in a hundred is expected to be false; of honest files, one report in a hundred has any."""

MOST_FILES = 100
SLICES, SCANS_A_SLICE = 16, 250
"""A file's scans are read in slices of its serials, so many of each at most: what a report costs does not grow."""

FILES = """
    SELECT f.id, f.recipient, f.order_id, lower(f.serials), upper(f.serials), p.name, b.lot, min(d.taken_at)
    FROM codes_printfile f
    JOIN codes_download d ON d.file_id = f.id
    JOIN codes_codeorder o ON o.id = f.order_id
    JOIN codes_batch b ON b.id = o.batch_id
    JOIN codes_product p ON p.id = b.product_id
    WHERE o.brand_id = %s
    GROUP BY f.id, p.name, b.lot ORDER BY min(d.taken_at) DESC, f.id DESC LIMIT %s
"""
SLICED = """
    SELECT k.id, s.first, s.first + ceil((k.l - k.f)::numeric / %(slices)s)::bigint AS behind, k.l
    FROM unnest(%(ids)s::bigint[], %(firsts)s::bigint[], %(ends)s::bigint[]) AS k(id, f, l)
    CROSS JOIN LATERAL generate_series(k.f, k.l - 1, ceil((k.l - k.f)::numeric / %(slices)s)::bigint) AS s(first)
"""
FIRST_SCANS = f"""
    WITH sliced AS ({SLICED})
    SELECT sliced.id, m.serial, min(m.first_scanned_at)
    FROM sliced CROSS JOIN LATERAL (
        SELECT m.serial, m.first_scanned_at FROM codes_mark m
        WHERE m.id >= sliced.first * 16 AND m.id < least(sliced.behind, sliced.l) * 16
        ORDER BY m.id LIMIT %(each)s
    ) m
    GROUP BY sliced.id, m.serial
"""  # noqa: S608 - a part of our own
BEFORE_ACTIVATION = f"""
    WITH sliced AS ({SLICED})
    SELECT sliced.id, count(*), count(*) FILTER (WHERE s.verdict = 'not_activated')
    FROM sliced CROSS JOIN LATERAL (
        SELECT s.verdict FROM codes_scan s
        WHERE s.serial >= sliced.first AND s.serial < least(sliced.behind, sliced.l)
        ORDER BY s.serial, s.role, s.scanned_at LIMIT %(each)s
    ) s
    GROUP BY sliced.id
"""  # noqa: S608 - a part of our own
# The way up is as codes.selectors.way has it: a shipment of a case or pallet is one of all that was in it then, also
# where the packing was told later, and of nothing that was taken out before. What was never shipped says nothing.
BEFORE_SHIPPING = f"""
    WITH sliced AS ({SLICED}),
    scanned AS (
        SELECT sliced.id, s.serial, min(s.scanned_at) AS scanned_at
        FROM sliced CROSS JOIN LATERAL (
            SELECT s.serial, s.scanned_at FROM codes_scan s
            WHERE s.serial >= sliced.first AND s.serial < least(sliced.behind, sliced.l)
            ORDER BY s.serial, s.role, s.scanned_at LIMIT %(each)s
        ) s
        GROUP BY sliced.id, s.serial
    )
    SELECT scanned.id, count(*), count(*) FILTER (WHERE scanned.scanned_at < shipped.at)
    FROM scanned CROSS JOIN LATERAL (
        SELECT min(m.happened_at) AS at
        FROM (
            SELECT scanned.serial AS unit, NULL::timestamptz AS until
            UNION ALL
            SELECT c.parent_serial, c.unpacked_at FROM {parents_of("scanned.serial")} c
            UNION ALL
            SELECT p.parent_serial, least(c.unpacked_at, p.unpacked_at)
            FROM {parents_of("scanned.serial")} c CROSS JOIN LATERAL {parents_of("c.parent_serial")} p
        ) way
        JOIN codes_movementline l ON l.serials @> way.unit
        CROSS JOIN LATERAL (SELECT m.happened_at, m.kind FROM codes_movement m WHERE m.id = l.movement_id LIMIT 1) m
        WHERE m.kind = 'ship' AND (way.until IS NULL OR m.happened_at <= way.until)
    ) shipped
    WHERE shipped.at IS NOT NULL
    GROUP BY scanned.id
"""  # noqa: S608 - a part of our own


class TakenFile(NamedTuple):
    """A print file that somebody took away; `end` is behind its last serial."""

    id: int
    recipient: str
    order: int
    first: int
    end: int
    product: str
    lot: str
    taken_at: dt.datetime


@dataclass(frozen=True, slots=True)
class FileFinding:
    """What is known of one file's scans. `q_…`: p-values adjusted over all files and tests of the report."""

    file: TakenFile
    order: OrderTest
    following: Comparison
    unshipped: Comparison
    inactive: Comparison
    q_order: float = 1.0
    q_unshipped: float = 1.0
    q_inactive: float = 1.0

    @property
    def p_order(self) -> float:
        """Both must speak for it: rising within blocks, and line by line more often than elsewhere."""
        return max(self.order.p, self.following.p)

    @property
    def alarms(self) -> list[str]:
        """Which tests say that something is wrong: scan_order, before_shipping, before_activation."""
        told = (
            ("scan_order", self.q_order),
            ("before_shipping", self.q_unshipped),
            ("before_activation", self.q_inactive),
        )
        return [name for name, q in told if q <= THRESHOLD]

    @property
    def least_q(self) -> float:
        """The most telling of them."""
        return min(self.q_order, self.q_unshipped, self.q_inactive)


@dataclass(frozen=True, slots=True)
class LeakReport:
    """Files, the most suspect first; `tests`: how many p-values were adjusted together."""

    findings: list[FileFinding]
    tests: int
    threshold: float = THRESHOLD

    @property
    def suspects(self) -> list[str]:
        """Recipients with an alarm, each once, the most suspect first."""
        return list(dict.fromkeys(found.file.recipient for found in self.findings if found.alarms))


def leak_report(brand_id: int) -> LeakReport:
    """The brand's 100 files that were first taken away last. Four statements; at most 4,000 scans of each are read."""
    files = [TakenFile(*row) for row in rows_of(FILES, [brand_id, MOST_FILES])]
    found = tested(files) if files else []
    q_values = adjusted([p for one in found for p in (one.p_order, one.unshipped.p, one.inactive.p)])
    judged = [
        replace(one, q_order=q_values[3 * n], q_unshipped=q_values[3 * n + 1], q_inactive=q_values[3 * n + 2])
        for n, one in enumerate(found)
    ]
    judged.sort(key=lambda one: (one.least_q, -one.file.id))
    return LeakReport(judged, len(q_values))


def tested(files: Sequence[TakenFile]) -> list[FileFinding]:
    """The three tests of each file."""
    asked = {
        "ids": [file.id for file in files],
        "firsts": [file.first for file in files],
        "ends": [file.end for file in files],
        "slices": SLICES,
        "each": SCANS_A_SLICE,
    }
    scans: dict[int, list[tuple[int, float]]] = {file.id: [] for file in files}
    for number, serial, at in rows_of(FIRST_SCANS, asked):
        scans[number].append((serial, at.timestamp()))
    arrays = {number: as_arrays(found) for number, found in scans.items()}
    follows = {number: following(*found) for number, found in arrays.items()}
    unshipped, inactive = counted(BEFORE_SHIPPING, asked), counted(BEFORE_ACTIVATION, asked)
    return [
        FileFinding(
            file,
            order=scan_order(*arrays[file.id]),
            following=against_others(file.id, follows, FOLLOWING),
            unshipped=against_others(file.id, unshipped, EARLY),
            inactive=against_others(file.id, inactive, EARLY),
        )
        for file in files
    ]


def as_arrays(scans: list[tuple[int, float]]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Serials and moments."""
    found = np.array(scans, dtype=np.float64).reshape(-1, 2)
    return found[:, 0].astype(np.int64), found[:, 1]


def counted(statement: str, asked: dict[str, Any]) -> dict[int, tuple[int, int]]:
    """(scans, early ones) by file."""
    return {number: (scans, early) for number, scans, early in rows_of(statement, asked)}


def against_others(number: int, counts: dict[int, tuple[int, int]], honest: Honest) -> Comparison:
    """One file's counts against those of all the others."""
    scans, seen = counts.get(number, (0, 0))
    all_scans, all_seen = (sum(column) for column in zip((0, 0), *counts.values(), strict=True))
    return compared(scans, seen, all_scans - scans, all_seen - seen, honest=honest)


def rows_of(statement: str, asked: Any) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())
