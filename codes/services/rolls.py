"""Pre-matched rolls: a case's code printed with its items behind it, and packed as printed once the roll is used."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.formats.digital_link import short_prefix
from codes.formats.serials import SerialRange
from codes.models import CodeOrder, PrintFile, Roll, RollUse
from codes.printing.roll import MOST_IN_ONE
from codes.services.exporting import checked_recipient, ring_writer, write_audit
from codes.services.locking import lock_order
from codes.services.ordering import OrderState
from codes.services.packing import MOST_AT_ONCE, pack
from codes.services.roll_places import places_of, printable_rolls
from codes.services.spans import LEAVES_THE_HOUSE
from codes.services.subjects import check_within
from core import audit
from core.errors import Conflict, Invalid, NotFound
from stores.models import Brand

PRESENT = """
    SELECT p.parent_serial, lower(p.children), upper(p.children) - 1
    FROM unnest(%s::bigint[]) AS k(serial) JOIN codes_packing p ON p.parent_serial = k.serial
    WHERE p.unpacked_at IS NULL
"""
LEVELS = {"items": CodeOrder.Level.ITEM, "cases": CodeOrder.Level.CASE, "pallets": CodeOrder.Level.PALLET}


class RollNotPrinted(Conflict):
    code = "roll_not_printed"
    title = gettext_lazy("The roll's file was not taken away yet: nothing of it can be used.")


@dataclass(frozen=True, slots=True)
class Holders:
    """Cases or pallets to print: of which order, from which serial (None: the next on no roll), how many in each."""

    order_id: int
    each: int
    first: int | None = None


@dataclass(frozen=True, slots=True)
class WantedRoll:
    """For whom, which items (None: all on no roll yet) go into which cases, and perhaps these onto which pallets."""

    recipient: str
    cases: Holders
    pallets: Holders | None = None
    serials: SerialRange | None = None


def request_roll(*, brand: Brand, order_id: int, wanted: WantedRoll, actor: str, now: dt.datetime) -> Roll:
    """Have a worker write the roll's file. Asked again for the very same roll, it answers that one.

    No code is printed on two rolls. What is not named is the next that is on none: of items all the rest of the order,
    of cases and pallets the first place with room for as many as are needed.

    Raises:
        NotFound: the brand has no such order.
        OrderState: an order is not released.
        SerialsOutsideOrder: an order has not so many serials; with the first that it lacks.
        RollOverlaps: items, cases or pallets are on an earlier roll; with the first such serial and its roll.
        Invalid: no recipient, an order of the wrong level, numbers out of bounds, or items that do not fill each case.
    """
    recipient = checked_recipient(wanted.recipient)
    numbers = {order_id, wanted.cases.order_id, *([wanted.pallets.order_id] if wanted.pallets else [])}
    with transaction.atomic():
        orders = {number: lock_order(number, brand) for number in sorted(numbers)}
        items = checked_order(orders[order_id], "items")
        places = places_of(items)
        meant = wanted.serials or places.rest()
        check_within(items, meant.first, meant.last)
        cases = count_of_cases(wanted, meant.count)
        same = {"kind": PrintFile.Kind.ROLL, "recipient": recipient, "serials": meant.bounds}
        found = same_roll(items, same, wanted)
        if found is not None:
            return found
        places.check("items", meant)
        case_order = checked_order(orders[wanted.cases.order_id], "cases")
        first_case = first_of(case_order, "cases", wanted.cases, cases)
        pallets, pallet_marks = pallets_of(wanted, orders, cases)
        marks = meant.count * len(items.roles) + cases * len(case_order.roles) + pallet_marks
        file = PrintFile.objects.create(
            order=items,
            url_prefix=short_prefix(settings.PUBLIC_URL),
            rows_total=marks,
            requested_by=actor,
            requested_at=now,
            **same,
        )
        file.refresh_from_db(fields=["serials"])
        roll = Roll.objects.create(
            file=file,
            case_order=case_order,
            first_case=first_case,
            cases=cases,
            items_per_case=wanted.cases.each,
            **pallets,
        )
        write_audit(file, items, actor=actor, action="print_file.request", now=now)
        ring_writer()
    return roll


def same_roll(items: CodeOrder, same: dict[str, Any], wanted: WantedRoll) -> Roll | None:
    """The earlier roll that is wanted again: for the same recipient, of the same units, packed in the same way."""
    cases, pallets = wanted.cases, wanted.pallets
    rows = printable_rolls().filter(file__order=items, **{f"file__{name}": value for name, value in same.items()})
    rows = rows.filter(
        case_order=cases.order_id,
        items_per_case=cases.each,
        pallet_order=pallets.order_id if pallets else None,
        cases_per_pallet=pallets.each if pallets else None,
    )
    if cases.first is not None:
        rows = rows.filter(first_case=cases.first)
    if pallets is not None and pallets.first is not None:
        rows = rows.filter(first_pallet=pallets.first)
    return rows.first()


def checked_order(order: CodeOrder, part: str) -> CodeOrder:
    """The order, if it is of the right level and released. Raises Invalid, OrderState."""
    if order.level != LEVELS[part]:
        message = _("Order %(order)d is of the wrong level: %(level)s.")
        raise Invalid(fields={part: [message % {"order": order.pk, "level": order.get_level_display()}]})
    if order.state not in LEAVES_THE_HOUSE:
        raise OrderState(_("Only a released order can be printed."), state=order.state, order=order.pk)
    return order


def count_of_cases(wanted: WantedRoll, items: int) -> int:
    """How many cases so many items fill. Raises Invalid where one would be left half full."""
    each = wanted.cases.each
    together = each * (wanted.pallets.each if wanted.pallets else 1)
    if each < 1 or together < each or together > MOST_IN_ONE:
        message = _("Between 1 and %(most)d items in one case, and on one pallet.")
        raise Invalid(fields={"cases": [message % {"most": MOST_IN_ONE}]})
    if items % each:
        message = _("%(items)d items do not fill cases of %(each)d: %(left)d would be left.")
        raise Invalid(fields={"cases": [message % {"items": items, "each": each, "left": items % each}]})
    return items // each


def first_of(order: CodeOrder, part: str, holders: Holders, count: int) -> int:
    """The first serial of `count` consecutive ones that are on no roll. Raises SerialsOutsideOrder, RollOverlaps."""
    places = places_of(order)
    first = places.first_for(count) if holders.first is None else holders.first
    check_within(order, first, first + count - 1)
    places.check(part, SerialRange(first, first + count - 1))
    return first


def pallets_of(wanted: WantedRoll, orders: dict[int, CodeOrder], cases: int) -> tuple[dict[str, Any], int]:
    """The roll's fields about pallets, and how many marks they have."""
    if wanted.pallets is None:
        return {}, 0
    order = checked_order(orders[wanted.pallets.order_id], "pallets")
    count = -(-cases // wanted.pallets.each)
    first = first_of(order, "pallets", wanted.pallets, count)
    facts = {"pallet_order": order, "first_pallet": first, "cases_per_pallet": wanted.pallets.each}
    return facts, count * len(order.roles)


def use_roll(*, brand: Brand, roll_id: int, cases: SerialRange | None, actor: str, now: dt.datetime) -> RollUse:
    """The roll, or these cases of it, was stuck on: one packing a case, and one a pallet, as they were printed.

    Declared again, what is packed so already stays as it is. Of a pallet, the cases that are meant are packed.

    Raises:
        NotFound: the brand has no such roll.
        RollNotPrinted: nobody took its file away.
        Invalid: the cases are not the roll's, or too many for one call.
        AlreadyPacked: a unit is in another parent; nothing was written.
    """
    with transaction.atomic():
        rows = Roll.objects.select_for_update(of=("self",)).select_related("file__order")
        roll = rows.filter(pk=roll_id, file__order__brand=brand).first()
        if roll is None:
            raise NotFound
        if not roll.file.downloads.exists():
            raise RollNotPrinted
        meant = checked_cases(roll, cases)
        missing = without_present(packings_of(roll, meant))
        if missing:
            pack(brand=brand, packings=missing, actor=actor, now=now)
        use = RollUse.objects.create(roll=roll, cases=meant.bounds, packings=len(missing), used_by=actor, used_at=now)
        use.refresh_from_db(fields=["cases"])
        audit.record(
            actor=actor,
            action="roll.used",
            subject=roll,
            at=now,
            brand_slug=brand.slug,
            after={"cases": [meant.first, meant.last], "packings": len(missing)},
        )
    return use


def checked_cases(roll: Roll, cases: SerialRange | None) -> SerialRange:
    """The cases that are meant. Raises Invalid."""
    meant = cases or SerialRange(roll.first_case, roll.last_case)
    if meant.first < roll.first_case or meant.last > roll.last_case:
        message = _("The roll's cases are %(first)d to %(last)d.")
        raise Invalid(fields={"cases": [message % {"first": roll.first_case, "last": roll.last_case}]})
    if meant.count + roll.pallets > MOST_AT_ONCE:
        message = _("At most %(most)d cases and pallets at once: declare the roll in parts.")
        raise Invalid(fields={"cases": [message % {"most": MOST_AT_ONCE}]})
    return meant


def packings_of(roll: Roll, cases: SerialRange) -> list[tuple[int, int, int]]:
    """(parent, first inside, last inside) of these cases and of their pallets, as they were printed."""
    numbers = np.arange(cases.first, cases.last + 1, dtype=np.int64) - roll.first_case
    items = roll.file.first_serial + numbers * roll.items_per_case
    lasts = items + roll.items_per_case - 1
    found = list(zip((numbers + roll.first_case).tolist(), items.tolist(), lasts.tolist(), strict=True))
    if roll.cases_per_pallet is None or roll.first_pallet is None:
        return found
    for pallet in range(int(numbers[0]) // roll.cases_per_pallet, int(numbers[-1]) // roll.cases_per_pallet + 1):
        begin = roll.first_case + pallet * roll.cases_per_pallet
        first, last = max(begin, cases.first), min(begin + roll.cases_per_pallet - 1, cases.last)
        found.append((roll.first_pallet + pallet, first, last))
    return found


def without_present(packings: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Those of the packings that are not so already."""
    parents = [parent for parent, _first, _last in packings]
    with connection.cursor() as cursor:
        cursor.execute(PRESENT, [parents])
        present = set(cursor.fetchall())
    return [packing for packing in packings if packing not in present]
