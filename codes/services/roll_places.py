"""Which serials of an order are on pre-matched rolls: each code is printed on one roll alone.

Asked under the order's lock, so that of two requests at once the later one sees what the earlier one took.
"""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.formats.serials import SerialRange
from codes.models import CodeOrder, Roll
from core.errors import Conflict

CANCELLED = CodeOrder.State.CANCELLED


class RollOverlaps(Conflict):
    code = "roll_overlaps"
    title = gettext_lazy("Some of the codes are on an earlier roll. Each code is printed on one roll alone.")


@dataclass(frozen=True, slots=True)
class Taken:
    """Consecutive serials of one order that are on a roll."""

    serials: SerialRange
    roll: Roll


@dataclass(frozen=True, slots=True)
class Places:
    """An order's serials: those on rolls, in ascending order, and with them those that are on none."""

    order: CodeOrder
    taken: list[Taken]

    @property
    def free(self) -> list[SerialRange]:
        """The longest runs of serials that are on no roll, in ascending order."""
        begin, found = self.order.first_serial, []
        for each in self.taken:
            if each.serials.first > begin:
                found.append(SerialRange(begin, each.serials.first - 1))
            begin = each.serials.last + 1
        if begin <= self.order.last_serial:
            found.append(SerialRange(begin, self.order.last_serial))
        return found

    def best(self, count: int) -> SerialRange | None:
        """The first free run of at least `count` serials, else the longest one; None where nothing is free."""
        free = self.free
        fitting = (run for run in free if run.count >= count)
        return next(fitting, None) or max(free, key=lambda run: run.count, default=None)

    def first_for(self, count: int) -> int:
        """Where the next `count` serials may begin; the order's first serial where there is no room for them."""
        best = self.best(count)
        return best.first if best is not None and best.count >= count else self.order.first_serial

    def rest(self) -> SerialRange:
        """What is meant where nothing is named: all that is on no roll yet, if it is of one piece.

        Where nothing is left, it is what the newest roll took: the same request then finds that roll. Where the rest is
        in pieces, it is the whole order, which `check` refuses.
        """
        free = self.free
        if not free:
            return max(self.taken, key=lambda each: each.roll.pk).serials
        return free[0] if len(free) == 1 else SerialRange(self.order.first_serial, self.order.last_serial)

    def check(self, part: str, asked: SerialRange) -> None:
        """Refuse serials of which one is on a roll. Raises RollOverlaps, with the first of them and its roll."""
        for each in self.taken:
            if each.serials.first <= asked.last and asked.first <= each.serials.last:
                raise self.refusal(part, asked, each)

    def refusal(self, part: str, asked: SerialRange, taken: Taken) -> RollOverlaps:
        """What stands against it, and what would be right."""
        serial, roll = max(asked.first, taken.serials.first), taken.roll
        said = _(
            "Serial %(serial)d is on roll %(roll)d already, which is for %(recipient)s with %(each)d items in a case."
        ) % {"serial": serial, "roll": roll.pk, "recipient": roll.file.recipient, "each": roll.items_per_case}
        best = self.best(asked.count)
        if best is None:
            right = _("All serials of order %(order)d are on rolls: order more codes.") % {"order": self.order.pk}
        else:
            right = _("Serials %(first)d to %(last)d are on none.") % {"first": best.first, "last": best.last}
        message = f"{said} {right}"
        return RollOverlaps(message, fields={part: [message]}, first_offending_serial=serial, roll=roll.pk)


def places_of(order: CodeOrder) -> Places:
    """What of the locked order is on rolls, be it as items, as cases or as pallets."""
    mine = Q(file__order=order) | Q(case_order=order) | Q(pallet_order=order)
    found = [Taken(serials_of(order, roll), roll) for roll in printable_rolls().filter(mine)]
    return Places(order, sorted(found, key=lambda each: each.serials.first))


def printable_rolls() -> QuerySet[Roll]:
    """Rolls with their files; without those of a cancelled order, whose files never left and never will."""
    cancelled = Q(file__order__state=CANCELLED) | Q(case_order__state=CANCELLED) | Q(pallet_order__state=CANCELLED)
    return Roll.objects.select_related("file").exclude(cancelled)


def serials_of(order: CodeOrder, roll: Roll) -> SerialRange:
    """The order's part in a roll."""
    if order.pk == roll.case_order_id:
        return SerialRange(roll.first_case, roll.last_case)
    if order.pk == roll.pallet_order_id and roll.first_pallet is not None:
        return SerialRange(roll.first_pallet, roll.first_pallet + roll.pallets - 1)
    return SerialRange(roll.file.first_serial, roll.file.last_serial)
