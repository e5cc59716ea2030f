"""What travelled together with a unit: in the same case, on the same pallet, under the same movement."""

from collections.abc import Sequence
from dataclasses import dataclass

from codes.formats.serials import SerialRange, joined, without
from codes.models import MovementLine
from codes.selectors.custody import Custody, custody_of_many
from codes.selectors.journey import Step, rows
from codes.selectors.segments import segments

TOGETHER = """
    SELECT lower(p.children), upper(p.children) - 1
    FROM codes_packing p
    WHERE p.parent_serial = %(holder)s AND EXISTS (
        SELECT FROM codes_packing own
        WHERE own.parent_serial = p.parent_serial AND own.children @> %(child)s::bigint
          AND own.packed_at < coalesce(p.unpacked_at, 'infinity')
          AND p.packed_at < coalesce(own.unpacked_at, 'infinity'))
    ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """Units that were all moved and packed together, and so are in one place."""

    serials: SerialRange
    custody: Custody


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the pieces, in order. `next_serial`: where the next page begins; None on the last one."""

    pieces: list[Piece]
    next_serial: int | None


def in_holder(steps: Sequence[Step], holder: int) -> list[SerialRange] | None:
    """The others that were in a case or on a pallet while the unit, or what it was in, was there too.

    `steps` is the unit's journey. They are of the level just below the holder's: bottles of a case, cases of a
    pallet. None: the unit was never in this one.
    """
    child = next((step.serial for step in steps if step.parent_serial == holder), None)
    if child is None:
        return None
    found = [SerialRange(first, last) for first, last in rows(TOGETHER, {"holder": holder, "child": child})]
    return without(joined(found), child)


def in_movement(steps: Sequence[Step], movement_id: int) -> list[SerialRange] | None:
    """The others that a movement named, as it named them; None: it did not move the unit."""
    own = next((step.serial for step in steps if step.movement and step.movement.pk == movement_id), None)
    if own is None:
        return None
    lines = MovementLine.objects.filter(movement=movement_id).values_list("serials", flat=True)
    return without(joined(SerialRange(span.lower, span.upper - 1) for span in lines), own)


def nearest_holder(steps: Sequence[Step], serial: int) -> int | None:
    """The case or pallet that the unit itself was put into last; None where it never was."""
    packed = [step.parent_serial for step in steps if step.what == "packed" and step.serial == serial]
    return packed[-1] if packed else None


def page_of(ranges: Sequence[SerialRange], *, first: int, most: int) -> Page:
    """At most `most` pieces of the ranges from the serial `first` on, with where they are now. Two statements.

    Every serial from `first` to the next page's is on the page, though many share a piece.
    """
    wanted = [SerialRange(max(each.first, first), each.last) for each in ranges if each.last >= first]
    pieces = [piece for inside in segments(wanted[: most + 1]) for piece in inside] if wanted else []
    shown = pieces[:most]
    custody = custody_of_many([piece.first for piece in shown])
    beyond = pieces[most].first if len(pieces) > most else None
    return Page([Piece(piece, custody[piece.first]) for piece in shown], beyond)
