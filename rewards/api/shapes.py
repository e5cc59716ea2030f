"""How this room's things look in JSON, and their schemas."""

import datetime as dt
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core import clock
from rewards.campaign_moves import OPEN, OVER
from rewards.draw.prizes import VOUCHERS, terms_in
from rewards.models import Campaign, Grant, Payout, Prize, RiskReview, Voucher
from rewards.models.campaign import LIMITS
from rewards.selectors.claim_facts import SHARES
from rewards.selectors.envelopes import THANK_YOU, VOUCHER, Envelope
from rewards.selectors.prize_words import prize_words
from rewards.selectors.published_terms import terms_path
from rewards.selectors.scopes import Scope, scope_of
from rewards.selectors.vouchers import bound_store, voucher_path

IN_WORDS = {
    "promised": _("Your money is on its way."),
    "paid": _("The money has arrived."),
    "released": _("The payment did not succeed, and the promise has lapsed. Please contact the organiser."),
    THANK_YOU: _("Thank you for taking part."),
}
ENDED_IN_WORDS = {
    "redeemed": _("Your voucher was redeemed."),
    "lapsed": _("Your voucher was not redeemed in time."),
    "cancelled": _("Your voucher was cancelled by the organiser."),
}
UNTIL_IN_WORDS = {
    "locked": _("Locked: open another bottle by %(moment)s, and it is paid to you."),
    VOUCHER: _("Show your voucher at the store by %(moment)s."),
}
NUMBERS = ("units", "budget_fen", *SHARES, "commitment", "priority", "open_ended")


class NamesShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)


class PayoutStateShape(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=Payout.State.choices)
    text = serializers.CharField(help_text="The same in words, in the language asked for.")


class VoucherShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField(help_text="What the store scans or types; a secret of the consumer's.")
    path = serializers.CharField(help_text="Its page, with the QR code.")
    state = serializers.ChoiceField(choices=Voucher.State.choices)
    kind = serializers.ChoiceField(choices=sorted(VOUCHERS))
    words = serializers.CharField(help_text="What it is, in the language asked for.")
    pays_fen = serializers.IntegerField(help_text="What the consumer pays for it at the store.")
    worth_fen = serializers.IntegerField(help_text="What the store takes off.")
    store = serializers.CharField(allow_null=True, help_text="Where alone it is redeemed; null: at every store.")
    prize = NamesShape()
    campaign = NamesShape()
    issued_at = serializers.DateTimeField()
    valid_until = serializers.DateTimeField()
    redeemed_at = serializers.DateTimeField(allow_null=True)
    redeemed_by = serializers.CharField(allow_null=True, help_text="Name of the store that redeemed it.")


