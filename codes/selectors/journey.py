"""The trace of a unit: what was packed around it and where it went."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection

from codes.models import Movement
from codes.selectors.way import WAY

MOVEMENTS = f"""
    WITH RECURSIVE {WAY}
    SELECT DISTINCT m.id, way.serial
    FROM way JOIN codes_movementline l ON l.serials @> way.serial
    CROSS JOIN LATERAL (SELECT id, happened_at FROM codes_movement WHERE id = l.movement_id LIMIT 1) m
    WHERE way.until IS NULL OR m.happened_at <= way.until
"""  # noqa: S608 - joined from constant texts
# LIMIT 1: see codes.selectors.custody
PACKINGS = f"""
    WITH RECURSIVE {WAY}
    SELECT DISTINCT way.depth, way.serial, p.parent_serial, p.packed_at, p.packed_by, p.unpacked_at, p.unpacked_by
    FROM way CROSS JOIN LATERAL (
        SELECT * FROM codes_packing WHERE children @> way.serial AND unpacked_at IS NULL
        UNION ALL
        SELECT * FROM codes_packing WHERE children @> way.serial AND unpacked_at IS NOT NULL
    ) p
    WHERE way.until IS NULL OR p.packed_at <= way.until
    ORDER BY way.depth
"""  # noqa: S608 - joined from constant texts


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a unit, or to what it was in.

    `what` is packed, unpacked, ship, receive or return; `serial` is the unit concerned (itself, its case or pallet),
    `parent_serial` where it was put into or taken from; `movement` with its store or dealer loaded.
    """

    what: str
    at: dt.datetime
    serial: int
    actor: str
    parent_serial: int | None = None
    movement: Movement | None = None


def journey_of(serial: int) -> list[Step]:
    """The packings and movements of a unit and of all that it was in at the time, oldest first. Three statements."""
    asked = {"serials": [serial], "moments": [None]}
    steps = [step for row in rows(PACKINGS, asked) for step in steps_of_packing(*row[1:])]
    moved = dict(rows(MOVEMENTS, asked))
    movements = Movement.objects.filter(pk__in=moved).select_related("store", "dealer")
    steps += [Step(m.kind, m.happened_at, moved[m.pk], m.recorded_by, movement=m) for m in movements]
    return sorted(
        steps, key=lambda step: (step.at, step.movement.pk if step.movement else 0)
    )  # of one moment: own first


def steps_of_packing(
    serial: int, parent: int, packed_at: dt.datetime, packed_by: str, unpacked_at: dt.datetime | None, unpacked_by: str
) -> list[Step]:
    """Putting in, and taking out where that happened."""
    steps = [Step("packed", packed_at, serial, packed_by, parent_serial=parent)]
    if unpacked_at is not None:
        steps.append(Step("unpacked", unpacked_at, serial, unpacked_by, parent_serial=parent))
    return steps


def rows(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
