"""What a reported movement brings, span by span, and where it contradicts what was known."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from codes.formats.serials import SerialRange
from codes.models import Contradiction, Movement
from codes.selectors.contents import RankedSpan, children_of_many, item_ranges_inside, items_inside
from codes.selectors.custody import Custody, custody_of_many
from codes.selectors.segments import segments
from codes.services.contradictions import Partner, contradiction


@dataclass(frozen=True, slots=True)
class Count:
    """What was found directly inside of one received case or pallet: a number, or the very units where they are known.

    With `found`, these are what was received: what is missing stays where it was, what is too many is received too.
    """

    holder: int
    number: int | None = None
    found: Sequence[SerialRange] | None = None


@dataclass(frozen=True, slots=True)
class NewMovement:
    """What is reported: units were shipped to, received by or returned from a partner, destroyed or sampled there.

    Attributes:
        kind: a value of Movement.Kind.
        partner: a store or dealer; None, for destroyed and sampled units alone: at the brand itself.
        spans: ranges of cases, pallets or loose items.
        happened_at: aware.
        counts: of a receipt, what was counted in some of the spans, each a single case or pallet.
        is_whole: of a receipt, that this is all that came of the delivery `reference`.
    """

    kind: str
    partner: Partner
    spans: Sequence[SerialRange]
    happened_at: dt.datetime
    reference: str = ""
    counts: Sequence[Count] = ()
    is_whole: bool = False

    @property
    def moved(self) -> list[SerialRange]:
        """The spans that move: of a holder whose content was named, that content in its place."""
        found = {count.holder: count.found for count in self.counts if count.found is not None}
        return [span for each in self.spans for span in found.get(each.first, [each])]

    @property
    def numbers(self) -> Mapping[int, int]:
        """Holder -> units counted inside, where no more than their number is known."""
        return {count.holder: count.number for count in self.counts if count.number is not None}


class Fault(NamedTuple):
    """Units that all contradict in the same way."""

    kind: str
    serials: SerialRange


@dataclass(frozen=True, slots=True)
class Line:
    """A span of a movement: how many items it brings, the contradictions found in it, and the units counted inside."""

    span: RankedSpan
    items: int
    faults: tuple[Fault, ...]
    counted: int | None = None


def lines_of(movement: NewMovement, ranks: Sequence[int]) -> list[Line]:
    """The moved spans with what they bring and how that contradicts; a constant number of statements."""
    spans = [RankedSpan(span, rank) for span, rank in zip(movement.moved, ranks, strict=True)]
    faults = faults_of(movement)
    if movement.kind != Movement.Kind.RECEIVE:
        return [Line(span, items, told) for span, items, told in zip(spans, items_inside(spans), faults, strict=True)]
    numbers, inside = movement.numbers, children_of_many(list(movement.numbers))
    lines = []
    for span, told, (fresh, known) in zip(spans, faults, fresh_and_known(movement.partner, spans), strict=True):
        again = () if Contradiction.RECEIVED_TWICE in {fault.kind for fault in told} else known
        repeated = tuple(Fault(Contradiction.RECEIVED_TWICE, piece) for piece in again)
        number = numbers.get(span.serials.first)
        expected = sum(child.count for child in inside.get(span.serials.first, ()))
        lines.append(Line(span, share(fresh, number, expected), told + repeated, number))
    return lines


def share(items: int, found: int | None, expected: int) -> int:
    """The items of a holder in which `found` of `expected` units were counted; its units hold alike, as a rule."""
    return items if found is None or found >= expected else items * found // expected


def faults_of(movement: NewMovement) -> list[tuple[Fault, ...]]:
    """For each span its pieces that contradict custody as it was when the movement happened."""
    pieces = segments(movement.moved)
    custody = custody_of_many([piece.first for inside in pieces for piece in inside], at=movement.happened_at)

    def told(inside: Sequence[SerialRange]) -> Iterator[Fault]:
        for piece in inside:
            kind = contradiction(movement.kind, movement.partner, custody[piece.first].movement)
            if kind:
                yield Fault(kind, piece)

    return [tuple(told(inside)) for inside in pieces]


def fresh_and_known(partner: Partner, spans: Sequence[RankedSpan]) -> list[tuple[int, list[SerialRange]]]:
    """For each span how many items inside are new to the partner, and which it is known to have received already.

    Asked item by item (piece by piece), since a case may have been received before the pallet that it is on.
    """
    ranges = item_ranges_inside(spans)
    pieces = iter(segments([inside for span in ranges for inside in span]))
    of_spans = [[piece for _inside in span for piece in next(pieces)] for span in ranges]
    custody = custody_of_many([piece.first for span in of_spans for piece in span])
    counts = []
    for span in of_spans:
        known = [piece for piece in span if has_received(partner, custody[piece.first])]
        fresh = sum(piece.count for piece in span) - sum(piece.count for piece in known)
        counts.append((fresh, known))
    return counts


def has_received(partner: Partner, custody: Custody) -> bool:
    """Whether the newest movement is this partner's receipt."""
    last = custody.movement
    return last is not None and contradiction(Movement.Kind.RECEIVE, partner, last) == Contradiction.RECEIVED_TWICE