class VoucherPageShape(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = VoucherShape(many=True)


class RedemptionShape(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="The grant's: payouts name it.")
    voucher = serializers.CharField(help_text="The beginning of its code.")
    kind = serializers.ChoiceField(choices=sorted(VOUCHERS))
    words = serializers.CharField(help_text="What was handed over, in the language asked for.")
    campaign = serializers.IntegerField()
    store = serializers.CharField(help_text="Its number.")
    pays_fen = serializers.IntegerField(help_text="What the consumer paid.")
    worth_fen = serializers.IntegerField(help_text="What the store took off.")
    compensation_fen = serializers.IntegerField(help_text="What the store's owner gets for it.")
    redeemed_at = serializers.DateTimeField()
    payout = PayoutStateShape(allow_null=True, help_text="Of the owner's money; null before there is an account.")


class RedemptionPageShape(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = RedemptionShape(many=True)


class EnvelopeShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    amount_fen = serializers.IntegerField(help_text="0 for a thank-you and for a voucher.")
    state = serializers.ChoiceField(choices=["promised", "locked", "paid", "released", THANK_YOU, VOUCHER])
    text = serializers.CharField(help_text="The state in words, in the language asked for.")
    payee = serializers.ChoiceField(
        choices=["consumer", "referrer"], help_text="What the consumer is paid for: an own opening, or a friend's."
    )
    prize = NamesShape(allow_null=True, help_text="Null where the opening was a friend's.")
    campaign = NamesShape()
    claimed_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)
    payout = PayoutStateShape(allow_null=True)
    locked_until = serializers.DateTimeField(allow_null=True, help_text="By when the next opening unlocks it.")
    voucher = VoucherShape(allow_null=True)


class EnvelopePageShape(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = EnvelopeShape(many=True)


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


def envelope_shape(envelope: Envelope) -> dict[str, Any]:
    """An envelope, as EnvelopeShape tells."""
    claim, grant = envelope.claim, envelope.grant
    assert claim.prize is not None
    assert claim.campaign is not None
    return {
        "id": envelope.id,
        "amount_fen": envelope.amount_fen,
        "state": envelope.state,
        "text": text_of(envelope),
        "payee": grant.payee if grant else Grant.Payee.CONSUMER.value,
        "prize": None if envelope.is_friends else names_of(claim.prize),
        "campaign": names_of(claim.campaign),
        "claimed_at": claim.claimed_at,
        "settled_at": grant.settled_at if grant else None,
        "payout": payout_state_shape(envelope.payout_state),
        "locked_until": grant.locked_until if grant else None,
        "voucher": None if envelope.voucher is None else voucher_shape(envelope.voucher, clock.now()),
    }


def text_of(envelope: Envelope) -> str:
    """How it stands with an envelope; with the last moment of what waits."""
    grant, voucher = envelope.grant, envelope.voucher
    if voucher is not None and voucher.state in ENDED_IN_WORDS:
        return str(ENDED_IN_WORDS[voucher.state])
    until = voucher.valid_until if voucher else grant.locked_until if grant else None
    if envelope.state not in UNTIL_IN_WORDS or until is None:
        return str(IN_WORDS[envelope.state])
    return str(UNTIL_IN_WORDS[envelope.state]) % {"moment": date_format(localtime(until), "Y-m-d H:i")}


def voucher_shape(voucher: Voucher, now: dt.datetime) -> dict[str, Any]:
    """A voucher, as VoucherShape tells: for the consumer whose it is."""
    prize, there, bound = voucher.prize, voucher.redeemed_store, bound_store(voucher)
    return {
        "id": voucher.pk,
        "code": voucher.code,
        "path": voucher_path(voucher.pk),
        "state": voucher.state_at(now),
        "kind": prize.kind,
        "words": prize_words(prize),
        "pays_fen": prize.pays_fen,
        "worth_fen": prize.worth_fen,
        "store": bound.name if bound else None,
        "prize": names_of(prize),
        "campaign": names_of(prize.campaign),
        "issued_at": voucher.issued_at,
        "valid_until": voucher.valid_until,
        "redeemed_at": voucher.redeemed_at,
        "redeemed_by": there.name if there else None,
    }


def names_of(thing: Prize | Campaign) -> dict[str, str]:
    """In Chinese and English."""
    return {"name": thing.name, "name_en": thing.name_en}


def payout_state_shape(state: str) -> dict[str, Any] | None:
    """A payout's state and the same in words; None where there is no payout."""
    return {"state": state, "text": Payout.State(state).label} if state else None


def redemption_shape(voucher: Voucher) -> dict[str, Any]:
    """A line of a statement, as RedemptionShape tells; of the code its beginning."""
    there = voucher.redeemed_store
    assert there is not None
    return {
        "id": voucher.pk,
        "voucher": str(voucher),
        "kind": voucher.prize.kind,
        "words": prize_words(voucher.prize),
        "campaign": voucher.prize.campaign_id,
        "store": there.number,
        "pays_fen": voucher.prize.pays_fen,
        "worth_fen": voucher.prize.worth_fen,
        "compensation_fen": voucher.grant.amount_fen,
        "redeemed_at": voucher.redeemed_at,
        "payout": payout_state_shape(vars(voucher)["payout_state"] or ""),
    }


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
