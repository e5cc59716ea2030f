"""What is known of one unit at the moment of a scan, read in one statement.

The statement's cost is a handful of index look-ups, whatever the number of codes, scans and movements: the counted
list (scans before) is cut at SCANS_COUNTED, and the way up item → case → pallet has three steps.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from codes.fusion.evidence import DEFAULT
from codes.selectors.destroyed import WEIGHS
from codes.selectors.states import StateName, decide_of_order, decide_of_unit
from core.prepared import row_of
from stores.earth import Place
from stores.selectors.around import IN_BOX, StoreInBox, box_parameters

SCANS_COUNTED = 100
STEPS_SHOWN = 12
B_CODES_HEARD = 5
HEARD = dt.timedelta(minutes=DEFAULT.b_code_minutes)
REACH_M = DEFAULT.place_metres


@dataclass(frozen=True, slots=True)
class ProductFacts:
    name: str
    name_en: str
    gtin: str
    specification: str
    story: str


@dataclass(frozen=True, slots=True)
class BatchFacts:
    lot: str
    produced_on: dt.date | None
    expires_on: dt.date | None


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """What anybody may know of a store."""

    id: int
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step on the unit's way: packed or a kind of movement; `store` where it names one, `city` where that is."""

    kind: str
    at: dt.datetime
    movement_id: int | None = None
    store: StoreFacts | None = None
    city: str = ""


@dataclass(frozen=True, slots=True)
class StoreScan:
    """A store's B-code, scanned shortly before by the same person or browser."""

    scan_id: UUID
    scanned_at: dt.datetime
    store: StoreFacts


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """One unit, for one mark and one visitor. `steps` and `store_scans` are oldest first.

    `stores_in_box` are the brand's stores around the asked place, in no order, some farther than REACH_M; none are
    read where no place was told, or the item is open.
    """

    order_id: int
    brand_id: int
    brand_slug: str
    public_steps: frozenset[str]
    timezone: str
    roles: frozenset[int]
    key_version: str
    state: StateName
    product: ProductFacts
    batch: BatchFacts
    first_scanned_at: dt.datetime | None
    first_region: str
    scans_before: int
    opened_by: UUID | None
    opened_at: dt.datetime | None
    confidence: float | None
    bound_store: StoreFacts | None
    steps: tuple[Step, ...]
    store_scans: tuple[StoreScan, ...]
    stores_in_box: tuple[StoreInBox, ...]

    @property
    def last_moved(self) -> Step | None:
        """The newest movement; None where there was none."""
        moved = [step for step in self.steps if step.movement_id is not None]
        return moved[-1] if moved else None

    @property
    def is_sample(self) -> bool:
        """Whether the unit was taken out of trade as a sample: it is genuine, but was not sold."""
        last = self.last_moved
        return last is not None and last.kind == "sample"

    @property
    def holder(self) -> Step | None:
        """The receipt by the store that has the goods now; None while nobody, or a dealer, has them."""
        last = self.last_moved
        return last if last is not None and last.kind == "receive" and last.store is not None else None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which unit and mark, and for whom. `before`: scans from this moment on are not counted as earlier ones.

    `now`: statements that take effect later are not heard yet.
    `place`: where the phone was, if the stores around it are asked for too.
    """

    serial: int
    role: int
    visitor: str
    consumer_id: UUID | None
    before: dt.datetime
    now: dt.datetime
    place: Place | None = None


STATEMENT = f"""
SELECT o.id AS order_id, o.roles, o.key_version, o.state AS order_state, o.brand_id, br.slug AS brand_slug,
  br.timezone, br.public_steps,
  p.name, p.name_en, p.gtin, p.specification, p.story, b.lot, b.produced_on, b.expires_on,
  ARRAY(SELECT sp.kind FROM codes_span sp
        WHERE sp.serials @> u.serial AND sp.revoked_at IS NULL AND sp.effective_at <= %(now)s
        ORDER BY sp.id) AS said,
  m.first_scanned_at, COALESCE(rg.name, '') AS first_region,
  (SELECT count(*) FROM (
      SELECT FROM codes_scan sc WHERE sc.serial = u.serial AND sc.role = u.role AND sc.scanned_at < %(before)s
      LIMIT %(counted)s) AS earlier) AS scans_before,
  op.consumer_id AS opened_by, op.opened_at, bi.confidence,
  bs.id AS bound_id, bs.name AS bound_name, bs.address AS bound_address,
  way.steps, way.weightiest, heard.store_scans, around.in_box
