"""What a campaign is for: what its draft was given, and the conditions that were sealed with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db import connection
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
READ_WITH = {"batches": "product", "stores": "region"}
"""Kind → what its faults look at besides."""
CHOSEN = {"orders": "codeorder"} | SINGULAR
KEYS = "SELECT {}".format(
    ", ".join(
        f"ARRAY(SELECT {column}_id FROM rewards_campaign_{kind} WHERE campaign_id = %(campaign)s::bigint)"  # noqa: S608
        for kind, column in CHOSEN.items()
    )
)
"""All that a draft was given, by kind: most drafts have nothing of most kinds."""

Keys = dict[str, list[Any]]
"""Kind → the keys of what is of it, in their order."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a draft was given: the keys of its orders, and what narrows them."""

    orders: Sequence[int]
    scope: Scope


def scope_of(campaign: Campaign) -> Scope:
    """What was chosen for a draft; of a published campaign what is sealed."""
    return chosen_scope(campaign) if campaign.state in OPEN else sealed_scope(campaign)


def chosen_scope(campaign: Campaign) -> Scope:
    """What a draft was given; no query, if it is at hand."""
    at_hand = getattr(campaign, "_prefetched_objects_cache", {})
    if at_hand.keys() >= set(KINDS):
        return Scope(**{kind: in_order(getattr(campaign, kind).all()) for kind in KINDS})
    return chosen_of(campaign).scope


def chosen_of(campaign: Campaign) -> Chosen:
    """What a draft was given. One query, and one for each kind that it has any of."""
    keys = chosen_keys(campaign)
    return Chosen(keys["orders"], Scope(**{kind: given(campaign, kind) if keys[kind] else [] for kind in KINDS}))


def given(campaign: Campaign, kind: str) -> list[Any]:
    """What a draft was given of one kind. One query, however many they are."""
    return in_order(getattr(campaign, kind).select_related(READ_WITH.get(kind)))


def chosen_keys(campaign: Campaign) -> Keys:
    """The keys of what a draft was given, its orders too. One query."""
    with connection.cursor() as cursor:
        cursor.execute(KEYS, {"campaign": campaign.pk})
        return {kind: sorted(keys) for kind, keys in zip(CHOSEN, cursor.fetchone(), strict=True)}


def keys_of(campaign: Campaign) -> Keys:
    """The keys of `scope_of`, of the kinds that there are any of. One query."""
    if campaign.state in OPEN:
        chosen = chosen_keys(campaign)
        return {kind: chosen[kind] for kind in KINDS if chosen[kind]}
    rows = campaign.conditions.values_list(*SINGULAR.values())
    columns = zip(*rows, strict=True)
    found = {
        kind: sorted(key for key in keys if key is not None) for kind, keys in zip(SINGULAR, columns, strict=False)
    }
    return {kind: keys for kind, keys in found.items() if keys}


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


def orders_of(campaign: Campaign, chosen: Chosen) -> QuerySet[CodeOrder]:
    """The orders that take part in a draft: those chosen, else all of its batches or products with a reward mark."""
    orders = CodeOrder.objects.select_related("batch").order_by("pk")
    if campaign.open_ended:
        return orders.none()
    if chosen.orders:
        return orders.filter(pk__in=chosen.orders)
    batches, products = chosen.scope.batches, chosen.scope.products
    if not (batches or products):
        return orders.none()
    of = {"batch__in": batches} if batches else {"batch__product__in": products}
    items = orders.filter(brand_id=campaign.brand_id, level=CodeOrder.Level.ITEM, **of)
    return items.filter(roles__contains=[int(Role.ITEM_INNER)]).exclude(state=CodeOrder.State.CANCELLED)
