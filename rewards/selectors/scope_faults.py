"""What is wrong with what a draft is for, each with its remedy: contradictions, strangers, campaigns in front of it."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from codes.formats.code_text import Role
from codes.models import CodeOrder
from rewards.campaign_moves import LIVE
from rewards.models import Campaign
from rewards.selectors.scopes import Scope

Faults = dict[str, list[str]]


def scope_faults(campaign: Campaign, scope: Scope, orders: Sequence[CodeOrder]) -> Faults:
    """Field → faults, of the orders that take part and of what narrows them."""
    return {
        "orders": [fault for order in orders for fault in order_faults(campaign, order, scope)]
        + taken_faults(campaign, orders)
        or nothing_faults(campaign, scope, orders),
        "open_ended": open_ended_faults(campaign, scope),
        "products": [fault for product in scope.products for fault in foreign(campaign, product.brand_id, product)],
        "batches": batch_faults(campaign, scope),
        "dealers": [fault for dealer in scope.dealers for fault in foreign(campaign, dealer.brand_id, dealer)],
        "stores": store_faults(campaign, scope),
        "priority": front_faults(campaign, scope),
    }


def nothing_faults(campaign: Campaign, scope: Scope, orders: Sequence[CodeOrder]) -> list[str]:
    """Somebody must be able to win."""
    if orders or campaign.open_ended:
        return []
    if scope.products or scope.batches:
        return [_("The chosen products and batches have no order of items with an inner mark. Order codes first.")]
    return [_("No order takes part. Choose at least one order of items, or a product or batch.")]


def open_ended_faults(campaign: Campaign, scope: Scope) -> list[str]:
    """Whoever takes all that comes can't say how many prizes there are, and must say of what."""
    if not campaign.open_ended:
        return []
    faults = []
    if campaign.draw != Campaign.Draw.LIVE:
        faults.append(_("A sealed draw has exactly one prize for each item. Make it live, or not open-ended."))
    if campaign.orders.exists():
        faults.append(_("An open-ended campaign takes all orders of its products. Take the chosen orders out."))
    if not (scope.products or scope.batches):
        faults.append(_("An open-ended campaign needs products or batches. Choose at least one."))
    return faults


def order_faults(campaign: Campaign, order: CodeOrder, scope: Scope) -> list[str]:
    """What keeps one order from taking part."""
    faults = []
    if order.brand_id != campaign.brand_id:
        faults.append(_("Order %(order)s belongs to another brand. Take it out.") % {"order": order.pk})
    if order.level != CodeOrder.Level.ITEM:
        faults.append(_("Order %(order)s is not of items. Take it out.") % {"order": order.pk})
    elif Role.ITEM_INNER not in order.roles:
        faults.append(_("Order %(order)s prints no inner mark, so nobody could claim.") % {"order": order.pk})
    if order.state == CodeOrder.State.CANCELLED:
        faults.append(_("Order %(order)s was cancelled. Take it out.") % {"order": order.pk})
    if not is_chosen(order, scope):
        faults.append(_("Order %(order)s is not of the chosen products or batches. Take it out.") % {"order": order.pk})
    return faults


def taken_faults(campaign: Campaign, orders: Sequence[CodeOrder]) -> list[str]:
    """Orders that take part in campaigns in front of this one. One query, where there are no such campaigns."""
    fronts = in_front_of(campaign)
    if not (orders and fronts.exists()):
        return []
    return [
        _(
            "Order %(order)s takes part in “%(other)s” all that time, which goes before this one. Take it out, move "
            "the time, or give this one a higher priority."
        )
        % {"order": order.pk, "other": other.name}
        for order in orders
        for other in fronts.filter(has_order(order))
    ]


def is_chosen(order: CodeOrder, scope: Scope) -> bool:
    """Whether an order is of what was chosen, where anything was."""
    of_batch = not scope.batches or order.batch_id in {batch.pk for batch in scope.batches}
    return of_batch and (not scope.products or order.batch.product_id in {product.pk for product in scope.products})


def batch_faults(campaign: Campaign, scope: Scope) -> list[str]:
    """Batches of other brands, or of products that were not chosen."""
    products = {product.pk for product in scope.products}
    faults = []
    for batch in scope.batches:
        faults += foreign(campaign, batch.product.brand_id, batch)
        if products and batch.product_id not in products:
            faults.append(
                _("Batch %(batch)s is not of a chosen product. Take it out, or choose its product.") % {"batch": batch}
            )
    return faults


def store_faults(campaign: Campaign, scope: Scope) -> list[str]:
    """Stores of other brands, or that the other conditions shut out."""
    regions = {region.pk for region in scope.regions}
    dealers = {dealer.pk for dealer in scope.dealers}
    faults = []
    for store in scope.stores:
        faults += foreign(campaign, store.brand_id, store)
        if regions and regions.isdisjoint(store.region.lineage):
            faults.append(_("“%(store)s” lies in none of the chosen regions. Take it out.") % {"store": store})
        if dealers and store.dealer_id not in dealers:
            faults.append(_("“%(store)s” belongs to none of the chosen dealers. Take it out.") % {"store": store})
    return faults


def foreign(campaign: Campaign, brand_id: int, thing: object) -> list[str]:
    """Whether it belongs to another brand."""
    if brand_id == campaign.brand_id:
        return []
    return [_("“%(thing)s” belongs to another brand. Take it out.") % {"thing": thing}]


def front_faults(campaign: Campaign, scope: Scope) -> list[str]:
    """Open-ended campaigns that would take each opening of this open-ended one."""
    if not campaign.open_ended:
        return []
    same = Q(conditions__product__in=scope.products) | Q(conditions__batch__in=scope.batches)
    wider = Q(conditions__product__in=[batch.product_id for batch in scope.batches])
    return [
        _(
            "“%(other)s” is open-ended for the same products all that time, and goes before this one. Move the time, "
            "or give this one a higher priority."
        )
        % {"other": other.name}
        for other in in_front_of(campaign).filter(same | wider, open_ended=True).distinct()
    ]


def has_order(order: CodeOrder) -> Q:
    """Campaigns that an order's items take part in."""
    known = Q(conditions__batch=order.batch_id) | Q(conditions__product=order.batch.product_id)
    return Q(spans__order=order) | (Q(open_ended=True) & known)


def in_front_of(campaign: Campaign) -> QuerySet[Campaign]:
    """Published campaigns that run as long as this one, wherever an item was sold, and go before it."""
    return (
        Campaign.objects.filter(
            brand_id=campaign.brand_id,
            state__in=LIVE,
            starts_at__lte=campaign.starts_at,
            ends_at__gte=campaign.ends_at,
            priority__gte=campaign.priority,
            narrowed_by=[],
        )
        .exclude(pk=campaign.pk)
        .order_by("pk")
        .distinct()
    )
