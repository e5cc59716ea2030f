"""The demo's own goods beside the market's: fresh items to open, and samples of every other fate of a code."""

import datetime as dt
from collections import Counter

from django.db import transaction

from codes.formats.serials import SerialRange
from codes.models import CodeOrder
from codes.services.spans import freeze
from config.market.envelopes import VOUCHERS, titled
from config.market.field import Field
from config.market.goods import Lot, Maker, ordered
from config.market.stock import ACTOR, dealt, lot_under, receive_case, send_lot
from stores.models import Dealer, Store

SAMPLES = "JN-SAMPLES"
FRESH = "JN-FRESH-"
FRESH_CASES = 10
SAMPLE_CASES = 6
SAMPLES_EACH = 6
ON_THE_ROAD = dt.timedelta(hours=20)


@transaction.atomic
def make_samples(stage: Field, now: dt.datetime) -> Lot:
    """Cases on their way to a store, some of their items frozen, and items that were never activated. Made once.

    What is under their caps is no cash: vouchers, and second envelopes.
    """
    there = lot_under(stage.product, SAMPLES)
    if there is not None:
        return there
    dealer = dealer_of(stage.stores[0])
    lot = send_lot(product=stage.product, name=SAMPLES, gift=VOUCHERS, needs={dealer: SAMPLE_CASES}, now=now)
    ordered(Maker(stage.brand, lot.items.batch), "item", SAMPLES_EACH, now)
    last = lot.items.last_serial
    frozen = SerialRange(last - SAMPLES_EACH + 1, last)
    freeze(brand=stage.brand, order_id=lot.items.pk, serials=frozen, actor=ACTOR, now=now, reason="Lost on the way")
    return lot


@transaction.atomic
def make_fresh_lot(stage: Field, now: dt.datetime) -> Lot:
    """Ten cases of fresh items, each received by another store, 20 hours after its dealer had it."""
    number = CodeOrder.objects.filter(brand=stage.brand, batch__lot__startswith=FRESH, level="item").count() + 1
    receivers = [stage.stores[index % len(stage.stores)] for index in range(FRESH_CASES)]
    counted = Counter(dealer_of(store) for store in receivers)
    needs = dict(sorted(counted.items(), key=lambda need: need[0].pk))
    gift = titled(f"新酒第 {number} 批", f"fresh lot {number}")
    arrived_at = now - ON_THE_ROAD
    lot = send_lot(product=stage.product, name=f"{FRESH}{number:03d}", gift=gift, needs=needs, now=arrived_at)
    cases = dealt(lot, {dealer.pk: count for dealer, count in needs.items()})
    waiting = {dealer: iter(range(span.first, span.last + 1)) for dealer, span in cases.items()}
    for store in receivers:
        receive_case(store=store, case_serial=next(waiting[dealer_of(store).pk]), now=now)
    return lot


def dealer_of(store: Store) -> Dealer:
    """The store's dealer; a store of the field has one."""
    assert store.dealer is not None
    return store.dealer
