"""How this room's things look in JSON, and their schemas."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from rewards.campaign_moves import OPEN, OVER
from rewards.models import Campaign, Payout, RiskReview
from rewards.models.campaign import LIMITS
from rewards.selectors.envelopes import THANK_YOU, Envelope
from rewards.selectors.published_terms import terms_path
from rewards.selectors.scopes import Scope, scope_of

IN_WORDS = {
    "promised": _("Your money is on its way."),
    "paid": _("The money has arrived."),
    "released": _("The payment did not succeed, and the promise has lapsed. Please contact the organiser."),
    THANK_YOU: _("Thank you for taking part."),
}
NUMBERS = ("units", "budget_fen", "owner_share_fen", "commitment", "priority", "open_ended")


class NamesShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)


class PayoutStateShape(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=Payout.State.choices)
    text = serializers.CharField(help_text="The same in words, in the language asked for.")


class EnvelopeShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    amount_fen = serializers.IntegerField(help_text="0 for a thank-you.")
    state = serializers.ChoiceField(choices=["promised", "paid", "released", THANK_YOU])
    text = serializers.CharField(help_text="The state in words, in the language asked for.")
    prize = NamesShape()
    campaign = NamesShape()
    claimed_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)
    payout = PayoutStateShape(allow_null=True)


class EnvelopePageShape(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = EnvelopeShape(many=True)


class PrizeShape(NamesShape):
    amount_fen = serializers.IntegerField()
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


class PayoutShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    bill_no = serializers.CharField()
    provider = serializers.CharField()
    payee = serializers.ChoiceField(choices=["consumer", "store_owner"])
    campaign = serializers.IntegerField()
    amount_fen = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Payout.State.choices)
    fault = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class PayoutPageShape(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = PayoutShape(many=True)


class HeldShape(serializers.Serializer[Any]):
    serial = serializers.IntegerField()
    state = serializers.ChoiceField(choices=RiskReview.State.choices)
    score = serializers.IntegerField(help_text="0 to 100: 50 where one rule is just met.")
    rules = serializers.ListField(child=serializers.CharField(), help_text="Names of docs/risk.md.")
    held_at = serializers.DateTimeField()
    decides_by = serializers.DateTimeField(help_text="What the consumer was told.")
    decided_at = serializers.DateTimeField(allow_null=True)


class HeldPageShape(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = HeldShape(many=True)


def envelope_shape(envelope: Envelope) -> dict[str, Any]:
    """An envelope, as EnvelopeShape tells."""
    claim, grant = envelope.claim, envelope.grant
    assert claim.prize is not None
    assert claim.campaign is not None
    return {
        "id": envelope.id,
        "amount_fen": envelope.amount_fen,
        "state": envelope.state,
        "text": IN_WORDS[envelope.state],
        "prize": {"name": claim.prize.name, "name_en": claim.prize.name_en},
        "campaign": {"name": claim.campaign.name, "name_en": claim.campaign.name_en},
        "claimed_at": claim.claimed_at,
        "settled_at": grant.settled_at if grant else None,
        "payout": payout_state_shape(envelope.payout_state),
    }


def payout_state_shape(state: str) -> dict[str, Any] | None:
    """A payout's state and the same in words; None where there is no payout."""
    return {"state": state, "text": Payout.State(state).label} if state else None


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


def payout_shape(payout: Payout) -> dict[str, Any]:
    """A payout, as PayoutShape tells; the payee's account is not shown."""
    plain = ("id", "bill_no", "provider", "amount_fen", "state", "fault", "created_at", "finished_at")
    return {name: getattr(payout, name) for name in plain} | {
        "payee": payout.grant.payee,
        "campaign": payout.grant.campaign_id,
    }


def held_shape(review: RiskReview) -> dict[str, Any]:
    """A held envelope, as HeldShape tells."""
    plain = ("state", "score", "rules", "held_at", "decides_by", "decided_at")
    return {"serial": review.claim_id} | {name: getattr(review, name) for name in plain}
