"""Goods of the market: codes ordered and activated, packed into cases and pallets, brought to the stores."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from codes.formats.code_text import Role
from codes.models import Batch, CodeOrder
from codes.services.ordering import place_order, release_order, review_order
from codes.services.spans import activate
from stores.models import Brand

ITEMS_PER_CASE = 12
CASES_PER_PALLET = 20
ROLES = {
    "item": (Role.ITEM_OUTER, Role.ITEM_INNER),
    "case": (Role.CASE_OUTER, Role.CASE_INNER),
    "pallet": (Role.PALLET,),
}


@dataclass(frozen=True, slots=True)
class Maker:
    """Who acts for the brand, and what it makes."""

    brand: Brand
    batch: Batch
    planner: str = "system:market-planner"
    reviewer: str = "system:market-reviewer"


@dataclass(frozen=True, slots=True)
class Lot:
    """Items with their cases and pallets, ordered together."""

    items: CodeOrder
    cases: CodeOrder
    pallets: CodeOrder


def ordered(maker: Maker, level: str, quantity: int, now: dt.datetime) -> CodeOrder:
    """A released order of `quantity` units, reviewed by a second person."""
    order = place_order(
        brand=maker.brand, batch=maker.batch, roles=ROLES[level], quantity=quantity, actor=maker.planner, now=now
    )
    review_order(order_id=order.pk, brand=maker.brand, actor=maker.reviewer, now=now)
    return release_order(order_id=order.pk, brand=maker.brand, actor=maker.reviewer, now=now)


def activated(maker: Maker, order: CodeOrder, now: dt.datetime) -> CodeOrder:
    """The whole order's codes are good from `now`."""
    activate(brand=maker.brand, order_id=order.pk, serials=None, actor=maker.planner, now=now)
    return order


def lot_of(maker: Maker, cases: int, now: dt.datetime) -> Lot:
    """Codes for `cases` full cases, their items and as many pallets as they fill, all activated and packed."""
    pallets = -(-cases // CASES_PER_PALLET)
    quantities = {"item": cases * ITEMS_PER_CASE, "case": cases, "pallet": pallets}
    orders = {
        level: activated(maker, ordered(maker, level, quantity, now), now) for level, quantity in quantities.items()
    }
    return Lot(items=orders["item"], cases=orders["case"], pallets=orders["pallet"])


def packings_of(lot: Lot) -> Sequence[tuple[int, int, int]]:
    """(parent serial, first child, last child) of the lot's cases and pallets, each filled in order."""
    rows = [
        (case, first, first + ITEMS_PER_CASE - 1)
        for case, first in zip(
            range(lot.cases.first_serial, lot.cases.last_serial + 1),
            range(lot.items.first_serial, lot.items.last_serial + 1, ITEMS_PER_CASE),
            strict=True,
        )
    ]
    for index, pallet in enumerate(range(lot.pallets.first_serial, lot.pallets.last_serial + 1)):
        first = lot.cases.first_serial + index * CASES_PER_PALLET
        rows.append((pallet, first, min(first + CASES_PER_PALLET - 1, lot.cases.last_serial)))
    return rows


def items_of(lot: Lot, case_serial: int) -> range:
    """The item serials inside a case of the lot."""
    first = lot.items.first_serial + (case_serial - lot.cases.first_serial) * ITEMS_PER_CASE
    return range(first, first + ITEMS_PER_CASE)
