"""Batches that are frozen or recalled as a whole: orders placed later are so from their first moment."""

import datetime as dt

from codes.formats.serial_ranges import Ranges, ranges_of
from codes.formats.serials import SerialRange
from codes.models import Batch, CodeOrder, Span

HOLDS = (Span.Kind.FROZEN, Span.Kind.RECALLED)


def lock_batch(batch_id: int) -> Batch:
    """The batch, its row locked: of a new order and a statement about the whole batch one comes after the other."""
    return Batch.objects.select_for_update(no_key=True).get(pk=batch_id)


def ranges_of_batch(batch: Batch) -> Ranges:
    """The serials of all its orders that were not cancelled."""
    orders = CodeOrder.objects.filter(batch=batch).exclude(state=CodeOrder.State.CANCELLED).only("serials")
    return ranges_of(*(SerialRange(order.first_serial, order.last_serial) for order in orders))


def inherit_holds(order: CodeOrder, *, now: dt.datetime) -> None:
    """Say of a new order what is said of its whole batch. To be called with the batch locked."""
    held = Span.objects.filter(batch_id=order.batch_id, kind__in=HOLDS, revoked_at__isnull=True)
    Span.objects.bulk_create(
        Span(
            brand_id=order.brand_id,
            order=order,
            kind=hold.kind,
            serials=(order.first_serial, order.last_serial + 1),
            reason=hold.reason,
            stated_by=hold.stated_by,
            stated_at=now,
            effective_at=now,
            call=hold.call,
            batch_id=order.batch_id,
        )
        for hold in held.order_by("call", "id").distinct("call")
    )
