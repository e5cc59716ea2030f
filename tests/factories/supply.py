"""Goods for tests: issued items, cases and pallets of one brand, packings and movements made through the services."""

import datetime as dt
from dataclasses import dataclass, field

from codes.formats.code_text import Role
from codes.formats.serials import SerialRange
from codes.models import CodeOrder, Movement
from codes.services.movement_lines import NewMovement
from codes.services.moving import move
from codes.services.packing import pack
from stores.models import Brand, Dealer, Store
from tests.factories.codes import BatchFactory, make_order
from tests.factories.stores import NOON

ACTOR = "client:warehouse"


@dataclass
class Goods:
    """Items, cases and pallets of one batch. `brand` is made where none is given."""

    items: CodeOrder
    cases: CodeOrder
    pallets: CodeOrder
    brand: Brand = field(init=False)

    def __post_init__(self):
        self.brand = self.items.brand

    def item(self, number):
        return self.items.first_serial + number

    def case(self, number):
        return self.cases.first_serial + number

    def pallet(self, number=0):
        return self.pallets.first_serial + number


def make_goods(*, brand: Brand | None = None, items: int = 24, cases: int = 4, pallets: int = 2) -> Goods:
    """Released orders for that many units, nothing packed."""
    batch = BatchFactory(product__brand=brand) if brand else BatchFactory()
    return Goods(
        items=make_order(batch=batch, roles=(Role.ITEM_OUTER, Role.ITEM_INNER), quantity=items),
        cases=make_order(batch=batch, roles=(Role.CASE_OUTER, Role.CASE_INNER), quantity=cases),
        pallets=make_order(batch=batch, roles=(Role.PALLET,), quantity=pallets),
    )


def make_packed_goods(*, brand: Brand | None = None, per_case: int = 6) -> Goods:
    """24 items in 4 cases of `per_case`; cases 0 and 1 on pallet 0, cases 2 and 3 on pallet 1."""
    goods = make_goods(brand=brand, items=4 * per_case)
    rows = [(goods.case(n), goods.item(n * per_case), goods.item(n * per_case + per_case - 1)) for n in range(4)]
    rows += [(goods.pallet(n), goods.case(2 * n), goods.case(2 * n + 1)) for n in range(2)]
    pack(brand=goods.brand, packings=rows, actor=ACTOR, now=NOON)
    return goods


def moved(
    kind: str, partner: Store | Dealer | Brand, first: int, last: int | None = None, *, at: dt.datetime = NOON, **facts
) -> Movement:
    """A movement of the units first..last (or of one), reported at once; at the brand itself where that is given."""
    span = SerialRange(first, first if last is None else last)
    is_brand = isinstance(partner, Brand)
    new = NewMovement(kind, None if is_brand else partner, [span], happened_at=at, **facts)
    return move(brand=partner if is_brand else partner.brand, movement=new, actor=ACTOR, now=max(at, NOON))
