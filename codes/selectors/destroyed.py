"""Which units were destroyed, as far as is known."""

from collections.abc import Sequence

from django.db import connection

from codes.selectors.way import WAY

WEIGHS = """({m}.kind = 'destroy' OR ({m}.flag = 'moved_after_destroyed' AND EXISTS (
    SELECT FROM codes_movementexception ex JOIN codes_movementsolution so ON so.exception_id = ex.id
    WHERE ex.movement_id = {m}.id AND ex.kind = {m}.flag AND so.outcome = 'accepted')))"""
"""Whether a movement {m} says that its units were destroyed, or that they are there after all.

A unit is destroyed where the newest movement of either sort on its way up is a destruction. Goods that turn up again
are received, shipped and so on as facts, but stay destroyed (their codes are void) until a person accepts that they
are good: else whoever sells what should have been destroyed could make it whole by reporting a movement.
"""
DESTROYED = f"""
    WITH RECURSIVE {WAY},
    newest AS (
        SELECT DISTINCT ON (way.unit) way.unit, m.kind
        FROM way JOIN codes_movementline l ON l.serials @> way.serial
        CROSS JOIN LATERAL (SELECT * FROM codes_movement WHERE id = l.movement_id LIMIT 1) m
        WHERE (way.until IS NULL OR m.happened_at <= way.until) AND {WEIGHS.format(m="m")}
        ORDER BY way.unit, m.happened_at DESC, m.id DESC
    )
    SELECT unit FROM newest WHERE kind = 'destroy' ORDER BY unit
"""  # noqa: S608 - joined from constant texts


def destroyed_among(serials: Sequence[int]) -> list[int]:
    """Those of the units that were destroyed, in order. One statement; its cost is the depth, not the history."""
    wanted = sorted(set(serials))
    with connection.cursor() as cursor:
        cursor.execute(DESTROYED, {"serials": wanted, "moments": [None] * len(wanted)})
        return [serial for (serial,) in cursor.fetchall()]
