"""Openings and receipts written straight into the histories, for tests of what is counted from them.

Nothing is marked for counting: a test does that itself where it matters.
"""

import datetime as dt
import secrets
from itertools import count

from codes.models import Batch, Binding, CodeOrder, Movement, MovementLine, Opening, Product, Scan
from consumers.models import Consumer
from core.clock import business_day
from stores.models import Brand, Store
from stores.public_codes import new_code
from tests.factories.stores import NOON

serials = count(1)


def consumer_of(brand: Brand, name: str = "") -> Consumer:
    code = new_code("C")
    return Consumer.objects.create(brand=brand, c_code=code, name=name, created_at=NOON)


def order_of(brand: Brand) -> CodeOrder:
    """The brand's one order, made when first asked for."""
    order = CodeOrder.objects.filter(brand=brand).first()
    if order is not None:
        return order
    product = Product.objects.create(brand=brand, gtin=f"{brand.pk:014d}", name="大曲", created_at=NOON)
    batch = Batch.objects.create(product=product, lot="L1")
    first = brand.pk * 1_000_000 + 1
    return CodeOrder.objects.create(
        brand=brand, batch=batch, level="item", roles=[1, 2], quantity=900_000, serials=(first, first + 900_000),
        key_version="1", created_by="user:a", created_at=NOON,
    )  # fmt: skip


def open_item(
    store: Store | None, consumer: Consumer, opened_at: dt.datetime = NOON, confidence: float = 0.9
) -> Opening:
    """An item opened by `consumer` and bound to `store`."""
    brand = consumer.brand
    serial = next(serials)
    scan = Scan.objects.create(
        brand=brand, serial=serial, role=2, masked_code="1I…", verdict="genuine_first", consumer=consumer,
        visitor="v", nonce=secrets.token_hex(8), scanned_at=opened_at,
    )  # fmt: skip
    day = business_day(opened_at, brand.timezone)
    opening = Opening.objects.create(
        serial=serial, brand=brand, order=order_of(brand), scan=scan, consumer=consumer, opened_at=opened_at, day=day
    )
    Binding.objects.create(
        opening=opening, brand=brand, store=store, consumer=consumer, confidence=confidence, day=day, bound_at=opened_at
    )
    return opening


def receive(store: Store, items: list[int], happened_at: dt.datetime = NOON, kind: str = "receive") -> Movement:
    """A movement of one line for each number of items."""
    movement = Movement.objects.create(
        brand=store.brand,
        kind=kind,
        store=store,
        recorded_by="user:a",
        happened_at=happened_at,
        recorded_at=happened_at,
    )
    for number in items:
        serial = next(serials)
        MovementLine.objects.create(movement=movement, serials=(serial, serial + 1), items=number)
    return movement
