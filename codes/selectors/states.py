"""The state of a unit, from what was said of the ranges it lies in."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Value

from codes.models import CodeOrder, Span
from codes.selectors.destroyed import destroyed_among

StateName = Literal["issued", "active", "voided", "frozen", "recalled"]
NAMES: dict[str, StateName] = {"active": "active", "voided": "voided", "frozen": "frozen", "recalled": "recalled"}


@dataclass(frozen=True, slots=True)
class UnitState:
    """The order that a serial belongs to (with batch, product and brand loaded) and its state."""

    order: CodeOrder
    state: StateName


def state_of(serial: int, *, now: dt.datetime) -> UnitState | None:
    """What a serial is as of `now`; None where no order holds it. Two queries by index, however many codes."""
    point = Value(serial, output_field=BigIntegerField())
    live = Span.objects.filter(serials__contains=point, revoked_at__isnull=True, effective_at__lte=now).order_by("id")
    orders = CodeOrder.objects.select_related("batch__product", "brand")
    order = orders.filter(serials__contains=point).annotate(said=ArraySubquery(live.values("kind"))).first()
    if order is None:
        return None
    return UnitState(order, decide_of_unit(decide_of_order(order.state, order.said), bool(destroyed_among([serial]))))


def decide_of_unit(state: StateName, destroyed: bool) -> StateName:
    """The state after what happened to the unit: destroyed is void; that it is recalled is told all the same."""
    return "voided" if destroyed and state != "recalled" else state


def decide_of_order(order_state: str, said: Sequence[str]) -> StateName:
    """The state of a unit of an order in this state; a cancelled order's units are void, whatever was said."""
    return "voided" if order_state == CodeOrder.State.CANCELLED else decide(said)


def decide(said: Sequence[str]) -> StateName:
    """The state after these unrevoked statements in effect, oldest first: recall, then freeze, then the newest."""
    for above_all in ("recalled", "frozen"):
        if above_all in said:
            return NAMES[above_all]
    return NAMES[said[-1]] if said else "issued"
