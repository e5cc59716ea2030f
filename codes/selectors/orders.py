"""A brand's orders, with what is shown of them."""

from django.db.models import QuerySet

from codes.models import CodeOrder, PrintFile, Span
from core.errors import NotFound
from stores.models import Brand


def orders_of(brand: Brand) -> QuerySet[CodeOrder]:
    """The brand's orders with batch and product."""
    return CodeOrder.objects.filter(brand=brand).select_related("batch__product")


def order_of(brand: Brand, order_id: int) -> CodeOrder:
    """One order with its print files and statements. Raises NotFound."""
    rows = orders_of(brand).prefetch_related("print_files__profile", "spans")
    order = rows.filter(pk=order_id).first()
    if order is None:
        raise NotFound
    return order


def files_of(brand: Brand, order_id: int) -> QuerySet[PrintFile]:
    """The order's print files. Raises NotFound where the brand has no such order."""
    check_there(brand, order_id)
    return PrintFile.objects.filter(order_id=order_id).select_related("profile")


def file_of(brand: Brand, order_id: int, file_id: int) -> PrintFile:
    """One print file of an order. Raises NotFound."""
    file = PrintFile.objects.select_related("profile").filter(pk=file_id, order_id=order_id, order__brand=brand).first()
    if file is None:
        raise NotFound
    return file


def statements_of(brand: Brand, order_id: int) -> QuerySet[Span]:
    """What was said of the order's serials. Raises NotFound where the brand has no such order."""
    check_there(brand, order_id)
    return Span.objects.filter(order_id=order_id)


def check_there(brand: Brand, order_id: int) -> None:
    """Raises NotFound where the brand has no such order."""
    if not CodeOrder.objects.filter(pk=order_id, brand=brand).exists():
        raise NotFound
