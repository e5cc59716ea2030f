"""Envelopes as the consumer API tells them."""

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core import clock
from rewards.api.shapes import NamesShape, PayoutStateShape, names_of, payout_state_shape
from rewards.api.voucher_shapes import VoucherShape, voucher_shape
from rewards.models import Grant
from rewards.selectors.envelopes import THANK_YOU, VOUCHER, Envelope

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
