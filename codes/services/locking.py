"""Taking hold of an order: every change to it, or to what is said of its serials, starts here."""

from codes.models import CodeOrder
from core.errors import NotFound
from stores.models import Brand


def lock_order(order_id: int, brand: Brand) -> CodeOrder:
    """The brand's order, its row locked until the transaction ends.

    Raises:
        NotFound: there is none, or it is another brand's.
    """
    rows = CodeOrder.objects.select_for_update(of=("self",)).select_related("batch__product")
    order = rows.filter(pk=order_id, brand=brand).first()
    if order is None:
        raise NotFound
    order.brand = brand
    return order
