"""Whose goods a unit is at a moment: the movement that authorised where it may be sold.

The newest movement on the way up says it, except that a store's receipt does not authorise: it takes what was sent.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from codes.models import Movement
from codes.selectors.way import WAY

MOVEMENTS_SHOWN = 20
MOVED = f"""
    WITH RECURSIVE {WAY}
    SELECT DISTINCT way.unit, m.id, m.kind, m.store_id, m.dealer_id, m.happened_at
    FROM way CROSS JOIN LATERAL (
        SELECT m.id, m.kind, m.store_id, m.dealer_id, m.happened_at
        FROM codes_movementline l
        CROSS JOIN LATERAL (SELECT * FROM codes_movement WHERE id = l.movement_id LIMIT 1) m
        WHERE l.serials @> way.serial AND (way.until IS NULL OR m.happened_at <= way.until)
        ORDER BY m.happened_at DESC, m.id DESC LIMIT {MOVEMENTS_SHOWN}
    ) m
    ORDER BY way.unit, m.happened_at, m.id
"""  # noqa: S608 - joined from constant texts


class Moved(NamedTuple):
    """A movement of a unit or of what it was in."""

    id: int
    kind: str
    store_id: int | None
    dealer_id: int | None
    happened_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Consignment:
    """Goods on their way: `shipment` names the movement; one of `dealer_id` and `store_id` says for whom."""

    shipment: int
    dealer_id: int | None
    store_id: int | None


def movements_of(serials: Iterable[int]) -> Mapping[int, Sequence[Moved]]:
    """For each unit its newest movements, oldest first. One statement, by indexes."""
    wanted = sorted(set(serials))
    found: dict[int, list[Moved]] = defaultdict(list)
    if not wanted:
        return found
    with connection.cursor() as cursor:
        cursor.execute(MOVED, {"serials": wanted, "moments": [None] * len(wanted)})
        for unit, *moved in cursor.fetchall():
            found[unit].append(Moved(*moved))
    return found


def consignment_at(movements: Sequence[Moved], at: dt.datetime) -> Consignment | None:
    """Whose the unit was at a moment; None where it was the brand's own: never moved, or given back.

    A store's receipt of what nobody had sent is taken for a delivery to that store.
    """
    before = [moved for moved in movements if moved.happened_at <= at]
    sent = [moved for moved in before if not is_store_receipt(moved)] or before
    if not sent or sent[-1].kind not in {Movement.Kind.SHIP, Movement.Kind.RECEIVE}:
        return None
    deciding = sent[-1]
    if len(sent) > 1 and took_what_was_sent(sent[-2], deciding):
        deciding = sent[-2]
    return Consignment(deciding.id, deciding.dealer_id, deciding.store_id)


def took_what_was_sent(before: Moved, receipt: Moved) -> bool:
    """Whether a dealer's receipt confirms a shipment to it: both are one consignment, named after the shipment."""
    kinds = (before.kind, receipt.kind) == (Movement.Kind.SHIP, Movement.Kind.RECEIVE)
    return kinds and before.dealer_id is not None and before.dealer_id == receipt.dealer_id


def was_moved(movements: Sequence[Moved], at: dt.datetime) -> bool:
    """Whether anything was reported of the unit by then."""
    return any(moved.happened_at <= at for moved in movements)


def is_store_receipt(moved: Moved) -> bool:
    """Whether a store says that it has the unit."""
    return moved.kind == Movement.Kind.RECEIVE and moved.store_id is not None
