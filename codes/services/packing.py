"""Packing items into cases and cases onto pallets; `codes.services.unpacking` takes them out again.

A packing is one row: a parent and a range of children, however many serials that is. That a unit is in one parent at
most is kept by a constraint of the database; that parents are exactly one level above their children (so that nothing
can ever be inside of itself) is checked here against the orders, whose blocks never change.
"""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.selectors.blocks import NO_RANK, Serials, are_serials, issued_blocks
from codes.selectors.contents import ITEM
from codes.services.moments import AHEAD, moment_told
from codes.services.refusals import UnknownUnits, WrongLevel, offence
from core import audit
from core.errors import Conflict, Invalid
from stores.models import Brand
from stores.services.constraints import explaining

MOST_AT_ONCE = 50_000

INSERT = """
    INSERT INTO codes_packing (brand_id, parent_serial, children, packed_by, packed_at, recorded_at, unpacked_by)
    SELECT %s, p, int8range(f, l, '[]'), %s, %s, %s, ''
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS k(p, f, l) ORDER BY f
"""
CHILDREN = "(SELECT range_agg(int8range(f, l, '[]')) FROM unnest(%s::bigint[], %s::bigint[]) AS k(f, l))"
PACKED_ALREADY = f"""
    SELECT lower(children), parent_serial FROM codes_packing
    WHERE unpacked_at IS NULL AND children && {CHILDREN} ORDER BY children LIMIT 1
"""  # noqa: S608 - joined from constant texts
PACKED_THEN = f"""
    SELECT lower(children), parent_serial FROM codes_packing
    WHERE unpacked_at IS NOT NULL AND children && {CHILDREN} AND unpacked_at > %s ORDER BY children LIMIT 1
"""  # noqa: S608 - joined from constant texts


class NewPacking(NamedTuple):
    """Children first..last, both included, go into the parent. Several rows may name one parent."""

    parent_serial: int
    first_child: int
    last_child: int


class AlreadyPacked(Conflict):
    code = "already_packed"
    title = gettext_lazy("Some of the units are packed already.")


def pack(
    *,
    brand: Brand,
    packings: Sequence[tuple[int, int, int]],
    actor: str,
    now: dt.datetime,
    happened_at: dt.datetime | None = None,
) -> int:
    """Put children into parents (rows as in NewPacking), all or none; how many rows were written.

    `happened_at`: when it was done, if it is reported later than that.

    Raises:
        Invalid: no rows, more than 50,000, numbers that name no range of serials, or a moment to come.
        UnknownUnits: a serial was not issued to the brand.
        WrongLevel: a parent is not exactly one level above its children.
        AlreadyPacked: a child is in a parent already, was in one until later than `happened_at`, or is named twice.
            The last three name the row in `fields` and the serial as `first_offending_serial`.
    """
    at = moment_told(happened_at, now)
    rows = checked(packings)
    check_levels(brand, rows)
    check_apart(rows)
    firsts, lasts = rows[:, 1].tolist(), rows[:, 2].tolist()
    check_free(firsts, lasts)
    if happened_at is not None:
        check_free_then(firsts, lasts, at)
    with explaining({"packing_one_parent": lambda: packed_already(firsts, lasts) or AlreadyPacked()}):
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [brand.pk, actor, at, now, rows[:, 0].tolist(), firsts, lasts])
        audit.record(
            actor=actor,
            action="units.packed",
            subject=brand,
            at=now,
            brand_slug=brand.slug,
            after={"packings": len(rows), "children": int((rows[:, 2] - rows[:, 1] + 1).sum())},
        )
    return len(rows)


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
    message = _("Unit %(serial)d is in unit %(parent)d already.")
    return None if found is None else offence_of(found, firsts, lasts, message)


def offence_of(found: tuple[int, int], firsts: list[int], lasts: list[int], words: str) -> AlreadyPacked:
    """The refusal of the first child of a packing that stands against it: first serial and parent as `found`."""
    begin, parent = found
    row = min((n for n, last in enumerate(lasts) if last >= begin), key=lambda n: firsts[n])
    serial = max(begin, firsts[row])
    message = words % {"serial": serial, "parent": parent}
    return AlreadyPacked(
        message, fields={f"packings.{row}": [message]}, first_offending_serial=serial, parent_serial=parent
    )


def check_free_then(firsts: list[int], lasts: list[int], at: dt.datetime) -> None:
    """None of the children was, clearly later than that moment, in a parent that it has left since."""
    with connection.cursor() as cursor:
        cursor.execute(PACKED_THEN, [firsts, lasts, at + AHEAD])
        found = cursor.fetchone()
    if found is not None:
        message = _("Unit %(serial)d was in unit %(parent)d until later than that.")
        raise offence_of(found, firsts, lasts, message)
