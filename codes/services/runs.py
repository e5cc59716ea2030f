"""What of an order is printed."""

from codes.formats.code_text import Role
from codes.models import CodeOrder
from codes.printing.layout import PLAIN, RowLayout
from codes.printing.run import PrintRun


def run_of(order: CodeOrder, bounds: tuple[int, int], url_prefix: str, layout: RowLayout = PLAIN) -> PrintRun:
    """The marks of the order's serials from bounds[0] to before bounds[1], under the order's key."""
    return PrintRun(
        roles=tuple(Role(number) for number in order.roles),
        first_serial=bounds[0],
        quantity=bounds[1] - bounds[0],
        url_prefix=url_prefix,
        version=order.key_version,
        layout=layout,
    )
