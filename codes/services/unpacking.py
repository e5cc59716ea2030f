"""Emptying cases and pallets, and taking some of what is inside out of them."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.formats.serials import SerialRange, joined
from codes.models import Packing
from codes.selectors.destroyed import destroyed_among
from codes.services.moments import AHEAD, moment_told
from codes.services.packing import CHILDREN
from core import audit
from core.errors import Conflict
from stores.models import Brand

PACKED_NOW = f"""
    SELECT * FROM codes_packing WHERE brand_id = %s AND unpacked_at IS NULL AND children && {CHILDREN}
    ORDER BY children FOR UPDATE
"""  # noqa: S608 - joined from constant texts


class UnitDestroyed(Conflict):
    code = "unit_destroyed"
    title = gettext_lazy("Some of the units were destroyed.")


class NotPacked(Conflict):
    code = "not_packed"
    title = gettext_lazy("Some of the units are not packed.")


@transaction.atomic
def unpack(
    *, brand: Brand, parents: Sequence[int], actor: str, now: dt.datetime, happened_at: dt.datetime | None = None
) -> int:
    """Empty these cases or pallets; how many packings ended. `happened_at` as of `pack`.

    Raises:
        Invalid: a moment to come.
        NotPacked: one of them holds nothing, did not at that moment, or is not the brand's; named as
            `first_offending_serial`. None is emptied.
        UnitDestroyed: one of them was destroyed, and what was in it with it; named likewise.
    """
    present = Packing.objects.filter(brand=brand, parent_serial__in=parents, unpacked_at__isnull=True)
    held = list(present.select_for_update().order_by("pk"))
    holding = {packing.parent_serial for packing in held}
    empty = next((serial for serial in parents if serial not in holding), None)
    if empty is not None:
        raise NotPacked(_("Nothing is packed into unit %(serial)d.") % {"serial": empty}, first_offending_serial=empty)
    check_not_destroyed(parents)
    ended = end(held, actor=actor, now=now, happened_at=happened_at)
    audit.record(
        actor=actor,
        action="units.unpacked",
        subject=brand,
        at=now,
        brand_slug=brand.slug,
        after={"packings": ended, "parents": len(set(parents))},
    )
    return ended


def end(packings: Sequence[Packing], *, actor: str, now: dt.datetime, happened_at: dt.datetime | None) -> int:
    """Write down that these locked packings ended; how many. Raises Invalid and NotPacked, as `unpack`."""
    at = moment_told(happened_at, now)
    if happened_at is not None:
        check_packed_then(packings, at)
    ended = Packing.objects.filter(pk__in=[packing.pk for packing in packings])
    not_before = Greatest("packed_at", Value(at)) if happened_at is not None else at
    return ended.update(unpacked_at=not_before, unpacking_recorded_at=now, unpacked_by=actor)


def take_out(
    *,
    brand: Brand,
    children: Sequence[SerialRange],
    actor: str,
    now: dt.datetime,
    happened_at: dt.datetime | None = None,
) -> int:
    """Take these children out of whatever they are in; what else was in there stays. How many were taken out.

    `happened_at` as of `pack`. The number of statements does not grow with the ranges.

    Raises:
        Invalid: a moment to come.
        NotPacked: one of them is in nothing, or was not at that moment; named as `first_offending_serial`. None is
            taken out.
        UnitDestroyed: what one of them is in was destroyed, named likewise: its content does not come back by this.
    """
    ranges = joined(children)
    firsts, lasts = [each.first for each in ranges], [each.last for each in ranges]
    count = sum(each.count for each in ranges)
    with transaction.atomic():
        packings = list(Packing.objects.raw(PACKED_NOW, [brand.pk, firsts, lasts]))
        check_all_inside(ranges, packings)
        check_not_destroyed([packing.parent_serial for packing in packings])
        end(packings, actor=actor, now=now, happened_at=happened_at)
        signed = {"packed_by": actor, "packed_at": moment_told(happened_at, now), "recorded_at": now}
        Packing.objects.bulk_create(
            Packing(brand=brand, parent_serial=packing.parent_serial, children=rest.bounds, **signed)
            for packing, rest in left_inside(packings, ranges)
        )
        audit.record(
            actor=actor,
            action="units.taken_out",
            subject=brand,
            at=now,
            brand_slug=brand.slug,
            after={"children": [firsts[0], lasts[-1]], "count": count},
        )
    return count


def left_inside(packings: Sequence[Packing], ranges: Sequence[SerialRange]) -> Iterator[tuple[Packing, SerialRange]]:
    """What is left of each packing without these children. All are in order and apart."""
    taken = iter(ranges)
    span = next(taken, None)
    for packing in packings:
        begin, behind = packing.children.lower, packing.children.upper
        while span is not None and span.first < behind:
            if begin < span.first:
                yield packing, SerialRange(begin, span.first - 1)
            begin = span.last + 1
            if begin > behind:
                break
            span = next(taken, None)
        if begin < behind:
            yield packing, SerialRange(begin, behind - 1)


def check_packed_then(packings: Sequence[Packing], at: dt.datetime) -> None:
    """None was packed clearly later than that moment. Raises NotPacked."""
    for packing in packings:
        if packing.packed_at > at + AHEAD:
            serial = packing.children.lower
            message = _("Unit %(serial)d was packed only later than that.") % {"serial": serial}
            raise NotPacked(message, fields={"happened_at": [message]}, first_offending_serial=serial)


def check_not_destroyed(parents: Sequence[int]) -> None:
    """Nothing comes out of what was destroyed.

    Raises:
        UnitDestroyed: one of the cases and pallets was.
    """
    for serial in destroyed_among(parents)[:1]:
        message = _("Unit %(serial)d was destroyed, with all that was in it.") % {"serial": serial}
        raise UnitDestroyed(message, first_offending_serial=serial)


def check_all_inside(ranges: Sequence[SerialRange], packings: Sequence[Packing]) -> None:
    """The packings cover all of the ranges; both are in order and apart."""
    inside = iter(packings)
    packing = next(inside, None)
    for span in ranges:
        reached = span.first
        while packing is not None and packing.children.lower <= reached:
            reached = max(reached, packing.children.upper)
            if reached > span.last:
                break
            packing = next(inside, None)
        if reached <= span.last:
            message = _("Unit %(serial)d is not packed into anything.") % {"serial": reached}
            raise NotPacked(message, first_offending_serial=reached)
