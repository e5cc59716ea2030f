"""Short and surplus receipts: what was found against what was said to be there.

A case or pallet may be counted, or its content named; a delivery may be said to be all of what its note promised.
Nothing is refused for being short: the difference is written beside the receipt, for a person to solve.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codes.formats.serials import SerialRange
from codes.models import Contradiction, Movement
from codes.selectors.contents import children_of_many
from codes.selectors.differences import Gap, gap_between, items_of, moved_under
from codes.services.movement_lines import Count, Line, NewMovement
from stores.models import Brand


@dataclass(frozen=True, slots=True)
class Difference:
    """`units` are missing (short) or too many (surplus); empty where they were only counted.

    `expected` and `counted` are numbers of units directly inside of `holder`; of items, where that is None and it is
    the whole delivery that differs.
    """

    kind: str
    holder: int | None
    expected: int
    counted: int
    units: tuple[SerialRange, ...] = ()


def differences_of(brand: Brand, movement: NewMovement, lines: Sequence[Line]) -> list[Difference]:
    """All differences of a receipt, those of its counted units first. To be asked before the receipt is written."""
    found = [*of_counts(movement.counts)]
    if movement.is_whole:
        found += of_delivery(brand, movement, lines)
    return found


def of_counts(counts: Sequence[Count]) -> Iterator[Difference]:
    """Each counted holder against what is packed into it."""
    inside = children_of_many([count.holder for count in counts])
    for count in counts:
        children = inside[count.holder]
        expected = total(children)
        if count.found is not None:
            yield from told(count.holder, expected, total(count.found), gap_between(children, count.found))
        elif count.number is not None and count.number != expected:
            kind = Contradiction.SHORT if count.number < expected else Contradiction.SURPLUS
            yield Difference(kind, count.holder, expected, count.number)


def of_delivery(brand: Brand, movement: NewMovement, lines: Sequence[Line]) -> Iterator[Difference]:
    """What came under a delivery note, in this receipt and those before it, against what was sent under it."""
    partner = movement.partner
    assert partner is not None
    sent = items_of(moved_under(brand.pk, movement.reference, Movement.Kind.SHIP, partner))
    before = items_of(moved_under(brand.pk, movement.reference, Movement.Kind.RECEIVE, partner))
    found = [*before, *items_of([line.span for line in lines])]
    yield from told(None, total(sent), total(found), gap_between(sent, found))


def told(holder: int | None, expected: int, counted: int, gap: Gap) -> Iterator[Difference]:
    """What is missing, and what is too many: it may be both at once."""
    if gap.missing:
        yield Difference(Contradiction.SHORT, holder, expected, counted, tuple(gap.missing))
    if gap.extra:
        yield Difference(Contradiction.SURPLUS, holder, expected, counted, tuple(gap.extra))


def total(ranges: Sequence[SerialRange]) -> int:
    """How many units these are."""
    return sum(each.count for each in ranges)
