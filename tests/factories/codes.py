"""Products, batches and orders for tests. Orders are made through the services, as everything else makes them."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from codes.formats.code_text import Role
from codes.formats.gtin import check_digit
from codes.models import Batch, CodeOrder, Product
from codes.services import ordering
from tests.factories.stores import NOON, BrandFactory


def gtin_of(number: int) -> str:
    """The GTIN-14 with a right check digit behind 13 digits that end in `number`."""
    body = f"0690{number:09d}"
    return body + check_digit(body)


class ProductFactory(DjangoModelFactory):
    class Meta:
        model = Product

    brand = factory.SubFactory(BrandFactory)
    gtin = factory.Sequence(gtin_of)
    name = factory.Sequence(lambda n: f"大曲 {n}")
    created_at = NOON


class BatchFactory(DjangoModelFactory):
    class Meta:
        model = Batch

    product = factory.SubFactory(ProductFactory)
    lot = factory.Sequence(lambda n: f"L{n:04d}")


ITEM_ROLES = (Role.ITEM_OUTER, Role.ITEM_INNER)


def make_order(
    *,
    batch: Batch | None = None,
    roles: tuple[Role, ...] = ITEM_ROLES,
    quantity: int = 10,
    state: str = "released",
    now: dt.datetime = NOON,
) -> CodeOrder:
    """An order of `batch` (or a new one) that has come as far as `state`: draft, reviewed or released."""
    batch = batch or BatchFactory()
    brand = batch.product.brand
    order = ordering.place_order(brand=brand, batch=batch, roles=roles, quantity=quantity, actor="user:placer", now=now)
    if state != "draft":
        order = ordering.review_order(order_id=order.pk, brand=brand, actor="user:reviewer", now=now)
    if state not in {"draft", "reviewed"}:
        order = ordering.release_order(order_id=order.pk, brand=brand, actor="user:placer", now=now)
    return order
