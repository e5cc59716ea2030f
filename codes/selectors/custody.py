"""Who has a unit: the newest movement on the way up from it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from codes.models import Movement
from codes.models.movement import GONE
from codes.selectors.way import WAY

CUSTODY = f"""
    WITH RECURSIVE {WAY},
    moved AS (
        SELECT DISTINCT ON (way.unit) way.unit, m.*
        FROM way CROSS JOIN LATERAL (
            SELECT m.id, m.kind, m.store_id, m.dealer_id, m.happened_at
            FROM codes_movementline l
            CROSS JOIN LATERAL (SELECT * FROM codes_movement WHERE id = l.movement_id LIMIT 1) m
            WHERE l.serials @> way.serial AND (way.until IS NULL OR m.happened_at <= way.until)
            ORDER BY m.happened_at DESC, m.id DESC LIMIT 1
        ) m
        ORDER BY way.unit, m.happened_at DESC, m.id DESC
    ),
    parents AS (
        SELECT way.unit, max(way.serial) FILTER (WHERE o.level = 'case') AS case_serial,
               max(way.serial) FILTER (WHERE o.level = 'pallet') AS pallet_serial
        FROM way JOIN codes_codeorder o ON o.serials @> way.serial
        WHERE way.depth > 0 AND way.present
        GROUP BY way.unit
    )
    SELECT u.serial, parents.case_serial, parents.pallet_serial,
           moved.id, moved.kind, moved.store_id, moved.dealer_id, moved.happened_at
    FROM unnest(%(serials)s::bigint[]) AS u(serial)
    LEFT JOIN moved ON moved.unit = u.serial
    LEFT JOIN parents ON parents.unit = u.serial
"""  # noqa: S608 - joined from constant texts


# How many lines hold a serial is guessed a hundredfold too high; LIMIT 1 keeps the planner from reading all movements.


NOT_OUT = GONE | {Movement.Kind.RETURN.value}


class LastMovement(NamedTuple):
    """The newest movement: to (ship), at (receive) or from (return) a store or a dealer; or the end (GONE)."""

    id: int
    kind: str
    store_id: int | None
    dealer_id: int | None
    happened_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Custody:
    """Where a unit is: in which case and pallet now, and the newest movement of it or of these (None: never moved)."""

    serial: int
    case_serial: int | None
    pallet_serial: int | None
    movement: LastMovement | None

    @property
    def is_out(self) -> bool:
        """Whether it left the brand and is still somewhere: not returned, destroyed or taken as a sample."""
        return self.movement is not None and self.movement.kind not in NOT_OUT

    @property
    def store_id(self) -> int | None:
        """The store that has it or that it was sent to; None after a return (it is with the brand) and once gone."""
        return self.movement.store_id if self.movement and self.is_out else None

    @property
    def dealer_id(self) -> int | None:
        """The dealer that has it or that it was sent to; None after a return and once gone."""
        return self.movement.dealer_id if self.movement and self.is_out else None

    @property
    def received_by_store_id(self) -> int | None:
        """The store that confirmed to have received it, and has not given it away since."""
        return self.movement.store_id if self.movement and self.movement.kind == Movement.Kind.RECEIVE else None

    @property
    def since(self) -> dt.datetime | None:
        """When that movement happened."""
        return self.movement.happened_at if self.movement else None


def custody_of(serial: int, *, at: dt.datetime | None = None) -> Custody:
    """Custody of one unit, now or as it was `at` a moment. One statement; its cost is the depth, not the history."""
    return custody_of_many([serial], at=at)[serial]


def custody_of_many(serials: Sequence[int], *, at: dt.datetime | None = None) -> Mapping[int, Custody]:
    """The same of many units by one statement. Any number is answered: whether it is a unit is for others to ask."""
    wanted = sorted(set(serials))
    with connection.cursor() as cursor:
        cursor.execute(CUSTODY, {"serials": wanted, "moments": [at] * len(wanted)})
        rows = cursor.fetchall()
    return {
        serial: Custody(serial, case, pallet, LastMovement(*moved) if moved[0] is not None else None)
        for serial, case, pallet, *moved in rows
    }
