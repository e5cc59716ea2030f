"""Judging a line camera's packing list: the whole of it, before any of it is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import numpy as np
from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from codes.ciphers import code_cipher
from codes.formats.code_text import CODE_LENGTH, MalformedCode, extract_code, mask
from codes.selectors.blocks import NO_RANK, Serials, issued_blocks
from codes.selectors.contents import ITEM

PRESENT_PARENTS = """
    SELECT k.serial, p.parent_serial FROM unnest(%s::bigint[]) AS k(serial)
    JOIN codes_packing p ON p.unpacked_at IS NULL AND p.children @> k.serial
"""


class Fault(TextChoices):
    """What can be wrong with a row. A code of another brand is told as one that was never issued."""

    TRUNCATED = "truncated", _("The code is cut short.")
    MALFORMED = "malformed", _("This is no code.")
    FORGED = "forged", _("No key of ours made this code.")
    UNKNOWN = "unknown", _("The code is of no unit of the brand.")
    WRONG_LEVEL = "wrong_level", _("Items go into cases and cases onto pallets.")
    DUPLICATE = "duplicate", _("The list names this unit before.")
    TWO_PARENTS = "two_parents", _("The list puts this unit into two parents.")
    PACKED_ALREADY = "packed_already", _("The unit is in another parent already.")


class ListRow(NamedTuple):
    """What the camera read, as codes or links; `line` is where it stands in the file, for people."""

    line: int
    parent: str
    child: str


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


class Read(NamedTuple):
    """A column of codes: what is wrong with each ("" for nothing), its serial (0 where wrong), and its level's rank."""

    faults: list[str]
    serials: Serials
    ranks: Serials


def judge(*, brand_id: int, rows: Sequence[ListRow]) -> Judgement:
    """What would become of each row of the list. Two statements, however long it is."""
    parents = read(brand_id, [row.parent for row in rows])
    children = read(brand_id, [row.child for row in rows])
    found: list[tuple[str, str]] = [
        first_fault(parents, children, number, parents.ranks[number] == children.ranks[number] + ITEM)
        for number in range(len(rows))
    ]
    pairs = {
        n: (int(parents.serials[n]), int(children.serials[n])) for n, (fault, _part) in enumerate(found) if not fault
    }
    found_later = dict(contradictions(pairs))
    repeated = {n for n, fault in found_later.items() if fault == ""}
    found = [(found_later[n], "child") if n in found_later else told for n, told in enumerate(found)]
    bad = [bad_row(rows[n], fault, part, parents, children, n) for n, (fault, part) in enumerate(found) if fault]
    sound = sorted(pair for n, pair in pairs.items() if n not in found_later)
    return Judgement(len(rows), list(as_ranges(sound)), len(repeated), bad)


def read(brand_id: int, texts: Sequence[str]) -> Read:
    """A column of codes deciphered together, and placed among the brand's orders."""
    canonical = [canonical_or_fault(text) for text in texts]
    faults = ["" if len(text) == CODE_LENGTH else text for text in canonical]
    sound = [n for n, fault in enumerate(faults) if not fault]
    serials, ranks = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=np.int64)
    if sound:
        roles, opened = code_cipher().decode_block(np.array([canonical[n] for n in sound], dtype=f"S{CODE_LENGTH}"))
        serials[sound] = np.where(roles > 0, opened, 0).astype(np.int64)
        asked = serials[sound]
        ranks[sound] = issued_blocks(brand_id, asked.tolist(), asked.tolist()).place(asked, asked).ranks
        for n, role in zip(sound, roles.tolist(), strict=True):
            faults[n] = Fault.FORGED if role == 0 else Fault.UNKNOWN if ranks[n] == NO_RANK else ""
    return Read(faults, serials, ranks)


def canonical_or_fault(text: str) -> str:
    """The 17 symbols of a code, or the fault of what is none."""
    try:
        return extract_code(text)
    except MalformedCode:
        bare = text.strip().rpartition("/")[2]
        return Fault.TRUNCATED if bare.isalnum() and len(bare) < CODE_LENGTH else Fault.MALFORMED


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


def as_ranges(pairs: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Sorted (parent, child) pairs as ranges of consecutive children."""
    for (parent, _start), run in groupby(enumerate(pairs), lambda found: (found[1][0], found[1][1] - found[0])):
        children = [child for _n, (_parent, child) in run]
        yield parent, children[0], children[-1]
