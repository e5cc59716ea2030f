"""Saying one thing of many serials at once: checked under the locks of all their orders, and written by one statement.

Activation, voiding, freezing and recall go this way, be it of an order, a batch, a range, a list or a case's content.
A statement is accepted or refused as a whole. Said again, it answers what was said first and writes nothing.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from codes.formats.serial_ranges import Ranges, Serials
from codes.models import Batch, CodeOrder, Span
from codes.services.holds import lock_batch, ranges_of_batch
from codes.services.ordering import OrderState
from codes.services.refusals import UnknownUnits
from core import audit
from core.errors import Conflict, Invalid
from stores.models import Brand

Kind = Span.Kind
LEAVES_THE_HOUSE = frozenset({CodeOrder.State.RELEASED, CodeOrder.State.EXPORTED})
MOST_AHEAD = dt.timedelta(days=731)
REASON_LENGTH = 200

ORDERS = """
    SELECT o.id, lower(o.serials), upper(o.serials) - 1, o.state FROM codes_codeorder o
    WHERE o.brand_id = %s
      AND o.serials && (SELECT range_agg(int8range(f, l, '[]')) FROM unnest(%s::bigint[], %s::bigint[]) AS k(f, l))
    ORDER BY o.id
"""
ACTIVATED = """
    SELECT lower(s.serials) FROM codes_span s
    WHERE s.kind = 'active' AND s.revoked_at IS NULL
      AND s.serials && (SELECT range_agg(int8range(f, l, '[]')) FROM unnest(%s::bigint[], %s::bigint[]) AS k(f, l))
    ORDER BY s.serials LIMIT 1
"""
# Of two kinds of which the newest wins, a statement that a newer one has overruled is to be made anew.
SAID_BEFORE = """
    SELECT k.n - 1, s.id, s.call FROM unnest(%(orders)s::bigint[], %(firsts)s::bigint[], %(lasts)s::bigint[])
        WITH ORDINALITY AS k(o, f, l, n)
    CROSS JOIN LATERAL (
        SELECT s.id, s.call FROM codes_span s
        WHERE s.order_id = k.o AND s.kind = %(kind)s AND s.revoked_at IS NULL AND s.serials = int8range(k.f, k.l, '[]')
          AND s.effective_at <= %(until)s AND (s.effective_at = %(until)s OR NOT %(waits)s)
          AND (s.batch_id IS NOT NULL OR %(batch)s::bigint IS NULL)
        ORDER BY s.id DESC LIMIT 1
    ) s
    WHERE NOT EXISTS (
        SELECT FROM codes_span newer
        WHERE newer.kind = %(rival)s AND newer.id > s.id AND newer.revoked_at IS NULL
          AND newer.serials && int8range(k.f, k.l, '[]')
    )
    ORDER BY 1
"""
INSERT = """
    INSERT INTO codes_span (brand_id, order_id, kind, serials, reason, stated_by, stated_at, effective_at, call,
                            batch_id, revoked_by, revoke_reason)
    SELECT %(brand)s, o, %(kind)s, int8range(f, l, '[]'), %(reason)s, %(actor)s, %(now)s, %(effective)s, %(call)s,
           %(batch)s, '', ''
    FROM unnest(%(orders)s::bigint[], %(firsts)s::bigint[], %(lasts)s::bigint[]) AS k(o, f, l) ORDER BY f
"""
NO_ORDER = (0, -1, -1)
RIVAL: dict[str, str] = {Kind.ACTIVE: Kind.VOIDED, Kind.VOIDED: Kind.ACTIVE}


class AlreadyActivated(Conflict):
    code = "already_activated"
    title = gettext_lazy("Some of the serials were activated before.")


@dataclass(frozen=True, slots=True)
class Subject:
    """Which serials are spoken of. `batch`: the batch whose every order this is, if it is one.

    `named`: how they were named (order, batch, range, list, parent), for the audit trail.
    """

    named: str
    ranges: Ranges
    batch: Batch | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said. `effective_at`: a moment to come, for activations alone; None: at once."""

    kind: str
    reason: str = ""
    effective_at: dt.datetime | None = None


