"""Naming the serials that something is said of: a batch, a range over several orders, a list, or a case's content."""

from collections.abc import Iterable
from itertools import islice

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.formats.code_text import mask
from codes.formats.serial_ranges import Serials, fewest_ranges, ranges_of
from codes.formats.serials import SerialRange
from codes.models import Batch, CodeOrder
from codes.selectors.blocks import is_unit_of
from codes.selectors.contents import everything_inside
from codes.selectors.read_codes import Fault, read
from codes.services.holds import ranges_of_batch
from codes.services.statements import Subject
from codes.services.unpacking import NotPacked
from core.errors import Invalid, NotFound
from stores.models import Brand

MOST_CODES = 200_000
READ_AT_ONCE = 4096


class SerialsOutsideOrder(Invalid):
    code = "serials_outside_order"
    title = gettext_lazy("Some of the serials do not belong to the order.")


class BadCode(Invalid):
    code = "bad_code"
    title = gettext_lazy("The list names what is no code of a unit of yours.")


def of_order(brand: Brand, order_id: int, serials: SerialRange | None) -> Subject:
    """An order of the brand, or a range of it. Raises NotFound, SerialsOutsideOrder."""
    order = CodeOrder.objects.filter(pk=order_id, brand=brand).first()
    if order is None:
        raise NotFound
    first, end = bounds_within(order, serials)
    return Subject("order" if serials is None else "range", ranges_of(SerialRange(first, end - 1)))


def bounds_within(order: CodeOrder, serials: SerialRange | None) -> tuple[int, int]:
    """The range to speak of, end excluded; refused whole where a serial lies outside of the order's block."""
    if serials is None:
        return order.first_serial, order.last_serial + 1
    check_within(order, serials.first, serials.last)
    return serials.bounds


def check_within(order: CodeOrder, first: int, last: int) -> None:
    """The serials are of the order's block; `last` may lie behind all there are. Raises SerialsOutsideOrder."""
    if first < order.first_serial or first > order.last_serial:
        offending = first
    elif last > order.last_serial:
        offending = order.last_serial + 1
    else:
        return
    message = _("Serial %(serial)d is not of this order, which holds %(first)d to %(last)d.")
    values = {"serial": offending, "first": order.first_serial, "last": order.last_serial}
    raise SerialsOutsideOrder(fields={"first_serial": [message % values]}, first_offending_serial=offending)


def whole_batch(brand: Brand, batch_id: int) -> Subject:
    """All orders of a batch that were not cancelled. Raises NotFound where there is no such batch, or no order."""
    batch = Batch.objects.filter(pk=batch_id, product__brand=brand).first()
    if batch is None:
        raise NotFound(_("The batch has no orders."))
    ranges = ranges_of_batch(batch)
    if not ranges.units:
        raise NotFound(_("The batch has no orders."))
    return Subject("batch", ranges, batch)


def one_range(serials: SerialRange) -> Subject:
    """A range, over as many orders as it touches."""
    return Subject("range", ranges_of(serials))


def listed(brand: Brand, codes: Iterable[tuple[int, str]]) -> Subject:
    """The units of a list of (line, code or link); named twice, or by several of its marks, a unit counts once.

    The list is read in pieces: what is kept of it are its serials, eight bytes each.

    Raises:
        Invalid: no code, or more than 200,000.
        BadCode: at the first code that is none, is forged, or is of no unit of the brand; `line` and `fault` tell.
    """
    found = [np.empty(0, dtype=np.int64)]
    left = iter(codes)
    while piece := list(islice(left, READ_AT_ONCE)):
        found.append(serials_of(brand, piece))
        if sum(map(len, found)) > MOST_CODES:
            raise Invalid(fields={"codes": [_("At most %(most)d codes.") % {"most": MOST_CODES}]})
    if len(found) == 1:
        raise Invalid(fields={"codes": [_("The list is empty.")]})
    return Subject("list", fewest_ranges(np.concatenate(found)))


def serials_of(brand: Brand, piece: list[tuple[int, str]]) -> Serials:
    """The serials of some lines. Raises BadCode."""
    known = read(brand.pk, [text for _line, text in piece])
    bad = next((number for number, fault in enumerate(known.faults) if fault), None)
    if bad is not None:
        line, text = piece[bad]
        fault = Fault(known.faults[bad])
        message = _("Line %(line)d, %(code)s: %(fault)s")
        told = message % {"line": line, "code": mask(text.strip()), "fault": fault.label}
        raise BadCode(told, fields={"codes": [told]}, line=line, fault=fault.value)
    return known.serials


def content(brand: Brand, parent: int) -> Subject:
    """All that is in a case or on a pallet at present, at any depth; the case or pallet itself is not meant.

    Raises:
        NotFound: the brand has no such unit.
        NotPacked: nothing is in it.
    """
    if not is_unit_of(brand.pk, parent):
        raise NotFound(_("There is no such case or pallet."))
    inside = everything_inside(parent)
    if not inside:
        message = _("Nothing is packed into unit %(serial)d.") % {"serial": parent}
        raise NotPacked(message, first_offending_serial=parent)
    return Subject("parent", ranges_of(*inside))
