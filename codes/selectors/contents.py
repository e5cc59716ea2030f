"""What is inside of cases and pallets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from codes.formats.serials import SerialRange
from codes.models import CodeOrder, Packing
from codes.selectors.blocks import RANK

ITEM, CASE, PALLET = (RANK[level.value] for level in CodeOrder.Level)

INSIDE = """
    SELECT k.n, p.children
    FROM unnest(%(numbers)s::int[], %(ranks)s::int[], %(firsts)s::bigint[], %(lasts)s::bigint[]) AS k(n, rank, f, l)
    JOIN codes_packing p ON p.parent_serial BETWEEN k.f AND k.l AND p.unpacked_at IS NULL
    WHERE k.rank = %(case)s
    UNION ALL
    SELECT k.n, p.children
    FROM unnest(%(numbers)s::int[], %(ranks)s::int[], %(firsts)s::bigint[], %(lasts)s::bigint[]) AS k(n, rank, f, l)
    JOIN codes_packing outer_one ON outer_one.parent_serial BETWEEN k.f AND k.l AND outer_one.unpacked_at IS NULL
    JOIN codes_packing p ON p.parent_serial >= lower(outer_one.children)
        AND p.parent_serial < upper(outer_one.children) AND p.unpacked_at IS NULL
    WHERE k.rank = %(pallet)s
"""
COUNTS = f"SELECT n, sum(upper(children) - lower(children)) FROM ({INSIDE}) inside GROUP BY n"  # noqa: S608 - constants
RANGES = f"SELECT n, lower(children), upper(children) FROM ({INSIDE}) inside ORDER BY 1, 2"  # noqa: S608 - constants

EVERYTHING = """
    WITH RECURSIVE inside AS (
        SELECT children FROM codes_packing WHERE parent_serial = %s AND unpacked_at IS NULL
        UNION ALL
        SELECT p.children FROM inside JOIN codes_packing p
          ON p.parent_serial >= lower(inside.children) AND p.parent_serial < upper(inside.children)
        WHERE p.unpacked_at IS NULL
    )
    SELECT lower(children), upper(children) FROM inside ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class RankedSpan:
    """A range of units of one level; `rank` as in codes.selectors.blocks."""

    serials: SerialRange
    rank: int


def items_inside(spans: Sequence[RankedSpan]) -> list[int]:
    """For each span the number of items that its units are or hold at present, at any depth. One statement at most."""
    counts = [span.serials.count if span.rank == ITEM else 0 for span in spans]
    for number, items in of_holders(COUNTS, spans):
        counts[number] = int(items)
    return counts


def item_ranges_inside(spans: Sequence[RankedSpan]) -> list[list[SerialRange]]:
    """For each span the serials of the items that its units are or hold at present. One statement at most."""
    ranges = [[span.serials] if span.rank == ITEM else [] for span in spans]
    for number, first, end in of_holders(RANGES, spans):
        ranges[number].append(SerialRange(first, end - 1))
    return ranges


def everything_inside(serial: int) -> list[SerialRange]:
    """Units of any level that are in a case or on a pallet at present. One statement; its steps are the depth."""
    with connection.cursor() as cursor:
        cursor.execute(EVERYTHING, [serial])
        return [SerialRange(first, end - 1) for first, end in cursor.fetchall()]


def of_holders(statement: str, spans: Sequence[RankedSpan]) -> list[tuple[int, ...]]:
    """Rows of COUNTS or RANGES for those of the spans that are cases or pallets."""
    holders = [(n, s.rank, s.serials.first, s.serials.last) for n, s in enumerate(spans) if s.rank > ITEM]
    if not holders:
        return []
    columns = dict(zip(("numbers", "ranks", "firsts", "lasts"), map(list, zip(*holders, strict=True)), strict=True))
    asked: dict[str, Any] = {**columns, "case": CASE, "pallet": PALLET}
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())


def children_of(serial: int) -> list[SerialRange]:
    """The units directly inside of a case or pallet at present, in order."""
    return children_of_many([serial])[serial]


def children_of_many(serials: Sequence[int]) -> dict[int, list[SerialRange]]:
    """The same of many units, by their serials; nothing is inside of an item. One statement at most."""
    inside: dict[int, list[SerialRange]] = {serial: [] for serial in serials}
    rows = Packing.objects.filter(parent_serial__in=list(inside), unpacked_at__isnull=True).order_by("children")
    for row in rows:
        inside[row.parent_serial].append(SerialRange(row.children.lower, row.children.upper - 1))
    return inside
