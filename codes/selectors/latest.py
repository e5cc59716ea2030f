"""The newest bindings of a store, for people who must not learn who the consumer is."""

import datetime as dt
from dataclasses import dataclass

from codes.models import Binding

LATEST = 10


@dataclass(frozen=True, slots=True)
class BoundItem:
    """One opening: the product, when, how sure we are of the store (0 to 100), and the consumer masked."""

    opened_at: dt.datetime
    product: str
    consumer: str
    percent: int


def latest_bindings_of(store_id: int, limit: int = LATEST) -> list[BoundItem]:
    """Newest first. One query along the index of the store's days."""
    rows = (
        Binding.objects.filter(store_id=store_id)
        .order_by("-day", "-opening__opened_at", "-pk")
        .select_related("opening__order__batch__product", "consumer")[:limit]
    )
    return [
        BoundItem(
            opened_at=row.opening.opened_at,
            product=row.opening.order.batch.product.name,
            consumer=masked(row.consumer.name, row.consumer.c_code),
            percent=round(row.confidence * 100),
        )
        for row in rows
    ]


def masked(name: str, c_code: str) -> str:
    """Enough to tell two people apart in a list, too little to know them."""
    return f"{name[:1]}** ({c_code[:3]}…{c_code[-2:]})" if name else f"{c_code[:3]}…{c_code[-2:]}"
