"""What a campaign is for: what its draft was given, and the conditions that were sealed with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import QuerySet

from codes.formats.code_text import Role
from codes.models import Batch, CodeOrder, Product
from rewards.campaign_moves import OPEN
from rewards.models import Campaign
from stores.models import Dealer, Region, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is admitted; nothing of a kind admits all of it. Of one kind any will do, of several each must be met."""

    products: Sequence[Product] = ()
    batches: Sequence[Batch] = ()
    regions: Sequence[Region] = ()
    dealers: Sequence[Dealer] = ()
    stores: Sequence[Store] = ()

    @property
    def is_anywhere(self) -> bool:
        """Whether it asks nothing of the store that sold the item."""
        return not (self.regions or self.dealers or self.stores)

    def __bool__(self) -> bool:
        return bool(self.products or self.batches) or not self.is_anywhere


KINDS = tuple(field.name for field in fields(Scope))
SINGULAR = {"products": "product", "batches": "batch", "regions": "region", "dealers": "dealer", "stores": "store"}
"""Kind → the column of a condition."""
PREFETCHED = (
    *("products", "batches__product", "regions", "dealers", "stores", "conditions__product"),
    *("conditions__batch__product", "conditions__region", "conditions__dealer", "conditions__store"),
)
"""What `scope_of` reads of many campaigns."""


def scope_of(campaign: Campaign) -> Scope:
    """What was chosen for a draft; of a published campaign what is sealed."""
    return chosen_scope(campaign) if campaign.state in OPEN else sealed_scope(campaign)


def chosen_scope(campaign: Campaign) -> Scope:
    """What a draft was given."""
    return Scope(**{kind: in_order(getattr(campaign, kind).all()) for kind in KINDS})


def sealed_scope(campaign: Campaign) -> Scope:
    """The conditions of a published campaign; one query, unless they are at hand."""
    conditions = campaign.conditions.all()
    if "conditions" not in getattr(campaign, "_prefetched_objects_cache", {}):
        conditions = conditions.select_related("product", "batch__product", "region", "dealer", "store")
    found: dict[str, list[Any]] = {column: [] for column in SINGULAR.values()}
    for condition in conditions:
        found[condition.kind].append(condition.thing)
    return Scope(**{kind: in_order(found[column]) for kind, column in SINGULAR.items()})


def in_order(things: Iterable[Any]) -> list[Any]:
    """By their keys: the same for everybody who reads it."""
    return sorted(things, key=lambda thing: thing.pk)


def orders_of(campaign: Campaign) -> QuerySet[CodeOrder]:
    """The orders that take part in a draft: those chosen, else all of its batches or products with a reward mark."""
    if campaign.open_ended:
        return CodeOrder.objects.none()
    if campaign.orders.exists():
        return campaign.orders.select_related("batch").order_by("pk")
    batches = Batch.objects.filter(product__in=campaign.products.all())
    if campaign.batches.exists():
        batches = Batch.objects.filter(pk__in=campaign.batches.all())
    items = CodeOrder.objects.filter(brand_id=campaign.brand_id, level=CodeOrder.Level.ITEM, batch__in=batches)
    marked = items.filter(roles__contains=[int(Role.ITEM_INNER)])
    return marked.exclude(state=CodeOrder.State.CANCELLED).select_related("batch").order_by("pk")
