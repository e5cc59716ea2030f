"""What a partner names by number, found among the brand's own things."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from codes.models import Batch, CodeOrder, Product
from core.errors import Invalid
from rewards.selectors.scopes import KINDS, Scope
from rewards.services.campaigns import RegionShare
from stores.models import Brand, Dealer, Region, Store

PARTS = (*KINDS, "orders", "prizes", "region_budgets")
"""Fields of a post that do not stand in the campaign's own row."""


def orders_named(brand: Brand, wanted: Sequence[int]) -> list[CodeOrder]:
    """The brand's orders of these numbers.

    Raises:
        Invalid: with one that is not the brand's.
    """
    found = found_by(CodeOrder.objects.filter(brand=brand, pk__in=wanted), lambda order: order.pk)
    return list(every(found, wanted, "orders", _("There is no order %(number)s.")))


def scope_named(brand: Brand, wanted: dict[str, Any]) -> Scope:
    """The brand's things of these numbers, and regions of these codes.

    Raises:
        Invalid: with one of each kind that is not the brand's, or not there.
    """
    lots = [(batch["gtin"], batch["lot"]) for batch in wanted["batches"]]
    own = Product.objects.filter(brand=brand)
    asked: dict[str, tuple[dict[Any, Any], Sequence[Any], str]] = {
        "products": (
            found_by(own.filter(gtin__in=wanted["products"]), lambda product: product.gtin),
            wanted["products"],
            _("There is no product %(number)s."),
        ),
        "batches": (found_batches(brand, lots), lots, _("There is no batch %(number)s.")),
        "regions": (
            found_by(Region.objects.filter(pk__in=wanted["regions"]), lambda region: region.pk),
            wanted["regions"],
            _("There is no region %(number)s."),
        ),
        "dealers": (
            found_by(Dealer.objects.filter(brand=brand, number__in=wanted["dealers"]), lambda dealer: dealer.number),
            wanted["dealers"],
            _("There is no dealer %(number)s."),
        ),
        "stores": (
            found_by(Store.objects.filter(brand=brand, number__in=wanted["stores"]), lambda store: store.number),
            wanted["stores"],
            _("There is no store %(number)s."),
        ),
    }
    return Scope(**{kind: every(found, numbers, kind, text) for kind, (found, numbers, text) in asked.items()})


def shares_named(wanted: Sequence[dict[str, Any]]) -> list[RegionShare]:
    """Budgets of regions by their codes.

    Raises:
        Invalid: with a region that is not there, or named twice.
    """
    codes = [share["region"] for share in wanted]
    every(
        found_by(Region.objects.filter(pk__in=codes), lambda region: region.pk),
        codes,
        "region_budgets",
        _("There is no region %(number)s."),
    )
    if len(set(codes)) < len(codes):
        raise Invalid(fields={"region_budgets": [_("Name each region once.")]})
    return [RegionShare(share["region"], share["amount_fen"]) for share in wanted]


def found_batches(brand: Brand, lots: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Batch]:
    """The brand's batches by GTIN and lot."""
    any_of = Q(pk__in=[])
    for gtin, lot in lots:
        any_of |= Q(product__gtin=gtin, lot=lot)
    batches = Batch.objects.filter(any_of, product__brand=brand).select_related("product")
    return found_by(batches, lambda batch: (batch.product.gtin, batch.lot))


def found_by(rows: QuerySet[Any], number_of: Callable[[Any], Any]) -> dict[Any, Any]:
    """The rows by their numbers."""
    return {number_of(row): row for row in rows}


def every(found: dict[Any, Model], numbers: Sequence[Any], field: str, text: str) -> list[Any]:
    """All that were named, each once, in their order; raises Invalid with the first that is missing."""
    for number in numbers:
        if number not in found:
            said = " ".join(number) if isinstance(number, tuple) else number
            raise Invalid(fields={field: [text % {"number": said}]})
    return [found[number] for number in dict.fromkeys(numbers)]
