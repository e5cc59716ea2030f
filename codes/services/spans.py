"""What is said of ranges of serials: activated, voided, frozen, recalled, and each of them taken back.

A statement concerns serials of one order and is written under that order's lock, so statements about a serial have
one order in time. It is accepted or refused as a whole. Said again of the same range, it answers the first statement.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.formats.serials import SerialRange
from codes.models import CodeOrder, Span
from codes.services.locking import lock_order
from codes.services.ordering import OrderState
from core import audit
from core.errors import Conflict, Invalid, NotFound
from stores.models import Brand

Kind = Span.Kind
NEWEST_WINS = frozenset({Kind.ACTIVE, Kind.VOIDED})
LEAVES_THE_HOUSE = frozenset({CodeOrder.State.RELEASED, CodeOrder.State.EXPORTED})


class SerialsOutsideOrder(Invalid):
    code = "serials_outside_order"
    title = gettext_lazy("Some of the serials do not belong to the order.")


class AlreadyActivated(Conflict):
    code = "already_activated"
    title = gettext_lazy("Some of the serials were activated before.")


@dataclass(frozen=True, slots=True)
class Statement:
    """What is to be said. Without serials, of the whole order."""

    kind: Kind
    brand: Brand
    order_id: int
    serials: SerialRange | None
    actor: str
    reason: str


def activate(
    *, brand: Brand, order_id: int, serials: SerialRange | None, actor: str, now: dt.datetime, reason: str = ""
) -> Span:
    """From now on these codes are good.

    Raises:
        NotFound: the brand has no such order.
        OrderState: the order is not released.
        SerialsOutsideOrder, AlreadyActivated: with the first offending serial among the facts.
    """
    return say(Statement(Kind.ACTIVE, brand, order_id, serials, actor, reason), now=now)


def void(
    *, brand: Brand, order_id: int, serials: SerialRange | None, actor: str, now: dt.datetime, reason: str = ""
) -> Span:
    """These codes are spoiled or lost. Raises NotFound, OrderState (cancelled), SerialsOutsideOrder."""
    return say(Statement(Kind.VOIDED, brand, order_id, serials, actor, reason), now=now)


def freeze(
    *, brand: Brand, order_id: int, serials: SerialRange | None, actor: str, now: dt.datetime, reason: str = ""
) -> Span:
    """Nothing is paid on these codes until the freeze is revoked. Raises as `void`."""
    return say(Statement(Kind.FROZEN, brand, order_id, serials, actor, reason), now=now)


def recall(
    *, brand: Brand, order_id: int, serials: SerialRange | None, actor: str, now: dt.datetime, reason: str = ""
) -> Span:
    """The goods must come back; whoever scans them is told. Raises as `void`."""
    return say(Statement(Kind.RECALLED, brand, order_id, serials, actor, reason), now=now)


def say_of_batch(
    *, kind: Kind, brand: Brand, batch_id: int, actor: str, now: dt.datetime, reason: str = ""
) -> list[Span]:
    """Say one thing of all orders of a batch that were not cancelled; all or none.

    Raises NotFound (the brand has no such batch), and what saying it of each order raises.
    """
    with transaction.atomic():
        orders = CodeOrder.objects.filter(brand=brand, batch_id=batch_id).exclude(state=CodeOrder.State.CANCELLED)
        order_ids = list(orders.order_by("id").values_list("id", flat=True))
        if not order_ids:
            raise NotFound(_("The batch has no orders."))
        return [say(Statement(kind, brand, order_id, None, actor, reason), now=now) for order_id in order_ids]


def revoke(*, brand: Brand, span_id: int, actor: str, now: dt.datetime) -> Span:
    """Take a statement back, as if it had not been made. Repeated, it answers the same. Raises NotFound."""
    with transaction.atomic():
        span = Span.objects.filter(pk=span_id, brand=brand).first()
        if span is None:
            raise NotFound
        lock_order(span.order_id, brand)
        span.refresh_from_db()
        if span.revoked_at is not None:
            return span
        span.revoked_by, span.revoked_at = actor, now
        span.save(update_fields=["revoked_by", "revoked_at"])
        write_audit(span, actor=actor, action="span.revoke", now=now)
        return span


def say(statement: Statement, *, now: dt.datetime) -> Span:
    """Check a statement under the order's lock, and write it."""
    with transaction.atomic():
        order = lock_order(statement.order_id, statement.brand)
        check_state(order, statement.kind)
        bounds = bounds_within(order, statement.serials)
        earlier = said_before(order, statement.kind, bounds)
        if earlier is not None:
            return earlier
        if statement.kind == Kind.ACTIVE:
            check_not_activated(live_over(order, bounds), bounds)
        span = Span.objects.create(
            brand=statement.brand,
            order=order,
            kind=statement.kind,
            serials=bounds,
            reason=statement.reason,
            stated_by=statement.actor,
            stated_at=now,
        )
        span.refresh_from_db(fields=["serials"])
        write_audit(span, actor=statement.actor, action=f"span.{statement.kind}", now=now)
        return span


