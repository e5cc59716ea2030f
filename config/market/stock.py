"""A lot of goods on its way: ordered, packed, sent to the dealers, under a campaign. All or nothing."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.formats.serials import SerialRange
from codes.models import CodeOrder, Movement, Product
from codes.services.movement_lines import NewMovement
from codes.services.moving import move
from codes.services.packing import pack
from codes.services.products import BatchFacts, create_batch
from codes.services.receiving import Receipt, receive_by_code
from config.market.envelopes import Gift, running_campaign
from config.market.goods import Lot, Maker, lot_of, packings_of
from stores.models import Dealer, Store

ACTOR = "system:market-warehouse"
RIPENS = dt.timedelta(days=40)
RUNS_ON = dt.timedelta(days=90)
PACKED_BEFORE = dt.timedelta(days=2)
SHIPPED_BEFORE = dt.timedelta(days=1)


def lot_under(product: Product, name: str) -> Lot | None:
    """The goods of this lot, if they were made."""
    orders = CodeOrder.objects.select_related("brand").filter(batch__product=product, batch__lot=name).order_by("pk")
    first: dict[str, CodeOrder] = {}
    for order in orders:
        first.setdefault(order.level, order)
    return Lot(items=first["item"], cases=first["case"], pallets=first["pallet"]) if first else None


@transaction.atomic
def send_lot(*, product: Product, name: str, gift: Gift, needs: Mapping[Dealer, int], now: dt.datetime) -> Lot:
    """So many cases for each dealer, which has them by `now`, with a campaign over the items from `now` on.

    They were packed two days before and shipped one day before.
    """
    packed_at = now - PACKED_BEFORE
    batch = create_batch(product=product, facts=batch_facts(name, now), actor=ACTOR, now=now)
    maker = Maker(product.brand, batch)
    lot = lot_of(maker, sum(needs.values()), packed_at)
    pack(brand=maker.brand, packings=packings_of(lot), actor=ACTOR, now=packed_at)
    for dealer, cases in dealt(lot, {dealer.pk: count for dealer, count in needs.items()}).items():
        partner = next(one for one in needs if one.pk == dealer)
        for kind, at in ((Movement.Kind.SHIP, now - SHIPPED_BEFORE), (Movement.Kind.RECEIVE, now)):
            moved = NewMovement(kind, partner, [cases], happened_at=at, reference=f"{name}-{partner.number}")
            move(brand=maker.brand, movement=moved, actor=ACTOR, now=at)
    running_campaign(brand=maker.brand, orders=[lot.items], gift=gift, days=(now, now + RUNS_ON), now=now)
    return lot


def batch_facts(name: str, now: dt.datetime) -> BatchFacts:
    """A lot that was made some weeks ago."""
    return BatchFacts(name, produced_on=(now - RIPENS).date())


def dealt(lot: Lot, needs: Mapping[int, int]) -> dict[int, SerialRange]:
    """The lot's cases, one dealer's after the other's; dealers without any are left out."""
    found, first = {}, lot.cases.first_serial
    for dealer, count in needs.items():
        if count:
            found[dealer] = SerialRange(first, first + count - 1)
            first += count
    return found


def receive_case(*, store: Store, case_serial: int, now: dt.datetime) -> Receipt:
    """The store opens the case and scans the mark inside. Repeating is harmless."""
    code = code_cipher().encode(Role.CASE_INNER, case_serial)
    return receive_by_code(store=store, code_text=code, actor=f"store:{store.number}", now=now)
