"""Shipping, receiving and returning units."""

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from django.db import connection, transaction
from django.utils.translation import gettext as _

from codes.formats.serials import SerialRange
from codes.models import Movement, MovementLine
from codes.selectors.blocks import NO_RANK, issued_blocks
from codes.services.contradictions import gravest
from codes.services.movement_lines import Line, NewMovement, lines_of
from codes.services.refusals import UnknownUnits, offence
from core import audit
from core.clock import business_day
from core.errors import Invalid
from stores.models import Brand, Dealer, Store
from stores.services.counting import mark_day
from stores.services.ownership import require_same_brand

MOST_SPANS = 5_000
AHEAD = dt.timedelta(minutes=5)
"""How far a partner's clock may run ahead of ours."""


def move(*, brand: Brand, movement: NewMovement, actor: str, now: dt.datetime) -> Movement:
    """Write down a movement. A contradiction with custody is kept and flagged (codes.services.contradictions).

    A line counts the items inside at this moment, at any depth, but none of a unit that the same store or dealer is
    known to have received already: to say so twice brings no more goods. A store's receipt has its day counted anew.

    Raises:
        Invalid: unknown kind, no units, units named twice, a moment to come, a partner of another brand.
        UnknownUnits: a serial was not issued to the brand, or a range goes over units of two levels.
    """
    check(brand, movement, now)
    ranks = ranks_of(brand, movement.spans)
    with transaction.atomic():
        wait_for_turn(movement.partner)
        lines = lines_of(movement, ranks)
        row = write(brand, movement, lines, actor=actor, now=now)
        audit.record(
            actor=actor,
            action=f"units.{row.kind}",
            subject=row,
            at=now,
            brand_slug=brand.slug,
            after={"items": sum(line.items for line in lines), "lines": len(lines), "flag": row.flag},
        )
        if row.kind == Movement.Kind.RECEIVE and row.store_id is not None:
            mark_day(store_id=row.store_id, day=business_day(row.happened_at, brand.timezone))
    return row


def write(brand: Brand, movement: NewMovement, lines: Sequence[Line], *, actor: str, now: dt.datetime) -> Movement:
    """The rows of a movement."""
    partner = movement.partner
    row = Movement.objects.create(
        brand=brand,
        kind=movement.kind,
        store=partner if isinstance(partner, Store) else None,
        dealer=partner if isinstance(partner, Dealer) else None,
        reference=movement.reference,
        flag=gravest({line.flag for line in lines}),
        recorded_by=actor,
        happened_at=movement.happened_at,
        recorded_at=now,
    )
    written = [MovementLine(movement=row, serials=line.span.serials.bounds, items=line.items) for line in lines]
    MovementLine.objects.bulk_create(written, batch_size=1_000)
    return row


def wait_for_turn(partner: Store | Dealer) -> None:
    """Movements of one store or dealer come one after the other, so that a receipt sent twice at once counts once."""
    with connection.cursor() as cursor:
        name = f"movement:{type(partner).__name__}:{partner.pk}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def check(brand: Brand, movement: NewMovement, now: dt.datetime) -> None:
    """Refuse what is wrong by itself.

    Raises:
        Invalid: see `move`.
    """
    name = "store" if isinstance(movement.partner, Store) else "dealer"
    require_same_brand(brand, {name: movement.partner})
    wrong = {}
    if movement.kind not in Movement.Kind.values:
        wrong["kind"] = [_("One of: %(values)s.") % {"values": ", ".join(Movement.Kind.values)}]
    if movement.happened_at.tzinfo is None or movement.happened_at > now + AHEAD:
        wrong["happened_at"] = [_("A moment with its time zone, not in the future.")]
    if not 1 <= len(movement.spans) <= MOST_SPANS:
        wrong["units"] = [_("Between 1 and %(most)d ranges.") % {"most": MOST_SPANS}]
    ordered = sorted(movement.spans, key=lambda span: span.first)
    twice = next((after.first for before, after in pairwise(ordered) if after.first <= before.last), None)
    if twice is not None:
        wrong["units"] = [_("Unit %(serial)d is named twice.") % {"serial": twice}]
    if wrong:
        raise Invalid(fields=wrong)


def ranks_of(brand: Brand, spans: Sequence[SerialRange]) -> list[int]:
    """The level of each span as a rank of codes.selectors.blocks.

    Raises:
        UnknownUnits: see `move`.
    """
    firsts, lasts = [span.first for span in spans], [span.last for span in spans]
    placed = issued_blocks(brand.pk, firsts, lasts).place(np.array(firsts), np.array(lasts))
    strangers = np.flatnonzero(placed.ranks == NO_RANK)
    if len(strangers):
        row = int(strangers[0])
        message = _("Serial %(serial)d is no unit of yours, or of another level than those before it.")
        raise offence(UnknownUnits, f"units[{row}]", int(placed.offending[row]), message)
    return [int(rank) for rank in placed.ranks]
