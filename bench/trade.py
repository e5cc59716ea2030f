"""A large trade, written by bulk SQL: items packed into cases, these onto pallets, shipped, received and partly opened.

It is made to ask the histories when they are long, not to show how they come about: the services make each row in
real life.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from codes.models import CodeOrder
from stores.models import Dealer, Store

PER_CASE, PER_PALLET, PER_RECEIPT = 12, 40, 4
OPENED_OF = 20
"""One item of so many is opened."""

PACK = """
    INSERT INTO codes_packing (brand_id, parent_serial, children, packed_by, packed_at, recorded_at, unpacked_by)
    SELECT %(brand)s, %(parents)s + g, int8range(%(children)s::bigint + g * %(per)s, %(children)s + (g + 1) * %(per)s),
           'system:bench', now() - interval '30 days', now(), ''
    FROM generate_series(0, %(count)s - 1) AS g
"""
MOVE = """
    INSERT INTO codes_movement
        (brand_id, kind, dealer_id, store_id, reference, flag, recorded_by, happened_at, recorded_at)
    SELECT %(brand)s, %(kind)s, %(dealer)s, (%(stores)s::bigint[])[1 + g %% greatest(1, %(partners)s)],
           %(kind)s::text || g, '', 'system:bench', now() - %(ago)s * interval '1 day', now()
    FROM generate_series(0, %(count)s - 1) AS g
"""
LINES = """
    INSERT INTO codes_movementline (movement_id, serials, items)
    SELECT m.id, int8range(%(units)s::bigint + g * %(per)s, %(units)s + (g + 1) * %(per)s), %(per)s * %(items)s
    FROM generate_series(0, %(count)s - 1) AS g
    JOIN codes_movement m ON m.brand_id = %(brand)s AND m.reference = %(kind)s::text || g
"""
SCANS = """
    INSERT INTO codes_scan
        (id, brand_id, serial, role, masked_code, verdict, consumer_id, visitor, nonce, region_code, via, scanned_at)
    SELECT gen_random_uuid(), %(brand)s, %(items)s + g * %(step)s, 2, '', 'genuine_first', %(consumer)s,
           'bench', g::text, '', '', now() - interval '1 day'
    FROM generate_series(0, %(count)s - 1) AS g
"""
OPENINGS = """
    INSERT INTO codes_opening (serial, brand_id, order_id, scan_id, consumer_id, opened_at, day)
    SELECT serial, brand_id, %(order)s, id, consumer_id, scanned_at, scanned_at::date
    FROM codes_scan WHERE brand_id = %(brand)s AND visitor = 'bench'
"""


@dataclass(frozen=True, slots=True)
class Trade:
    """Orders of one batch, large enough for `cases` full cases; the stores and the dealer that trade in them."""

    items: CodeOrder
    cases: CodeOrder
    pallets: CodeOrder
    stores: list[Store]
    dealer: Dealer
    consumer_id: UUID


@transaction.atomic
def fill(trade: Trade, *, cases: int) -> None:
    """Everything that happens to the cases, and statistics of the tables for the planner."""
    pallets, receipts = cases // PER_PALLET, cases // PER_RECEIPT
    starts = {name: getattr(trade, name).first_serial for name in ("items", "cases", "pallets")}
    brand = {"brand": trade.items.brand_id}
    carry_out(PACK, brand, parents=starts["cases"], children=starts["items"], per=PER_CASE, count=cases)
    carry_out(PACK, brand, parents=starts["pallets"], children=starts["cases"], per=PER_PALLET, count=pallets)
    stores = [store.pk for store in trade.stores]
    carry_out(MOVE, brand, kind="ship", dealer=trade.dealer.pk, stores=[], partners=0, ago=20, count=pallets)
    carry_out(MOVE, brand, kind="receive", dealer=None, stores=stores, partners=len(stores), ago=10, count=receipts)
    in_pallet = PER_CASE * PER_PALLET
    carry_out(LINES, brand, kind="ship", units=starts["pallets"], per=1, items=in_pallet, count=pallets)
    carry_out(LINES, brand, kind="receive", units=starts["cases"], per=PER_RECEIPT, items=PER_CASE, count=receipts)
    opened = cases * PER_CASE // OPENED_OF
    carry_out(SCANS, brand, items=starts["items"], step=OPENED_OF, consumer=trade.consumer_id, count=opened)
    carry_out(OPENINGS, brand, order=trade.items.pk)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE codes_packing, codes_movement, codes_movementline, codes_scan, codes_opening")


def carry_out(statement: str, *columns: dict[str, Any], **parameters: Any) -> None:
    """One statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, {**parameters, **{name: value for each in columns for name, value in each.items()}})
