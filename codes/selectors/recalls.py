"""Where a batch is now: how many of its items each store and dealer has, and how many of these were opened.

The batch is never walked item by item. Nearly all items have the custody of their case, and cases that were moved and
packed together speak through one of them; so the cost grows with the ranges that movements named, not with items.
Items that were moved by themselves, were in another case before, or are in none are asked about as pieces of their own.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from django.db import connection

from codes.formats.serials import SerialRange
from codes.models import Batch
from codes.selectors.custody import Custody, custody_of_many
from codes.selectors.segments import segments

BLOCKS = """
    blocks AS MATERIALIZED (
        SELECT range_agg(serials) AS r FROM codes_codeorder
        WHERE batch_id = %(batch)s AND level = 'item' AND state NOT IN ('draft', 'cancelled')
    )
"""
ISSUED = f"WITH {BLOCKS} SELECT coalesce(sum(upper(x) - lower(x)), 0)::bigint FROM blocks, unnest(r) AS x"  # noqa: S608 - constants
APART = f"""
    WITH {BLOCKS},
    present AS (
        SELECT coalesce(range_agg(children), '{{}}') AS r FROM codes_packing
        WHERE unpacked_at IS NULL AND children && (SELECT r FROM blocks)
    ),
    touched AS (
        SELECT coalesce(range_agg(t.r), '{{}}') AS r FROM (
            SELECT serials AS r FROM codes_movementline WHERE serials && (SELECT r FROM blocks)
            UNION ALL
            SELECT children FROM codes_packing
            WHERE unpacked_at IS NOT NULL AND children && (SELECT r FROM blocks)
        ) t
    )
    SELECT lower(x), upper(x) - 1
    FROM blocks, present, touched, unnest(blocks.r * (touched.r + (blocks.r - present.r))) AS x ORDER BY 1
"""  # noqa: S608 - joined from constant texts
HOLDERS = f"""
    WITH {BLOCKS}
    SELECT lower(x), upper(x) - 1 FROM unnest((
        SELECT range_agg(int8range(parent_serial, parent_serial, '[]')) FROM codes_packing
        WHERE unpacked_at IS NULL AND children && (SELECT r FROM blocks)
    )) AS x ORDER BY 1
"""  # noqa: S608 - joined from constant texts
INSIDE = f"""
    WITH {BLOCKS}
    SELECT k.n, sum(upper(i.r) - lower(i.r))::bigint,
           sum((SELECT count(*) FROM codes_opening o WHERE o.serial >= lower(i.r) AND o.serial < upper(i.r)))::bigint
    FROM unnest(%(numbers)s::int[], %(firsts)s::bigint[], %(lasts)s::bigint[]) AS k(n, f, l)
    CROSS JOIN LATERAL (
        SELECT children FROM codes_packing WHERE parent_serial BETWEEN k.f AND k.l AND unpacked_at IS NULL
        OFFSET 0 -- asked once a range, by the index: as a join it is planned the other way round
    ) p
    JOIN (SELECT unnest(r) AS r FROM blocks) b ON b.r && p.children
    CROSS JOIN LATERAL (SELECT b.r * p.children AS r) i
    GROUP BY k.n
"""  # noqa: S608 - joined from constant texts
OPENED = """
    SELECT k.n, (SELECT count(*) FROM codes_opening o WHERE o.serial BETWEEN k.f AND k.l)
    FROM unnest(%(numbers)s::int[], %(firsts)s::bigint[], %(lasts)s::bigint[]) AS k(n, f, l)
"""


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


def places_of_batch(batch: Batch) -> Mapping[Place, Held]:
    """Every issued item of the batch, by where it is. At most nine statements."""
    places: dict[Place, Held] = defaultdict(Held)
    cases = pieces_of(HOLDERS, batch)
    whereabouts = custody_of_many([case.first for case in cases])
    counts = counted(INSIDE, batch, cases)
    for number, case in enumerate(cases):
        places[place_of(whereabouts[case.first])].add(*counts.get(number, (0, 0)))
    add_those_apart(batch, places, cases, whereabouts)
    return {place: held for place, held in places.items() if held.items}


def add_those_apart(
    batch: Batch, places: dict[Place, Held], cases: Sequence[SerialRange], whereabouts: Mapping[int, Custody]
) -> None:
    """Move items with a history of their own from the place of their case to where they are; add those in no case."""
    pieces = pieces_of(APART, batch)
    own = custody_of_many([piece.first for piece in pieces])
    opened = dict(rows_of(OPENED, columns(pieces)))
    starts = [case.first for case in cases]
    for number, piece in enumerate(pieces):
        custody = own[piece.first]
        if custody.case_serial is not None:
            case = cases[bisect_right(starts, custody.case_serial) - 1]
            places[place_of(whereabouts[case.first])].add(-piece.count, -opened[number])
        places[place_of(custody)].add(piece.count, opened[number])


def issued_items(batch: Batch) -> int:
    """How many items of the batch were issued."""
    return int(rows_of(ISSUED, {"batch": batch.pk})[0][0])


def pieces_of(statement: str, batch: Batch) -> list[SerialRange]:
    """The statement's ranges, cut so that the units of each piece were all moved and packed together; in order."""
    spans = [SerialRange(first, last) for first, last in rows_of(statement, {"batch": batch.pk})]
    return list(chain.from_iterable(segments(spans))) if spans else []


def counted(statement: str, batch: Batch, pieces: Sequence[SerialRange]) -> dict[int, tuple[int, int]]:
    """For each piece that has any: items, and opened ones."""
    found = rows_of(statement, columns(pieces) | {"batch": batch.pk})
    return {number: (items, opened) for number, items, opened in found}


def columns(pieces: Sequence[SerialRange]) -> dict[str, Any]:
    """Ranges as parameters, numbered."""
    return {
        "numbers": list(range(len(pieces))),
        "firsts": [piece.first for piece in pieces],
        "lasts": [piece.last for piece in pieces],
    }


def place_of(custody: Custody) -> Place:
    """Where the newest movement says that the units are."""
    last = custody.movement
    return Place(last.kind, last.store_id, last.dealer_id) if last else Place("", None, None)


def rows_of(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
