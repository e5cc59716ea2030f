"""Where a batch is now: how many of its items each store and dealer has, and how many of these were opened.

The batch is never walked item by item. Nearly all items have the custody of their case; the cases' newest movements are
found all at once (`newest`). Items that were moved by themselves, were in another case before, or are in none are asked
about as pieces of their own, and so are cases that were taken out of a pallet.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from django.db import connection

from codes.formats.serial_ranges import Ranges, Serials, multirange
from codes.formats.serial_ranges import joined as joined_ranges
from codes.formats.serials import SerialRange
from codes.models import Batch
from codes.selectors.custody import Custody, custody_of_many
from codes.selectors.newest import KINDS, NONE, Moved, Packed, newest_of, packed_among
from codes.selectors.segments import segments
from core.columns import Numbers, columns_of

BLOCKS = """
    blocks AS MATERIALIZED (
        SELECT range_agg(serials) AS r FROM codes_codeorder
        WHERE batch_id = %(batch)s AND level = 'item' AND state NOT IN ('draft', 'cancelled')
    )
"""
ISSUED = f"WITH {BLOCKS} SELECT lower(x), upper(x) - 1 FROM blocks, unnest(r) AS x ORDER BY 1"  # noqa: S608 - constants
OPENED = """
    SELECT o.serial FROM unnest(%(asked)s::int8multirange) AS k(r)
    JOIN codes_opening o ON o.serial >= lower(k.r) AND o.serial < upper(k.r) ORDER BY 1
"""
APART = f"""
    WITH {BLOCKS},
    touched AS (
        SELECT coalesce(range_agg(t.r), '{{}}') AS r FROM (
            SELECT serials AS r FROM codes_movementline WHERE serials && (SELECT r FROM blocks)
            UNION ALL
            SELECT children FROM codes_packing
            WHERE unpacked_at IS NOT NULL AND children && (SELECT r FROM blocks)
        ) t
    )
    SELECT lower(x), upper(x) - 1
    FROM blocks, touched, unnest(blocks.r * (touched.r + (blocks.r - %(packed)s::int8multirange))) AS x ORDER BY 1
