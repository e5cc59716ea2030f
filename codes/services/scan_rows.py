"""The one statement that keeps a scan, with all that follows from it: mark, opening, binding, evidence, pending counts.

One statement is one transaction: all of its rows are kept, or none. Who was first is decided by the insertion of the
mark's row alone; who opened the item, by the opening's. A scan whose (visitor, nonce) is kept already inserts
nothing. When the same post arrives twice at once, the loser's statement finds either the scan (nothing inserted) or,
between the two inserts, its mark without a scan: then the foreign key undoes the whole statement.

Which days an opening has counted anew is the rule of `services.counted.days_touched_by`, said here in SQL, since it
is asked at every opening: a test holds the two equal. As there, the consumer's row is locked before.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from codes.fusion.evidence import Piece
from codes.models.scan import Verdict
from core.prepared import row_of, rows_together

STATEMENT = """
WITH mark AS (
  INSERT INTO codes_mark (id, serial, role, first_scan_id, first_scanned_at, first_region_code)
  SELECT %(serial)s::bigint * 16 + %(role)s::smallint, %(serial)s::bigint, %(role)s::smallint,
    %(id)s::uuid, %(scanned_at)s::timestamptz, %(region_code)s::text
  WHERE %(genuine)s::bool
    AND NOT EXISTS (SELECT FROM codes_scan WHERE visitor = %(visitor)s::text AND nonce = %(nonce)s::text)
  ON CONFLICT (id) DO NOTHING RETURNING id
), scan AS (
  INSERT INTO codes_scan (id, brand_id, serial, role, store_id, masked_code, verdict, consumer_id, visitor, nonce,
    latitude, longitude, accuracy_m, region_code, via, address, scanned_at)
  SELECT %(id)s::uuid, %(brand_id)s::bigint, %(serial)s::bigint, %(role)s::smallint, %(store_id)s::bigint,
    %(masked_code)s::text,
    CASE WHEN NOT %(genuine)s::bool THEN %(verdict)s::text
         WHEN EXISTS (SELECT FROM mark) THEN 'genuine_first' ELSE 'genuine_repeat' END,
    %(consumer_id)s::uuid, %(visitor)s::text, %(nonce)s::text, %(latitude)s::float8, %(longitude)s::float8,
    %(accuracy_m)s::float8, %(region_code)s::text, %(via)s::text, %(address)s::inet, %(scanned_at)s::timestamptz
  ON CONFLICT (visitor, nonce) DO NOTHING RETURNING id, verdict
), opening AS (
  INSERT INTO codes_opening (serial, brand_id, order_id, scan_id, consumer_id, opened_at, day)
  SELECT %(serial)s::bigint, %(brand_id)s::bigint, %(order_id)s::bigint, scan.id, %(consumer_id)s::uuid,
    %(scanned_at)s::timestamptz, %(day)s::date
  FROM scan WHERE %(opens)s::bool
  ON CONFLICT (serial) DO NOTHING RETURNING serial
), binding AS (
  INSERT INTO codes_binding (opening_id, brand_id, store_id, salesperson_id, consumer_id, confidence, day, bound_at)
  SELECT opening.serial, %(brand_id)s::bigint, %(bound_store_id)s::bigint,
    (SELECT who.id FROM stores_store bs JOIN stores_salesperson who ON who.id = bs.salesperson_id AND who.is_active
     WHERE bs.id = %(bound_store_id)s::bigint),
    %(consumer_id)s::uuid,
    %(confidence)s::float8, %(day)s::date, %(scanned_at)s::timestamptz
  FROM opening RETURNING opening_id
), evidence AS (
  INSERT INTO codes_evidence (binding_id, store_id, road, weight, facts)
  SELECT binding.opening_id, piece.store_id, piece.road, piece.weight, piece.facts
  FROM binding, jsonb_to_recordset(%(pieces)s::jsonb) AS piece(store_id bigint, road text, weight float8, facts jsonb)
), earliest AS (
  SELECT one.serial, one.opened_at
  FROM opening CROSS JOIN LATERAL (
    SELECT o.serial, o.opened_at FROM codes_opening o
    WHERE o.brand_id = %(brand_id)s::bigint AND o.consumer_id = %(consumer_id)s::uuid
    ORDER BY o.opened_at, o.serial LIMIT 1) AS one
), touched AS (
  SELECT %(bound_store_id)s::bigint AS store_id, %(day)s::date AS day
  FROM opening WHERE %(bound_store_id)s::bigint IS NOT NULL
  UNION
  SELECT bound.store_id, bound.day
  FROM earliest JOIN codes_binding bound ON bound.opening_id = earliest.serial
  WHERE (earliest.opened_at, earliest.serial) > (%(scanned_at)s::timestamptz, %(serial)s::bigint)
    AND bound.store_id IS NOT NULL
), pending AS (
  INSERT INTO stores_pendingcount (store_id, day) SELECT store_id, day FROM touched ORDER BY store_id, day
)
SELECT scan.verdict, EXISTS (SELECT FROM opening) AS opened FROM scan
"""
NO_OPENING: dict[str, Any] = {"order_id": None, "day": None, "bound_store_id": None, "confidence": 0.0}
LOCK_CONSUMER = "SELECT id FROM consumers_consumer WHERE id = %(id)s::uuid FOR NO KEY UPDATE"


@dataclass(frozen=True, slots=True)
class ScanRow:
    """A scan to be kept. `genuine`: the mark is valid, and its row decides whether the verdict is first or repeat."""

    id: UUID
    brand_id: int | None
    serial: int | None
    role: int | None
    store_id: int | None
    masked_code: str
    verdict: Verdict
    genuine: bool
    consumer_id: UUID | None
    visitor: str
    nonce: str
    latitude: float | None
    longitude: float | None
    accuracy_m: float | None
    region_code: str
    via: str
    address: str | None
    scanned_at: dt.datetime


ROW_FIELDS = tuple(field.name for field in fields(ScanRow))


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """What to keep if this scan opens the item: the binding with its evidence."""

    order_id: int
    day: dt.date
    bound_store_id: int | None
    confidence: float
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of it: the final verdict, and whether this scan opened the item."""

    verdict: Verdict
    opened: bool


