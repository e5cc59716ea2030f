"""Campaigns as the partner API tells them."""

from typing import Any

from rest_framework import serializers

from rewards.api.shapes import NamesShape
from rewards.campaign_moves import OPEN, OVER
from rewards.draw.prizes import terms_in
from rewards.models import Campaign, Prize
from rewards.models.campaign import LIMITS
from rewards.selectors.claim_facts import SHARES
from rewards.selectors.published_terms import terms_path
from rewards.selectors.scopes import Scope, scope_of

NUMBERS = ("units", "budget_fen", *SHARES, "commitment", "priority", "open_ended")


class PrizeShape(NamesShape):
    kind = serializers.ChoiceField(choices=Prize.Kind.choices)
    amount_fen = serializers.IntegerField(help_text="What one takes from the budget.")
    pays_fen = serializers.IntegerField(help_text="A bottle for a price: what the consumer pays at the store.")
    worth_fen = serializers.IntegerField(help_text="Store voucher: what the store takes off.")
    valid_days = serializers.IntegerField(help_text="Vouchers and locked envelopes: for how long.")
    any_store = serializers.BooleanField(help_text="Vouchers: at every store, not at that of the purchase alone.")
    most_fen = serializers.IntegerField(allow_null=True, help_text="Top of a live draw's range.")
    quantity = serializers.IntegerField(help_text="How many; in a live draw, the weight.")


class BatchNameShape(serializers.Serializer[Any]):
    gtin = serializers.CharField()
    lot = serializers.CharField()


class ScopeShape(serializers.Serializer[Any]):
    """What a campaign is for; an empty list admits all."""

    products = serializers.ListField(child=serializers.CharField(), help_text="GTINs.")
    batches = BatchNameShape(many=True)
    regions = serializers.ListField(child=serializers.CharField(), help_text="GB/T 2260 codes.")
    dealers = serializers.ListField(child=serializers.CharField(), help_text="Numbers.")
    stores = serializers.ListField(child=serializers.CharField(), help_text="Numbers.")


class RegionBudgetShape(serializers.Serializer[Any]):
    region = serializers.CharField(help_text="GB/T 2260.")
    amount_fen = serializers.IntegerField()


class CampaignShape(NamesShape):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Campaign.State.choices)
    remark = serializers.CharField(help_text="Why the review sent it back; empty otherwise.")
    terms = serializers.CharField()
    terms_en = serializers.CharField()
    draw = serializers.ChoiceField(choices=Campaign.Draw.choices)
    organiser = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    units = serializers.IntegerField()
    budget_fen = serializers.IntegerField()
    owner_share_fen = serializers.IntegerField()
    salesperson_share_fen = serializers.IntegerField()
    referrer_share_fen = serializers.IntegerField()
    commitment = serializers.CharField(help_text="SHA-256 of key and table, published before the start.")
    terms_path = serializers.CharField(allow_null=True, help_text="Page for consumers, once published.")
    sealed_key = serializers.CharField(allow_null=True, help_text="Hexadecimal; null until the campaign has ended.")
    priority = serializers.IntegerField(help_text="Of several campaigns for one opening the highest runs.")
    open_ended = serializers.BooleanField(help_text="All items of its products or batches, those ordered later too.")
    scope = ScopeShape()
    person_limit = serializers.IntegerField(allow_null=True, help_text="Envelopes of a person in all.")
    person_day_limit = serializers.IntegerField(allow_null=True, help_text="Envelopes of a person and business day.")
    store_day_limit = serializers.IntegerField(allow_null=True, help_text="Envelopes of a store and business day.")
    day_budget_fen = serializers.IntegerField(allow_null=True)
    store_budget_fen = serializers.IntegerField(allow_null=True, help_text="Of each store.")
    region_budgets = RegionBudgetShape(many=True)
    prizes = PrizeShape(many=True)


class CampaignPageShape(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = CampaignShape(many=True)


def campaign_shape(campaign: Campaign) -> dict[str, Any]:
    """A campaign, as CampaignShape tells: the key of its draw is shown from its end on."""
    ended = campaign.state in OVER
    plain = (
        "id",
        "name",
        "name_en",
        "state",
        "remark",
        "terms",
        "terms_en",
        "draw",
        "organiser",
        "starts_at",
        "ends_at",
        "ended_at",
    )
    return {name: getattr(campaign, name) for name in (*plain, *NUMBERS, *LIMITS)} | {
        "scope": scope_shape(scope_of(campaign)),
        "region_budgets": [
            {"region": share.region_id, "amount_fen": share.amount_fen} for share in campaign.region_budgets.all()
        ],
        "terms_path": None if campaign.state in OPEN else terms_path(campaign.pk),
        "sealed_key": bytes(campaign.sealed_key).hex() if ended else None,
        "prizes": [
            {name: getattr(prize, name) for name in ("name", "name_en", "amount_fen", "most_fen", "quantity")}
            | terms_in(prize)
            for prize in campaign.prizes.all()
        ],
    }


def scope_shape(scope: Scope) -> dict[str, Any]:
    """What a campaign is for, by the numbers that partners know."""
    return {
        "products": [product.gtin for product in scope.products],
        "batches": [{"gtin": batch.product.gtin, "lot": batch.lot} for batch in scope.batches],
        "regions": [region.pk for region in scope.regions],
        "dealers": [dealer.number for dealer in scope.dealers],
        "stores": [store.number for store in scope.stores],
    }
