"""The newest movement of very many units at once: the rule of `custody`, for a batch of millions.

`custody` asks for each unit; here the packings above the units and all their movements are read as columns, and the
movements are laid over the serials in the order in which they happened: the last that covers a serial is its newest.
"""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from codes.formats.serial_ranges import Ranges, Serials, distinct, fewest_ranges, multirange
from codes.models import Movement
from core.columns import Numbers, columns_of

DEPTH = 2
"""How far the way up goes, as in `way`."""
NONE = -1
PRESENT = """
    SELECT parent_serial, lower(children), upper(children) FROM codes_packing
    WHERE unpacked_at IS NULL AND children && %(asked)s::int8multirange"""
FORMER = """
    SELECT lower(children), upper(children) FROM codes_packing
    WHERE unpacked_at IS NOT NULL AND children && %(asked)s::int8multirange"""
LINES = """
    SELECT lower(serials), upper(serials), movement_id FROM codes_movementline
    WHERE serials && %(asked)s::int8multirange
"""
MOVEMENTS = """
    SELECT id, happened_at, array_position(%(kinds)s::text[], kind::text)::bigint - 1,
      coalesce(store_id, 0), coalesce(dealer_id, 0)
    FROM codes_movement WHERE """
BETWEEN, AMONG = "id BETWEEN %(first)s::bigint AND %(last)s::bigint", "id = ANY(%(ids)s::bigint[])"
DENSE = 4
"""Movements are read from the first to the last where at most so many times those asked for lie between."""
COVERED_AT_ONCE = 4_000_000
KINDS = Movement.Kind.values


class Level(NamedTuple):
    """Distinct units in order; where in the next level each one's parent stands, or NONE; which were ever taken out."""

    units: Serials
    above: Serials
    taken_out: NDArray[np.bool_]


class Packed(NamedTuple):
    """Present packings in the order of their children, `firsts` to before `ends`, which no two of them share."""

    parents: Serials
    firsts: Serials
    ends: Serials

    def parents_of(self, units: Serials) -> Serials:
        """The parent of each unit, NONE where it is in none."""
        if not len(self.firsts):
            return np.full(len(units), NONE)
        row = np.searchsorted(self.firsts, units, side="right") - 1
        return np.where((row >= 0) & (units < self.ends[row]), self.parents[row], NONE)

    def within(self, ranges: Ranges) -> "Packed":
        """What of them lies in the ranges."""
        begins = np.searchsorted(self.ends, ranges.firsts, side="right")
        stops = np.searchsorted(self.firsts, ranges.lasts, side="right")
        parts = [
            Packed(self.parents[i:j], self.firsts[i:j].clip(first), self.ends[i:j].clip(max=last + 1))
            for i, j, first, last in zip(begins, stops, *ranges, strict=True)
        ]
        return Packed(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


class Moved(NamedTuple):
    """Movements in the order in which they happened, a row for each of their ranges `firsts` to before `ends`.

    `kinds` are positions in KINDS; `stores` and `dealers` are keys, 0 for none.
    """

    firsts: Serials
    ends: Serials
    kinds: Numbers
    stores: Numbers
    dealers: Numbers


class Newest(NamedTuple):
    """Of each unit asked about: the row of its newest movement in `moved`, or NONE.

    Nothing is said of those that are `apart`: they, or what they are in, were taken out of something, after which the
    movements of what they were in count no more. `custody` must be asked for them.
    """

    rows: Numbers
    apart: NDArray[np.bool_]
    moved: Moved


def newest_of(units: Serials) -> Newest:
    """Of distinct serials in order. At most five statements."""
    levels = climbed(units)
    moved = moved_among(np.concatenate([level.units for level in levels]))
    rows = np.zeros(0, np.int64)
    apart = np.zeros(0, np.bool_)
    for level in reversed(levels):
        rows = np.maximum(laid(moved, level.units), lifted(rows, level.above, NONE))
        apart = level.taken_out | lifted(apart, level.above, False)
    return Newest(rows, apart, moved)


def climbed(units: Serials) -> list[Level]:
    """The units, then what they are in, then what that is in."""
    levels = []
    for _ in range(DEPTH):
        if not len(units):
            break
        ranges = fewest_ranges(units)
        parents = packed_among(ranges).parents_of(units)
        taken_out = within(units, *columns_of(FORMER, "first, ending", {"asked": multirange(ranges)}))
        upper = distinct(parents[parents != NONE])
        above = np.where(parents == NONE, NONE, np.searchsorted(upper, parents))
        levels.append(Level(units, above, taken_out))
        units = upper
    return [*levels, Level(units, np.full(len(units), NONE), np.zeros(len(units), np.bool_))]


def packed_among(ranges: Ranges) -> Packed:
    """The present packings that have one of the units."""
    parents, firsts, ends = columns_of(PRESENT, "parent, first, ending", {"asked": multirange(ranges)})
    order = np.argsort(firsts)
    return Packed(parents[order], firsts[order], ends[order])


def within(units: Serials, firsts: Serials, ends: Serials) -> NDArray[np.bool_]:
    """Which of the units lie in one of the ranges."""
    steps = np.zeros(len(units) + 1, np.int64)
    np.add.at(steps, np.searchsorted(units, firsts), 1)
    np.add.at(steps, np.searchsorted(units, ends), -1)
    return np.cumsum(steps[:-1]) > 0


def moved_among(units: Serials) -> Moved:
    """All movements that name one of the units."""
    asked = multirange(fewest_ranges(units))
    firsts, ends, movements = columns_of(LINES, "first, ending, movement", {"asked": asked})
    ids, moments, *told = movements_of(distinct(movements))
    row = np.searchsorted(ids, movements)
    order = np.lexsort((movements, moments[row]))
    return Moved(firsts[order], ends[order], *(column[row[order]] for column in told))


def movements_of(ids: Numbers) -> list[Numbers]:
    """At least these movements, by key: key, moment, kind, store and dealer."""
    asked: dict[str, Any] = {"kinds": KINDS}
    if len(ids) and ids[-1] - ids[0] < DENSE * len(ids):
        which, asked = BETWEEN, asked | {"first": int(ids[0]), "last": int(ids[-1])}
    else:
        which, asked = AMONG, asked | {"ids": ids.tolist()}
    columns = columns_of(MOVEMENTS + which, "id, moment, kind, store, dealer", asked, moments=["moment"])
    order = np.argsort(columns[0])
    return [column[order] for column in columns]


def laid(moved: Moved, units: Serials) -> Numbers:
    """The last row that covers each unit, or NONE."""
    rows = np.full(len(units), NONE)
    begins = np.searchsorted(units, moved.firsts)
    counts = np.searchsorted(units, moved.ends) - begins
    before = np.cumsum(counts) - counts
    portions = np.flatnonzero(np.diff(before // COVERED_AT_ONCE, prepend=-1))
    for first, end in pairwise([*portions.tolist(), len(counts)]):
        count = counts[first:end]
        covered = np.repeat(begins[first:end] - before[first:end], count)
        covered += np.arange(before[first], before[first] + len(covered))
        np.maximum.at(rows, covered, np.repeat(np.arange(first, end), count))
    return rows


def lifted(values: NDArray[Any], above: Serials, missing: int) -> NDArray[Any]:
    """What the next level says, for each unit below it; `missing` where there is nothing above."""
    return np.append(values, np.array([missing], values.dtype))[above]