def keep(row: ScanRow, opening: OpeningRow | None) -> Kept | None:
    """Insert the scan and what follows from it; None where this visitor's nonce was kept before.

    With an opening the consumer's row is locked first, so that no other opening of theirs passes until all is kept.

    Raises:
        IntegrityError: the same post is being kept at this moment by another process; nothing was inserted.
    """
    parameters = _scan_parameters(row) | {"opens": opening is not None, **_opening_parameters(opening)}
    if opening is None:
        kept = row_of(STATEMENT, parameters)
    else:
        _, kept = rows_together((LOCK_CONSUMER, {"id": row.consumer_id}), (STATEMENT, parameters))
    return None if kept is None else Kept(Verdict(kept["verdict"]), kept["opened"])


def _scan_parameters(row: ScanRow) -> dict[str, Any]:
    """Its fields as they are; `dataclasses.asdict` would copy each in depth."""
    return {name: getattr(row, name) for name in ROW_FIELDS}


def _opening_parameters(opening: OpeningRow | None) -> dict[str, Any]:
    if opening is None:
        return NO_OPENING | {"pieces": Jsonb([])}
    pieces = [
        {"store_id": piece.store_id, "road": piece.road, "weight": piece.weight, "facts": dict(piece.facts)}
        for piece in opening.pieces
    ]
    return {
        "order_id": opening.order_id,
        "day": opening.day,
        "bound_store_id": opening.bound_store_id,
        "confidence": opening.confidence,
        "pieces": Jsonb(pieces),
    }
