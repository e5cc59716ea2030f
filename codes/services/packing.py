"""Packing items into cases and cases onto pallets, and taking them out again.

A packing is one row: a parent and a range of children, however many serials that is. That a unit is in one parent at
most is kept by a constraint of the database; that parents are exactly one level above their children (so that nothing
can ever be inside of itself) is checked here against the orders, whose blocks never change.
"""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.formats.serials import SerialRange
from codes.models import Packing
from codes.selectors.blocks import NO_RANK, Serials, are_serials, issued_blocks
from codes.selectors.contents import ITEM
from codes.selectors.destroyed import destroyed_among
from codes.services.refusals import UnknownUnits, WrongLevel, offence
from core import audit
from core.errors import Conflict, Invalid
from stores.models import Brand
from stores.services.constraints import explaining

MOST_AT_ONCE = 50_000

INSERT = """
    INSERT INTO codes_packing (brand_id, parent_serial, children, packed_by, packed_at, unpacked_by)
    SELECT %s, p, int8range(f, l, '[]'), %s, %s, ''
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS k(p, f, l) ORDER BY f
"""
PACKED_ALREADY = """
    SELECT lower(children), parent_serial FROM codes_packing
    WHERE unpacked_at IS NULL
      AND children && (SELECT range_agg(int8range(f, l, '[]')) FROM unnest(%s::bigint[], %s::bigint[]) AS k(f, l))
    ORDER BY children LIMIT 1
"""


class NewPacking(NamedTuple):
    """Children first..last, both included, go into the parent. Several rows may name one parent."""

    parent_serial: int
    first_child: int
    last_child: int


class AlreadyPacked(Conflict):
    code = "already_packed"
    title = gettext_lazy("Some of the units are packed already.")


class UnitDestroyed(Conflict):
    code = "unit_destroyed"
    title = gettext_lazy("Some of the units were destroyed.")


class NotPacked(Conflict):
    code = "not_packed"
    title = gettext_lazy("Some of the units are not packed.")


def pack(*, brand: Brand, packings: Sequence[tuple[int, int, int]], actor: str, now: dt.datetime) -> int:
    """Put children into parents (rows as in NewPacking), all or none; how many rows were written.

    Raises:
        Invalid: no rows, more than 50,000, or numbers that name no range of serials.
        UnknownUnits: a serial was not issued to the brand.
        WrongLevel: a parent is not exactly one level above its children.
        AlreadyPacked: a child is in a parent already, or named twice here.
            The last three name the row in `fields` and the serial as `first_offending_serial`.
    """
    rows = checked(packings)
    check_levels(brand, rows)
    check_apart(rows)
    firsts, lasts = rows[:, 1].tolist(), rows[:, 2].tolist()
    check_free(firsts, lasts)
    with explaining({"packing_one_parent": lambda: packed_already(firsts, lasts) or AlreadyPacked()}):
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [brand.pk, actor, now, rows[:, 0].tolist(), firsts, lasts])
        audit.record(
            actor=actor,
            action="units.packed",
            subject=brand,
            at=now,
            brand_slug=brand.slug,
            after={"packings": len(rows), "children": int((rows[:, 2] - rows[:, 1] + 1).sum())},
        )
    return len(rows)


@transaction.atomic
def unpack(*, brand: Brand, parents: Sequence[int], actor: str, now: dt.datetime) -> int:
    """Empty these cases or pallets; how many packings ended.

    Raises:
        NotPacked: one of them holds nothing, or is not the brand's; named as `first_offending_serial`. None is emptied.
        UnitDestroyed: one of them was destroyed, and what was in it with it; named likewise.
    """
    present = Packing.objects.filter(brand=brand, parent_serial__in=parents, unpacked_at__isnull=True)
    held = present.select_for_update().order_by("pk").values_list("pk", "parent_serial")
    packings = dict(held)
    empty = next((serial for serial in parents if serial not in set(packings.values())), None)
    if empty is not None:
        raise NotPacked(_("Nothing is packed into unit %(serial)d.") % {"serial": empty}, first_offending_serial=empty)
    check_not_destroyed(parents)
    ended = Packing.objects.filter(pk__in=packings).update(unpacked_at=now, unpacked_by=actor)
    audit.record(
        actor=actor,
        action="units.unpacked",
        subject=brand,
        at=now,
        brand_slug=brand.slug,
        after={"packings": ended, "parents": len(set(parents))},
    )
    return ended


