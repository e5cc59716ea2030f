"""What a campaign is for: chosen in its draft, sealed with it as conditions."""

from collections.abc import Sequence

from django.db.backends.postgresql.psycopg_any import NumericRange

from codes.models import CodeOrder
from rewards.models import Campaign, CampaignCondition, CampaignSpan
from rewards.models.condition import BY_STORE
from rewards.selectors.scopes import KINDS, SINGULAR, Scope


def write_scope(campaign: Campaign, scope: Scope) -> None:
    """Replace what a draft is for."""
    for kind in KINDS:
        getattr(campaign, kind).set(getattr(scope, kind))


def add_scope(campaign: Campaign, scope: Scope) -> None:
    """Say what a new draft is for."""
    for kind in KINDS:
        getattr(campaign, kind).add(*getattr(scope, kind))


def seal_scope(campaign: Campaign, orders: Sequence[CodeOrder], scope: Scope) -> None:
    """Lay the orders' serials one after the other, and keep the conditions. Sets units and narrowed_by, unsaved."""
    first = 0
    spans = []
    for order in orders:
        serials = NumericRange(order.first_serial, order.last_serial + 1)
        spans.append(CampaignSpan(campaign=campaign, order=order, serials=serials, first_position=first))
        first += order.quantity
    CampaignSpan.objects.bulk_create(spans)
    conditions = conditions_of(campaign, scope)
    CampaignCondition.objects.bulk_create(conditions)
    kinds = {condition.kind for condition in conditions}
    campaign.units, campaign.narrowed_by = first, [kind for kind in BY_STORE if kind in kinds]


def conditions_of(campaign: Campaign, scope: Scope) -> list[CampaignCondition]:
    """The conditions of a draft. A batch says its product already: with batches, no product stands beside them."""
    kinds = [kind for kind in KINDS if kind != "products" or not scope.batches]
    return [
        CampaignCondition(campaign=campaign, **{SINGULAR[kind]: thing})
        for kind in kinds
        for thing in getattr(scope, kind)
    ]
