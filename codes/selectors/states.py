"""The state of a unit, from what was said of the ranges it lies in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Value

from codes.models import CodeOrder, Span

StateName = Literal["issued", "active", "voided", "frozen", "recalled"]
NAMES: dict[str, StateName] = {"active": "active", "voided": "voided", "frozen": "frozen", "recalled": "recalled"}


@dataclass(frozen=True, slots=True)
class UnitState:
    """The order that a serial belongs to (with batch, product and brand loaded) and its state."""

    order: CodeOrder
    state: StateName


def state_of(serial: int) -> UnitState | None:
    """What a serial is; None where no order holds it. One query by index, whatever the number of codes."""
    point = Value(serial, output_field=BigIntegerField())
    live = Span.objects.filter(serials__contains=point, revoked_at__isnull=True).order_by("id")
    orders = CodeOrder.objects.select_related("batch__product", "brand")
    order = orders.filter(serials__contains=point).annotate(said=ArraySubquery(live.values("kind"))).first()
    if order is None:
        return None
    if order.state == CodeOrder.State.CANCELLED:
        return UnitState(order, "voided")
    return UnitState(order, decide(order.said))


def decide(said: Sequence[str]) -> StateName:
    """The state after these unrevoked statements, oldest first: recall, then freeze, then the newest."""
    for above_all in ("recalled", "frozen"):
        if above_all in said:
            return NAMES[above_all]
    return NAMES[said[-1]] if said else "issued"