class Pieces(NamedTuple):
    """Ranges, none over two orders, and the order of each."""

    orders: Serials
    ranges: Ranges

    def chosen(self, which: Serials) -> "Pieces":
        """Some of them."""
        return Pieces(self.orders[which], Ranges(self.ranges.firsts[which], self.ranges.lasts[which]))


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement that would be accepted: all its pieces, and which of them were not said before.

    `call`: of the statement made before, where nothing is new.
    """

    pieces: Pieces
    fresh: Pieces
    call: UUID


def state(*, brand: Brand, subject: Subject, wording: Wording, actor: str, now: dt.datetime) -> Plan:
    """Say it, and answer what was written (`fresh`).

    Raises:
        Invalid: a moment that is not to come, or for another kind than activation.
        UnknownUnits: a serial is in no order of the brand, or in a cancelled one.
        OrderState: an order is cancelled, or not released and to be activated.
        AlreadyActivated: no serial is activated twice, be it now or later.
            These name the first offending serial, or the order.
    """
    with transaction.atomic():
        if subject.batch is not None:
            # orders may have been placed since the batch was named; none is while it is locked
            subject = replace(subject, ranges=ranges_of_batch(lock_batch(subject.batch.pk)))
        plan = planned(brand, subject, wording, now=now, lock=True)
        if len(plan.fresh.orders):
            write(plan, brand, subject, wording, actor=actor, now=now)
    return plan


def planned(brand: Brand, subject: Subject, wording: Wording, *, now: dt.datetime, lock: bool) -> Plan:
    """What would be written; reads only, and raises what `state` raises. `lock`: hold the orders until the commit."""
    pieces = cut(brand, subject.ranges, wording.kind, lock=lock)
    earlier = said_before(pieces, subject, wording, now=now)
    fresh = np.setdiff1d(np.arange(len(pieces.orders)), np.array([n for n, _id, _call in earlier], dtype=np.int64))
    plan = Plan(pieces, pieces.chosen(fresh), earlier[0][2] if earlier and not len(fresh) else uuid7())
    check_moment(wording, now=now, needed=bool(len(fresh)))
    if wording.kind == Kind.ACTIVE:
        check_not_activated(plan.fresh.ranges)
    return plan


def cut(brand: Brand, ranges: Ranges, kind: str, *, lock: bool) -> Pieces:
    """The ranges, cut where one order ends and another begins.

    Raises:
        UnknownUnits, OrderState: see `state`.
    """
    with connection.cursor() as cursor:
        asked = [brand.pk, ranges.firsts.tolist(), ranges.lasts.tolist()]
        cursor.execute(ORDERS + "FOR UPDATE" if lock else ORDERS, asked)
        orders = cursor.fetchall()
    for order_id, _first, _last, order_state in orders:
        check_state(order_id, order_state, kind)
    ids, firsts, lasts = np.array([row[:3] for row in sorted(orders, key=lambda row: row[1])] or [NO_ORDER]).T
    at = np.maximum(np.searchsorted(firsts, ranges.firsts, side="right") - 1, 0)
    counts = np.maximum(np.searchsorted(firsts, ranges.lasts, side="right") - 1, 0) - at + 1
    owner = np.repeat(np.arange(len(counts)), counts)
    place = at[owner] + np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    begins, ends = ranges.firsts[owner], ranges.lasts[owner]
    cut_firsts, cut_lasts = np.maximum(begins, firsts[place]), np.minimum(ends, lasts[place])
    check_covered(owner, Ranges(begins, ends), Ranges(cut_firsts, cut_lasts))
    return Pieces(ids[place], Ranges(cut_firsts, cut_lasts))


def check_covered(owner: Serials, asked: Ranges, found: Ranges) -> None:
    """The pieces of each range touch each other and reach from its first serial to its last. Raises UnknownUnits."""
    reached = np.maximum(found.lasts, asked.firsts - 1)
    expected = asked.firsts.copy()
    goes_on = owner[1:] == owner[:-1]
    expected[1:][goes_on] = reached[:-1][goes_on] + 1
    is_last = np.append(~goes_on, True)
    missing = np.concatenate([expected[found.firsts != expected], reached[is_last & (reached != asked.lasts)] + 1])
    if len(missing):
        offending = int(missing.min())
        message = _("Serial %(serial)d is no unit of yours.") % {"serial": offending}
        raise UnknownUnits(message, first_offending_serial=offending)


def check_state(order_id: int, order_state: str, kind: str) -> None:
    """Nothing is said of a cancelled order; only what was released is activated. Raises OrderState."""
    if order_state == CodeOrder.State.CANCELLED:
        raise OrderState(_("The order was cancelled."), state=order_state, order=order_id)
    if kind == Kind.ACTIVE and order_state not in LEAVES_THE_HOUSE:
        raise OrderState(_("Only a released order can be activated."), state=order_state, order=order_id)


def said_before(pieces: Pieces, subject: Subject, wording: Wording, *, now: dt.datetime) -> list[tuple[int, int, UUID]]:
    """Pieces (by number) of which the same was said and not overruled since: the span and its call."""
    with connection.cursor() as cursor:
        cursor.execute(
            SAID_BEFORE,
            columns_of(pieces)
            | {
                "kind": wording.kind,
                "rival": RIVAL.get(wording.kind, ""),
                "until": wording.effective_at or now,
                "waits": wording.effective_at is not None,
                "batch": subject.batch.pk if subject.batch else None,
            },
        )
        return list(cursor.fetchall())


def check_moment(wording: Wording, *, now: dt.datetime, needed: bool) -> None:
    """A moment is one to come, and for activations alone. What was said before may have taken effect since."""
    if wording.effective_at is None:
        return
    if wording.kind != Kind.ACTIVE:
        raise Invalid(fields={"effective_at": [_("Only an activation can wait: this takes effect at once.")]})
    if needed and not now < wording.effective_at <= now + MOST_AHEAD:
        raise Invalid(fields={"effective_at": [_("Give a moment to come, at most two years ahead.")]})


def check_not_activated(ranges: Ranges) -> None:
    """No serial is activated twice, nor once now and once later: a scheduled activation is cancelled first."""
    with connection.cursor() as cursor:
        cursor.execute(ACTIVATED, [ranges.firsts.tolist(), ranges.lasts.tolist()])
        found = cursor.fetchone()
    if found is None:
        return
    behind = ranges.firsts[ranges.lasts >= found[0]][0]
    offending = max(found[0], int(behind))
    raise AlreadyActivated(
        _("Serial %(serial)d was activated before.") % {"serial": offending},
        first_offending_serial=offending,
    )


def write(plan: Plan, brand: Brand, subject: Subject, wording: Wording, *, actor: str, now: dt.datetime) -> None:
    """The spans that are new, and one entry that tells of them."""
    effective_at = wording.effective_at or now
    values = {
        "brand": brand.pk,
        "kind": wording.kind,
        "reason": wording.reason,
        "actor": actor,
        "now": now,
        "effective": effective_at,
        "call": plan.call,
        "batch": subject.batch.pk if subject.batch else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(INSERT, columns_of(plan.fresh) | values)
    fresh = plan.fresh.ranges
    audit.record(
        actor=actor,
        action=f"span.{wording.kind}",
        subject=Span.objects.filter(call=plan.call).order_by("id")[0],
        at=now,
        brand_slug=brand.slug,
        after={
            "order": int(plan.fresh.orders[0]),
            "kind": wording.kind,
            "serials": [int(fresh.firsts[0]), int(fresh.lasts[-1])],
            "named": subject.named,
            "ranges": len(fresh.firsts),
            "units": fresh.units,
            "reason": wording.reason,
            "effective_at": effective_at.isoformat(),
            "call": str(plan.call),
        },
    )


def columns_of(pieces: Pieces) -> dict[str, Any]:
    """Pieces as parameters."""
    return {
        "orders": pieces.orders.tolist(),
        "firsts": pieces.ranges.firsts.tolist(),
        "lasts": pieces.ranges.lasts.tolist(),
    }
