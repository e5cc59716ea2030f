"""Which stores a batch has ever reached, whatever came of it since."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from codes.models import Batch
from codes.selectors.recalls import BLOCKS
from stores.models import Store

REACHED = f"""
    WITH {BLOCKS},
    cases AS (
        SELECT DISTINCT parent_serial FROM codes_packing
        WHERE unpacked_at IS NULL AND children && (SELECT r FROM blocks)
        UNION
        SELECT DISTINCT parent_serial FROM codes_packing
        WHERE unpacked_at IS NOT NULL AND children && (SELECT r FROM blocks)
    ),
    boxes AS MATERIALIZED (
        SELECT coalesce(range_agg(int8range(parent_serial, parent_serial, '[]')), '{{}}') AS r FROM cases
    ),
    pallets AS (
        SELECT DISTINCT parent_serial FROM codes_packing
        WHERE unpacked_at IS NULL AND children && (SELECT r FROM boxes)
        UNION
        SELECT DISTINCT parent_serial FROM codes_packing
        WHERE unpacked_at IS NOT NULL AND children && (SELECT r FROM boxes)
    ),
    units AS MATERIALIZED (
        SELECT coalesce((SELECT r FROM blocks), '{{}}') + (SELECT r FROM boxes)
            + coalesce((SELECT range_agg(int8range(parent_serial, parent_serial, '[]')) FROM pallets), '{{}}') AS r
    )
    SELECT m.store_id, min(m.happened_at), max(m.happened_at), count(DISTINCT m.id)
    FROM codes_movementline l JOIN codes_movement m ON m.id = l.movement_id
    WHERE l.serials && (SELECT r FROM units) AND m.kind = 'receive' AND m.store_id IS NOT NULL
    GROUP BY m.store_id
"""  # noqa: S608 - joined from constant texts


@dataclass(frozen=True, slots=True)
class Reached:
    """A store that has received some of a batch: when first, when last, and in how many receipts."""

    store: Store
    first_at: dt.datetime
    last_at: dt.datetime
    receipts: int


def stores_reached(batch: Batch) -> list[Reached]:
    """The stores that received items of the batch, or a case or pallet that held some at any time; by number.

    A store is named too often rather than not at all: of a case that was repacked, it is not asked what was in it on
    the day of the receipt. What they still have is the recall drill's to tell. Two statements.
    """
    with connection.cursor() as cursor:
        cursor.execute(REACHED, {"batch": batch.pk})
        found = {store: rest for store, *rest in cursor.fetchall()}
    stores = Store.objects.select_related("region", "dealer").filter(pk__in=found).order_by("number")
    return [Reached(store, *found[store.pk]) for store in stores]