"""  # noqa: S608 - joined from constant texts


class Place(NamedTuple):
    """What was last said of some items: a kind of movement ("" for none) with a store or a dealer."""

    kind: str
    store_id: int | None
    dealer_id: int | None


@dataclass(slots=True)
class Held:
    """Items in one place, and how many of them were opened."""

    items: int = 0
    opened: int = 0

    def add(self, items: int, opened: int) -> None:
        """Count further items; both may be negative, to take back."""
        self.items += items
        self.opened += opened


class Cases:
    """The cases that have items of the batch: their serials in order, how many items and opened ones, their places."""

    def __init__(self, packed: Packed, openings: Serials) -> None:
        self.packed = packed
        items, opened = packed.ends - packed.firsts, counted(openings, packed.firsts, packed.ends)
        self.serials, case = np.unique(packed.parents, return_inverse=True)
        self.items, self.opened = summed(case, items, len(self.serials)), summed(case, opened, len(self.serials))
        self.newest = newest_of(self.serials)
        self.apart = custody_of_many(self.serials[self.newest.apart].tolist()) if self.newest.apart.any() else {}

    def place_of(self, item: int) -> Place | None:
        """Where the case of an item is; None for an item that was in none when the cases were read."""
        (serial,) = self.packed.parents_of(np.array([item])).tolist()
        if serial == NONE:
            return None
        if serial in self.apart:
            return place_of(self.apart[serial])
        row = int(self.newest.rows[np.searchsorted(self.serials, serial)])
        return NOWHERE if row == NONE else place_in(self.newest.moved, row)

    def add_to(self, places: Mapping[Place, Held]) -> None:
        """Count all their items."""
        told = ~self.newest.apart
        groups, examples = same_places(self.newest.moved)
        group = np.append(groups, len(examples))[self.newest.rows[told]]
        counts = [summed(group, column[told], len(examples) + 1) for column in (self.items, self.opened)]
        found = [*(place_in(self.newest.moved, row) for row in examples.tolist()), NOWHERE]
        for place, items, opened in zip(found, *(column.tolist() for column in counts), strict=True):
            places[place].add(items, opened)
        for number in np.flatnonzero(self.newest.apart).tolist():
            place = place_of(self.apart[int(self.serials[number])])
            places[place].add(int(self.items[number]), int(self.opened[number]))


NOWHERE = Place("", None, None)


def places_of_batch(batch: Batch) -> Mapping[Place, Held]:
    """Every issued item of the batch, by where it is. At most thirteen statements."""
    places: dict[Place, Held] = defaultdict(Held)
    issued = issued_ranges(batch)
    if issued.units:
        packed = packed_among(issued).within(issued)
        (openings,) = columns_of(OPENED, "serial", {"asked": multirange(issued)})
        cases = Cases(packed, openings)
        cases.add_to(places)
        covered = multirange(joined_ranges(packed.firsts, packed.ends - 1))
        add_those_apart({"batch": batch.pk, "packed": covered}, places, cases, openings)
    return {place: held for place, held in places.items() if held.items}


def add_those_apart(asked: Mapping[str, Any], places: Mapping[Place, Held], cases: Cases, openings: Serials) -> None:
    """Move items with a history of their own from the place of their case to where they are; add those in no case.

    Their case is the one that they were counted with, whatever was packed since: the sum is what was issued.
    """
    spans = [SerialRange(first, last) for first, last in rows_of(APART, asked)]
    pieces = list(chain.from_iterable(segments(spans))) if spans else []
    own = custody_of_many([piece.first for piece in pieces]) if pieces else {}
    for piece in pieces:
        counted_at = cases.place_of(piece.first)
        opened = int(np.searchsorted(openings, piece.last, side="right") - np.searchsorted(openings, piece.first))
        if counted_at is not None:
            places[counted_at].add(-piece.count, -opened)
        places[place_of(own[piece.first])].add(piece.count, opened)


def issued_items(batch: Batch) -> int:
    """How many items of the batch were issued."""
    return issued_ranges(batch).units


def issued_ranges(batch: Batch) -> Ranges:
    """The items that were issued."""
    rows = np.array(rows_of(ISSUED, {"batch": batch.pk}), np.int64).reshape(-1, 2)
    return Ranges(rows[:, 0], rows[:, 1])


def counted(serials: Serials, firsts: Serials, ends: Serials) -> Numbers:
    """How many of the (sorted) serials lie in each of the ranges `firsts` to before `ends`."""
    return np.searchsorted(serials, ends) - np.searchsorted(serials, firsts)


def summed(groups: Numbers, numbers: Numbers, length: int) -> Numbers:
    """The sum of the numbers of each group from 0 on; exact up to 2^53."""
    return np.bincount(groups, numbers, length).astype(np.int64)


def same_places(moved: Moved) -> tuple[Numbers, Numbers]:
    """For each movement the number of its place, and for each place one of its movements."""
    dealers, dealer = np.unique(moved.dealers, return_inverse=True)
    store = np.unique(moved.stores, return_inverse=True)[1]
    key = (store * max(1, len(dealers)) + dealer) * len(KINDS) + moved.kinds
    _, examples, groups = np.unique(key, return_index=True, return_inverse=True)
    return groups, examples


def place_in(moved: Moved, row: int) -> Place:
    """Where a movement says that its units are."""
    return Place(KINDS[moved.kinds[row]], int(moved.stores[row]) or None, int(moved.dealers[row]) or None)


def place_of(custody: Custody) -> Place:
    """Where the newest movement says that the units are."""
    last = custody.movement
    return Place(last.kind, last.store_id, last.dealer_id) if last else NOWHERE


def rows_of(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
