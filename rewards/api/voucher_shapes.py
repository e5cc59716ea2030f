"""Vouchers and their redemptions as the API tells them."""

import datetime as dt
from typing import Any

from rest_framework import serializers

from rewards.api.shapes import NamesShape, PayoutStateShape, names_of, payout_state_shape
from rewards.draw.prizes import VOUCHERS
from rewards.models import Voucher
from rewards.selectors.prize_words import prize_words
from rewards.selectors.vouchers import bound_store, voucher_path


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