@transaction.atomic
def take_out(*, brand: Brand, children: SerialRange, actor: str, now: dt.datetime) -> int:
    """Take these children out of whatever they are in; what else was in there stays. How many were taken out.

    Raises:
        NotPacked: one of them is in nothing; named as `first_offending_serial`. None is taken out.
        UnitDestroyed: what one of them is in was destroyed, named likewise: its content does not come back by this.
    """
    present = Packing.objects.filter(brand=brand, unpacked_at__isnull=True, children__overlap=children.bounds)
    packings = list(present.select_for_update().order_by("children"))
    check_all_inside(children, packings)
    check_not_destroyed([packing.parent_serial for packing in packings])
    Packing.objects.filter(pk__in=[packing.pk for packing in packings]).update(unpacked_at=now, unpacked_by=actor)
    Packing.objects.bulk_create(
        Packing(brand=brand, parent_serial=packing.parent_serial, children=rest, packed_by=actor, packed_at=now)
        for packing in packings
        for rest in ((packing.children.lower, children.first), (children.last + 1, packing.children.upper))
        if rest[0] < rest[1]
    )
    audit.record(
        actor=actor,
        action="units.taken_out",
        subject=brand,
        at=now,
        brand_slug=brand.slug,
        after={"children": [children.first, children.last]},
    )
    return children.count


def checked(packings: Sequence[tuple[int, int, int]]) -> Serials:
    """The rows as an array of shape (n, 3), in their own order.

    Raises:
        Invalid: see `pack`.
    """
    if not 1 <= len(packings) <= MOST_AT_ONCE:
        raise Invalid(fields={"packings": [_("Between 1 and %(most)d packings.") % {"most": MOST_AT_ONCE}]})
    rows: Serials = np.array(packings, dtype=np.int64).reshape(-1, 3)
    right = are_serials(rows[:, 1], rows[:, 2]) & are_serials(rows[:, 0], rows[:, 0])
    if not right.all():
        field = f"packings.{int(np.argmin(right))}"
        raise Invalid(fields={field: [_("Serials of parent, first child, last child; the first not behind the last.")]})
    return rows


def check_levels(brand: Brand, rows: Serials) -> None:
    """All serials were issued to the brand, and each parent is one level above its children."""
    parents, firsts, lasts = rows.T
    blocks = issued_blocks(brand.pk, [*parents.tolist(), *firsts.tolist()], [*parents.tolist(), *lasts.tolist()])
    parents_at, children_at = blocks.place(parents, parents), blocks.place(firsts, lasts)
    for placed in (parents_at, children_at):
        if (placed.ranks == NO_RANK).any():
            row = int(np.argmin(placed.ranks))
            raise offence(
                UnknownUnits,
                f"packings.{row}",
                int(placed.offending[row]),
                _("Serial %(serial)d is no unit of yours."),
            )
    wrong = parents_at.ranks != children_at.ranks + ITEM
    if wrong.any():
        row = int(np.argmax(wrong))
        message = _("Items go into cases and cases onto pallets; unit %(serial)d cannot hold these.")
        raise offence(WrongLevel, f"packings.{row}", int(parents[row]), message)


def check_apart(rows: Serials) -> None:
    """No child is named twice."""
    order = np.argsort(rows[:, 1], kind="stable")
    overlapping = rows[order, 1][1:] <= rows[order, 2][:-1]
    if overlapping.any():
        row = int(order[int(np.argmax(overlapping)) + 1])
        raise offence(AlreadyPacked, f"packings.{row}", int(rows[row, 1]), _("Unit %(serial)d is named twice."))


def check_free(firsts: list[int], lasts: list[int]) -> None:
    """None of the children is in a parent at present, so far as is committed."""
    problem = packed_already(firsts, lasts)
    if problem is not None:
        raise problem


def packed_already(firsts: list[int], lasts: list[int]) -> AlreadyPacked | None:
    """The refusal that names the first packed child, its row here and its parent; None where all are free."""
    with connection.cursor() as cursor:
        cursor.execute(PACKED_ALREADY, [firsts, lasts])
        found = cursor.fetchone()
    if found is None:
        return None
    begin, parent = found
    row = min((n for n, last in enumerate(lasts) if last >= begin), key=lambda n: firsts[n])
    serial = max(begin, firsts[row])
    message = _("Unit %(serial)d is in unit %(parent)d already.") % {"serial": serial, "parent": parent}
    return AlreadyPacked(
        message, fields={f"packings.{row}": [message]}, first_offending_serial=serial, parent_serial=parent
    )


def check_not_destroyed(parents: Sequence[int]) -> None:
    """Nothing comes out of what was destroyed.

    Raises:
        UnitDestroyed: one of the cases and pallets was.
    """
    for serial in destroyed_among(parents)[:1]:
        message = _("Unit %(serial)d was destroyed, with all that was in it.") % {"serial": serial}
        raise UnitDestroyed(message, first_offending_serial=serial)


def check_all_inside(children: SerialRange, packings: Sequence[Packing]) -> None:
    """The packings, sorted and apart, cover the whole range."""
    reached = children.first
    for packing in packings:
        if packing.children.lower > reached:
            break
        reached = packing.children.upper
    if reached <= children.last:
        message = _("Unit %(serial)d is not packed into anything.") % {"serial": reached}
        raise NotPacked(message, first_offending_serial=reached)
