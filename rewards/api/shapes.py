"""What the API's answers share, and payouts and held envelopes as partners see them."""

from typing import Any

from rest_framework import serializers

from rewards.models import Campaign, Grant, Payout, Prize, RiskReview


class NamesShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)


class PayoutStateShape(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=Payout.State.choices)
    text = serializers.CharField(help_text="The same in words, in the language asked for.")


class PayoutShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    bill_no = serializers.CharField()
    provider = serializers.CharField()
    payee = serializers.ChoiceField(choices=Grant.Payee.choices)
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


def names_of(thing: Prize | Campaign) -> dict[str, str]:
    """In Chinese and English."""
    return {"name": thing.name, "name_en": thing.name_en}


def payout_state_shape(state: str) -> dict[str, Any] | None:
    """A payout's state and the same in words; None where there is no payout."""
    return {"state": state, "text": Payout.State(state).label} if state else None


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
