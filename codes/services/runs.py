"""What of an order is printed."""

from codes.formats.code_text import Role
from codes.models import CodeOrder, PrintFile, Roll
from codes.printing.layout import PLAIN, NestedRows
from codes.printing.roll import RollRun
from codes.printing.run import Inside, Layout, PrintRun
from codes.services.label_looks import zpl_label


def written_run(file: PrintFile) -> PrintRun | RollRun:
    """What a file's rows or labels are, of whichever kind it is."""
    bounds = (file.serials.lower, file.serials.upper)
    if file.kind == PrintFile.Kind.ROLL:
        return roll_run(file.roll)
    if file.kind == PrintFile.Kind.ZPL:
        return run_of(file.order, bounds, file.url_prefix, zpl_label(file.order, file.labels))
    return run_of(file.order, bounds, file.url_prefix, file.profile.layout if file.profile else PLAIN)


def roll_run(roll: Roll) -> RollRun:
    """The nested rows of a roll."""
    file, last = roll.file, roll.first_case + roll.cases
    items = run_of(file.order, (file.serials.lower, file.serials.upper), file.url_prefix, NestedRows(holds=False))
    inside = Inside(file.first_serial, roll.items_per_case, file.last_serial)
    cases = run_of(roll.case_order, (roll.first_case, last), file.url_prefix, NestedRows(holds=True), inside)
    if roll.pallet_order is None or roll.first_pallet is None or roll.cases_per_pallet is None:
        return RollRun(items, cases)
    held = Inside(roll.first_case, roll.cases_per_pallet, roll.last_case)
    bounds = (roll.first_pallet, roll.first_pallet + roll.pallets)
    return RollRun(items, cases, run_of(roll.pallet_order, bounds, file.url_prefix, NestedRows(holds=True), held))


def run_of(
    order: CodeOrder, bounds: tuple[int, int], url_prefix: str, layout: Layout = PLAIN, inside: Inside | None = None
) -> PrintRun:
    """The marks of the order's serials from bounds[0] to before bounds[1], under the order's key."""
    return PrintRun(
        roles=tuple(Role(number) for number in order.roles),
        first_serial=bounds[0],
        quantity=bounds[1] - bounds[0],
        url_prefix=url_prefix,
        version=order.key_version,
        layout=layout,
        inside=inside,
    )
