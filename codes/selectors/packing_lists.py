"""Judging a line camera's packing list: the whole of it, before any of it is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from django.db import connection

from codes.formats.code_text import mask
from codes.formats.serial_ranges import grouped_ranges
from codes.selectors.contents import ITEM
from codes.selectors.read_codes import Fault, Read, read

PRESENT_PARENTS = """
    SELECT k.serial, p.parent_serial FROM unnest(%s::bigint[]) AS k(serial)
    JOIN codes_packing p ON p.unpacked_at IS NULL AND p.children @> k.serial
"""


class ListRow(NamedTuple):
    """What the camera read, as codes or links; `line` is where it stands in the file, for people.

    `is_cut`: the line ends before the child.
    """

    line: int
    parent: str
    child: str
    is_cut: bool = False


class BadRow(NamedTuple):
    """A row that cannot be taken: at which of the two codes (`part`), shown masked, and its serial where it has one."""

    line: int
    fault: Fault
    part: str
    masked: str
    serial: int | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """`packings` (parent, first child, last child) holds the sound rows as the fewest ranges that serials allow.

    `repeated` counts rows that say what is so already; every row is in exactly one of sound, repeated and bad.
    """

    rows: int
    packings: list[tuple[int, int, int]]
    repeated: int
    bad: list[BadRow]

    @property
    def sound(self) -> int:
        """Rows that would be written."""
        return self.rows - self.repeated - len(self.bad)


def judge(*, brand_id: int, rows: Sequence[ListRow]) -> Judgement:
    """What would become of each row of the list. Two statements, however long it is."""
    parents = read(brand_id, [row.parent for row in rows])
    children = read(brand_id, [row.child for row in rows])
    found: list[tuple[str, str]] = [
        (Fault.TRUNCATED, "child")
        if row.is_cut
        else first_fault(parents, children, number, parents.ranks[number] == children.ranks[number] + ITEM)
        for number, row in enumerate(rows)
    ]
    pairs = {
        n: (int(parents.serials[n]), int(children.serials[n])) for n, (fault, _part) in enumerate(found) if not fault
    }
    found_later = dict(contradictions(pairs))
    repeated = {n for n, fault in found_later.items() if fault == ""}
    found = [(found_later[n], "child") if n in found_later else told for n, told in enumerate(found)]
    bad = [bad_row(rows[n], fault, part, parents, children, n) for n, (fault, part) in enumerate(found) if fault]
    sound = sorted(pair for n, pair in pairs.items() if n not in found_later)
    return Judgement(len(rows), as_packings(sound), len(repeated), bad)


def first_fault(parents: Read, children: Read, number: int, fits: bool) -> tuple[str, str]:
    """What is wrong with the two codes of a row by themselves, and at which of them; ("", "") for nothing."""
    if parents.faults[number]:
        return parents.faults[number], "parent"
    if children.faults[number]:
        return children.faults[number], "child"
    return ("", "") if fits else (Fault.WRONG_LEVEL, "parent")


def contradictions(pairs: dict[int, tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """Rows (by number) that contradict each other or what is packed, each with its fault; "" where it is so already.

    Of a unit that is named twice for one parent the first row stands; of one put into two parents none does.
    """
    wanted: dict[int, set[int]] = {}
    for parent, child in pairs.values():
        wanted.setdefault(child, set()).add(parent)
    present = present_parents(list(wanted))
    seen: set[int] = set()
    for number, (parent, child) in pairs.items():
        if len(wanted[child]) > 1:
            yield number, Fault.TWO_PARENTS
        elif child in seen:
            yield number, Fault.DUPLICATE
        elif child in present:
            yield number, "" if present[child] == parent else Fault.PACKED_ALREADY
        seen.add(child)


def present_parents(children: list[int]) -> dict[int, int]:
    """For each of the units that is in something now, its parent."""
    with connection.cursor() as cursor:
        cursor.execute(PRESENT_PARENTS, [children])
        return dict(cursor.fetchall())


def bad_row(row: ListRow, fault: str, part: str, parents: Read, children: Read, number: int) -> BadRow:
    """A bad row as it is told."""
    text, column = (row.parent, parents) if part == "parent" else (row.child, children)
    known = fault not in {Fault.TRUNCATED, Fault.MALFORMED, Fault.FORGED, Fault.UNKNOWN}
    return BadRow(row.line, Fault(fault), part, mask(text.strip()), int(column.serials[number]) if known else None)


def as_packings(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Sorted (parent, child) pairs as (parent, first child, last child)."""
    parents, children = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    holders, ranges = grouped_ranges(parents, children)
    return list(zip(holders.tolist(), ranges.firsts.tolist(), ranges.lasts.tolist(), strict=True))