FROM (SELECT %(serial)s::bigint AS serial, %(role)s::smallint AS role) u
JOIN codes_codeorder o ON o.serials @> u.serial
JOIN codes_batch b ON b.id = o.batch_id
JOIN codes_product p ON p.id = b.product_id
JOIN stores_brand br ON br.id = o.brand_id
LEFT JOIN codes_mark m ON m.id = u.serial * 16 + u.role
LEFT JOIN stores_region rg ON rg.code = m.first_region_code
LEFT JOIN codes_opening op ON op.serial = u.serial
LEFT JOIN codes_binding bi ON bi.opening_id = op.serial
LEFT JOIN stores_store bs ON bs.id = bi.store_id
LEFT JOIN codes_packing up1 ON up1.children @> u.serial AND up1.unpacked_at IS NULL
LEFT JOIN codes_packing up2 ON up2.children @> up1.parent_serial AND up2.unpacked_at IS NULL
CROSS JOIN LATERAL (
  SELECT json_agg(json_build_array(step.kind, step.at, step.movement, step.city, step.store, step.name,
                                            step.address)
                  ORDER BY step.at, step.movement) FILTER (WHERE step.age <= %(shown)s) AS steps,
         (array_agg(step.kind ORDER BY step.age) FILTER (WHERE step.weighs))[1] AS weightiest
  FROM (
    (SELECT mv.kind, mv.happened_at AS at, mv.id AS movement, st.id AS store, st.name, st.address, city.name AS city,
            row_number() OVER (ORDER BY mv.happened_at DESC, mv.id DESC) AS age, {WEIGHS.format(m="mv")} AS weighs
     FROM unnest(ARRAY[u.serial, up1.parent_serial, up2.parent_serial]) AS one(serial)
     JOIN codes_movementline ln ON ln.serials @> one.serial
     JOIN codes_movement mv ON mv.id = ln.movement_id
     LEFT JOIN stores_store st ON st.id = mv.store_id
     LEFT JOIN stores_region area ON area.code = st.region_id
     LEFT JOIN stores_region city ON city.code = coalesce(area.lineage[3], area.code))
    UNION ALL
    SELECT 'packed', up1.packed_at, NULL, NULL, NULL, NULL, NULL, 0, false WHERE up1.packed_at IS NOT NULL
  ) AS step
) AS way
CROSS JOIN LATERAL (
  SELECT json_agg(json_build_array(near.id, near.scanned_at, near.store_id, near.name, near.address)
                  ORDER BY near.scanned_at, near.id) AS store_scans
  FROM (
    SELECT sc.id, sc.scanned_at, sc.store_id, st.name, st.address
    FROM codes_scan sc JOIN stores_store st ON st.id = sc.store_id
    WHERE sc.store_id IS NOT NULL AND st.brand_id = o.brand_id
      AND (sc.visitor = %(visitor)s OR sc.consumer_id = %(consumer)s::uuid)
      AND sc.scanned_at > %(heard_since)s AND sc.scanned_at <= %(before)s
    ORDER BY sc.scanned_at DESC LIMIT %(heard)s
  ) AS near
) AS heard
CROSS JOIN LATERAL ({IN_BOX.format(brand="o.brand_id")} AND op.serial IS NULL) AS around
"""  # noqa: S608 - a part of our own


def facts_of(asked: Asked) -> UnitFacts | None:
    """The unit's facts; None where no order holds the serial. One statement, nothing locked, nothing written."""
    parameters = {
        "serial": asked.serial,
        "role": asked.role,
        "visitor": asked.visitor,
        "consumer": asked.consumer_id,
        "before": asked.before,
        "now": asked.now,
        "heard_since": asked.before - HEARD,
        "counted": SCANS_COUNTED,
        "shown": STEPS_SHOWN,
        "heard": B_CODES_HEARD,
    } | box_parameters(asked.place, REACH_M)
    row = row_of(STATEMENT, parameters)
    return None if row is None else _facts(row)


def _facts(row: Mapping[str, Any]) -> UnitFacts:
    bound = row["bound_id"] is not None
    return UnitFacts(
        order_id=row["order_id"],
        brand_id=row["brand_id"],
        brand_slug=row["brand_slug"],
        public_steps=frozenset(row["public_steps"]),
        timezone=row["timezone"],
        roles=frozenset(row["roles"]),
        key_version=row["key_version"],
        state=decide_of_unit(decide_of_order(row["order_state"], row["said"]), row["weightiest"] == "destroy"),
        product=ProductFacts(row["name"], row["name_en"], row["gtin"], row["specification"], row["story"]),
        batch=BatchFacts(row["lot"], row["produced_on"], row["expires_on"]),
        first_scanned_at=row["first_scanned_at"],
        first_region=row["first_region"],
        scans_before=row["scans_before"],
        opened_by=row["opened_by"],
        opened_at=row["opened_at"],
        confidence=row["confidence"],
        bound_store=StoreFacts(row["bound_id"], row["bound_name"], row["bound_address"]) if bound else None,
        steps=tuple(_step(*parts) for parts in row["steps"] or ()),
        store_scans=tuple(_store_scan(*parts) for parts in row["store_scans"] or ()),
        stores_in_box=tuple(StoreInBox(*parts) for parts in row["in_box"] or ()),
    )


def _step(kind: str, at: str, movement: int | None, city: str | None, *store: Any) -> Step:
    facts = StoreFacts(*store) if store[0] is not None else None
    return Step(kind, dt.datetime.fromisoformat(at), movement, facts, city or "")


def _store_scan(scan: str, at: str, *store: Any) -> StoreScan:
    return StoreScan(UUID(scan), dt.datetime.fromisoformat(at), StoreFacts(*store))
