"""Shipping, receiving, returning, destroying and sampling units."""

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from django.db import connection, transaction
from django.utils.translation import gettext as _

from codes.formats.serials import SerialRange
from codes.models import Movement, MovementLine
from codes.models.movement import GONE
from codes.selectors.blocks import NO_RANK, issued_blocks
from codes.selectors.contents import ITEM
from codes.services.contradictions import Partner, gravest
from codes.services.differences import differences_of
from codes.services.exceptions import raise_exceptions
from codes.services.moments import is_to_come
from codes.services.movement_lines import Line, NewMovement, lines_of
from codes.services.refusals import UnknownUnits, offence
from core import audit
from core.clock import business_day
from core.errors import Invalid
from stores.models import Brand, Dealer, Store
from stores.services.counting import mark_day
from stores.services.ownership import require_same_brand

MOST_SPANS = 5_000


def move(*, brand: Brand, movement: NewMovement, actor: str, now: dt.datetime) -> Movement:
    """Write down a movement. What contradicts is kept, flagged, and left as exceptions to be solved.

    A line counts the items inside at this moment, at any depth, but none of a unit that the same store or dealer is
    known to have received already: to say so twice brings no more goods. Of a case or pallet that was counted and
    found short, it counts the part that was found. A store's receipt has its day counted anew.

    Raises:
        Invalid: unknown kind, no units, units named twice, a moment to come, a partner of another brand, no partner
            where there must be one, counts of what is not received or is no single case or pallet.
        UnknownUnits: a serial was not issued to the brand, or a range goes over units of two levels.
    """
    check(brand, movement, now)
    ranks = ranks_of(brand, movement.moved)
    check_counts(brand, movement)
    with transaction.atomic():
        wait_for_turn(brand, movement.partner)
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
    """The rows of a movement, and of what does not fit in it."""
    partner = movement.partner
    differences = differences_of(brand, movement, lines)
    faults = [fault for line in lines for fault in line.faults]
    row = Movement.objects.create(
        brand=brand,
        kind=movement.kind,
        store=partner if isinstance(partner, Store) else None,
        dealer=partner if isinstance(partner, Dealer) else None,
        reference=movement.reference,
        flag=gravest([*(fault.kind for fault in faults), *(found.kind for found in differences)]),
        recorded_by=actor,
        happened_at=movement.happened_at,
        recorded_at=now,
    )
    written = [
        MovementLine(movement=row, serials=line.span.serials.bounds, items=line.items, counted=line.counted)
        for line in lines
    ]
    MovementLine.objects.bulk_create(written, batch_size=1_000)
    raise_exceptions(row, faults, differences)
    return row


def wait_for_turn(brand: Brand, partner: Partner) -> None:
    """Movements of one store or dealer come one after the other, so that a receipt sent twice at once counts once."""
    place = partner or brand
    with connection.cursor() as cursor:
        name = f"movement:{type(place).__name__}:{place.pk}"
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
    elif movement.partner is None and movement.kind not in GONE:
        wrong["store"] = [_("Give either a store or a dealer.")]
    if is_to_come(movement.happened_at, now):
        wrong["happened_at"] = [_("A moment with its time zone, not in the future.")]
    if movement.is_whole and not movement.reference:
        wrong["reference"] = [_("Name the delivery note that this is the whole of.")]
    if movement.is_whole and movement.kind != Movement.Kind.RECEIVE:
        wrong["whole_delivery"] = [_("Only what is received is counted.")]
    if movement.counts and movement.kind != Movement.Kind.RECEIVE:
        wrong["units"] = [_("Only what is received is counted.")]
    wrong |= wrong_spans(movement.moved)
    if wrong:
        raise Invalid(fields=wrong)


def wrong_spans(spans: Sequence[SerialRange]) -> dict[str, list[str]]:
    """What is wrong with the units that move: none, too many, or one of them twice."""
    if not 1 <= len(spans) <= MOST_SPANS:
        return {"units": [_("Between 1 and %(most)d ranges.") % {"most": MOST_SPANS}]}
    ordered = sorted(spans, key=lambda span: span.first)
    twice = next((after.first for before, after in pairwise(ordered) if after.first <= before.last), None)
    return {} if twice is None else {"units": [_("Unit %(serial)d is named twice.") % {"serial": twice}]}


def check_counts(brand: Brand, movement: NewMovement) -> None:
    """Only single cases and pallets are counted, each once.

    Raises:
        Invalid: see `move`.
        UnknownUnits: a counted unit was not issued to the brand.
    """
    if not movement.counts:
        return
    holders = [SerialRange(count.holder, count.holder) for count in movement.counts]
    ranks = ranks_of(brand, holders)
    if len(set(holders)) < len(holders) or not set(holders) <= set(movement.spans) or ITEM in ranks:
        raise Invalid(fields={"units": [_("Count only single cases and pallets of this receipt, each once.")]})


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
        raise offence(UnknownUnits, f"units.{row}", int(placed.offending[row]), message)
    return [int(rank) for rank in placed.ranks]