def check_state(order: CodeOrder, kind: Kind) -> None:
    """Nothing is said of a cancelled order; only what was released is activated."""
    if order.state == CodeOrder.State.CANCELLED:
        raise OrderState(_("The order was cancelled."), state=order.state)
    if kind == Kind.ACTIVE and order.state not in LEAVES_THE_HOUSE:
        raise OrderState(_("Only a released order can be activated."), state=order.state)


def bounds_within(order: CodeOrder, serials: SerialRange | None) -> tuple[int, int]:
    """The range to speak of, end excluded; refused whole where a serial lies outside of the order's block."""
    if serials is None:
        return order.first_serial, order.last_serial + 1
    if serials.first < order.first_serial or serials.first > order.last_serial:
        offending = serials.first
    elif serials.last > order.last_serial:
        offending = order.last_serial + 1
    else:
        return serials.bounds
    message = _("Serial %(serial)d is not of this order, which holds %(first)d to %(last)d.")
    values = {"serial": offending, "first": order.first_serial, "last": order.last_serial}
    raise SerialsOutsideOrder(fields={"first_serial": [message % values]}, first_offending_serial=offending)


def live_over(order: CodeOrder, bounds: tuple[int, int]) -> QuerySet[Span]:
    """The order's unrevoked statements about any serial of the range."""
    return Span.objects.filter(order=order, revoked_at__isnull=True, serials__overlap=bounds)


def said_before(order: CodeOrder, kind: Kind, bounds: tuple[int, int]) -> Span | None:
    """The same statement about the same range, if it was made and nothing newer has overruled it."""
    live = live_over(order, bounds)
    earlier = live.filter(kind=kind, serials=bounds).order_by("-id").first()
    if earlier is None or kind not in NEWEST_WINS:
        return earlier
    overruled = live.filter(kind__in=NEWEST_WINS - {kind}, id__gt=earlier.pk).exists()
    return None if overruled else earlier


def check_not_activated(live: QuerySet[Span], bounds: tuple[int, int]) -> None:
    """No serial is activated twice; a void is taken back by revoking it, not by activating again."""
    active = live.filter(kind=Kind.ACTIVE).order_by("serials").first()
    if active is not None:
        offending = max(active.serials.lower, bounds[0])
        raise AlreadyActivated(
            _("Serial %(serial)d was activated before.") % {"serial": offending}, first_offending_serial=offending
        )


def write_audit(span: Span, *, actor: str, action: str, now: dt.datetime) -> None:
    """One entry that tells the range with both ends."""
    audit.record(
        actor=actor,
        action=action,
        subject=span,
        at=now,
        brand_slug=span.brand.slug,
        after={
            "order": span.order_id,
            "kind": span.kind,
            "serials": [span.serials.lower, span.serials.upper - 1],
            "reason": span.reason,
        },
    )
