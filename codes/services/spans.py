"""What is said of an order or a range of it: activated, voided, frozen, recalled.

A statement is written under the order's lock, so statements about a serial have one order in time. It is accepted or
refused as a whole. Said again of the same range, it answers the first statement. `codes.services.subjects` speaks of
batches, lists and cases in the same way.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from codes.formats.serials import SerialRange
from codes.models import Span
from codes.services.statements import LEAVES_THE_HOUSE, AlreadyActivated, Kind, Wording, state
from codes.services.subjects import SerialsOutsideOrder, bounds_within, of_order, whole_batch
from stores.models import Brand

__all__ = ["LEAVES_THE_HOUSE", "AlreadyActivated", "Kind", "SerialsOutsideOrder", "bounds_within"]


@dataclass(frozen=True, slots=True)
class Part:
    """An order of a brand, or a range of it. Without serials, the whole order."""

    brand: Brand
    order_id: int
    serials: SerialRange | None


def activate(
    *,
    brand: Brand,
    order_id: int,
    serials: SerialRange | None,
    actor: str,
    now: dt.datetime,
    reason: str = "",
    effective_at: dt.datetime | None = None,
) -> Span:
    """From `effective_at` on (None: from now on) these codes are good.

    Raises:
        NotFound: the brand has no such order.
        OrderState: the order is not released.
        Invalid: `effective_at` is not to come, or more than two years ahead.
        SerialsOutsideOrder, AlreadyActivated: with the first offending serial among the facts.
    """
    return say(Part(brand, order_id, serials), Wording(Kind.ACTIVE, reason, effective_at), actor=actor, now=now)


def void(
    *, brand: Brand, order_id: int, serials: SerialRange | None, actor: str, now: dt.datetime, reason: str = ""
) -> Span:
    """These codes are spoiled or lost, for good. Raises NotFound, OrderState (cancelled), SerialsOutsideOrder."""
    return say(Part(brand, order_id, serials), Wording(Kind.VOIDED, reason), actor=actor, now=now)


def freeze(
    *, brand: Brand, order_id: int, serials: SerialRange | None, actor: str, now: dt.datetime, reason: str = ""
) -> Span:
    """Nothing is paid on these codes until the freeze is revoked. Raises as `void`."""
    return say(Part(brand, order_id, serials), Wording(Kind.FROZEN, reason), actor=actor, now=now)


def recall(
    *, brand: Brand, order_id: int, serials: SerialRange | None, actor: str, now: dt.datetime, reason: str = ""
) -> Span:
    """The goods must come back; whoever scans them is told. Raises as `void`."""
    return say(Part(brand, order_id, serials), Wording(Kind.RECALLED, reason), actor=actor, now=now)


def say_of_batch(
    *, kind: Span.Kind, brand: Brand, batch_id: int, actor: str, now: dt.datetime, reason: str = ""
) -> list[Span]:
    """Say one thing of all orders of a batch that were not cancelled; all or none.

    A freeze or recall holds for orders of the batch that are placed later, too.
    Raises NotFound (the brand has no such batch, or it has no orders), and what saying it of each order raises.
    """
    subject = whole_batch(brand, batch_id)
    plan = state(brand=brand, subject=subject, wording=Wording(kind, reason), actor=actor, now=now)
    orders = plan.pieces.orders.tolist()
    said = Span.objects.filter(order_id__in=orders, kind=kind, batch_id=batch_id, revoked_at__isnull=True)
    return list(said.order_by("order_id", "-id").distinct("order_id"))


def say(part: Part, wording: Wording, *, actor: str, now: dt.datetime) -> Span:
    """Say it of an order or a range of it, and answer the statement, be it new or the one made before."""
    with transaction.atomic():
        subject = of_order(part.brand, part.order_id, part.serials)
        plan = state(brand=part.brand, subject=subject, wording=wording, actor=actor, now=now)
        (first,), (last,) = plan.pieces.ranges
        said = Span.objects.filter(order_id=part.order_id, call=plan.call, kind=wording.kind)
        return said.filter(serials=(int(first), int(last) + 1)).latest("id")
