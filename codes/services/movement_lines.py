"""What a reported movement brings, span by span, and where it contradicts what was known."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from codes.formats.serials import SerialRange
from codes.models import Movement
from codes.selectors.contents import RankedSpan, item_ranges_inside, items_inside
from codes.selectors.custody import Custody, custody_of_many
from codes.selectors.segments import segments
from codes.services.contradictions import RECEIVED_TWICE, contradiction, gravest
from stores.models import Dealer, Store


@dataclass(frozen=True, slots=True)
class NewMovement:
    """What is reported: units were shipped to, received by or returned from a store or a dealer.

    `kind` is a value of Movement.Kind; `spans` are ranges of cases, pallets or loose items; `happened_at` is aware.
    """

    kind: str
    partner: Store | Dealer
    spans: Sequence[SerialRange]
    happened_at: dt.datetime
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A span of a movement: how many items it brings, and the gravest contradiction found in it."""

    span: RankedSpan
    items: int
    flag: str


def lines_of(movement: NewMovement, ranks: Sequence[int]) -> list[Line]:
    """The spans with what they bring and how that contradicts; a constant number of statements."""
    spans = [RankedSpan(span, rank) for span, rank in zip(movement.spans, ranks, strict=True)]
    flags = contradictions_of(movement)
    if movement.kind != Movement.Kind.RECEIVE:
        return [Line(span, items, flag) for span, items, flag in zip(spans, items_inside(spans), flags, strict=True)]
    lines = []
    for span, flag, (fresh, known) in zip(spans, flags, fresh_and_known(movement.partner, spans), strict=True):
        lines.append(Line(span, fresh, gravest({flag, RECEIVED_TWICE if known else ""})))
    return lines


def contradictions_of(movement: NewMovement) -> list[str]:
    """For each span the gravest contradiction with custody as it was when the movement happened."""
    pieces = segments(movement.spans)
    custody = custody_of_many([piece.first for inside in pieces for piece in inside], at=movement.happened_at)
    return [
        gravest({contradiction(movement.kind, movement.partner, custody[piece.first].movement) for piece in inside})
        for inside in pieces
    ]


def fresh_and_known(partner: Store | Dealer, spans: Sequence[RankedSpan]) -> list[tuple[int, int]]:
    """For each span how many items inside are new to the partner, and how many it is known to have received already.

    Asked item by item (piece by piece), since a case may have been received before the pallet that it is on.
    """
    ranges = item_ranges_inside(spans)
    pieces = iter(segments([inside for span in ranges for inside in span]))
    of_spans = [[piece for _inside in span for piece in next(pieces)] for span in ranges]
    custody = custody_of_many([piece.first for span in of_spans for piece in span])
    counts = []
    for span in of_spans:
        known = sum(piece.count for piece in span if has_received(partner, custody[piece.first]))
        counts.append((sum(piece.count for piece in span) - known, known))
    return counts


def has_received(partner: Store | Dealer, custody: Custody) -> bool:
    """Whether the newest movement is this partner's receipt."""
    last = custody.movement
    return last is not None and contradiction(Movement.Kind.RECEIVE, partner, last) == RECEIVED_TWICE
