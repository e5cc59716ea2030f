"""Vouchers and locked envelopes come into being: rows that are written with their promise."""

import datetime as dt
from uuid import UUID

from codes.models import Binding
from rewards.models import Claim, Grant, Prize, Voucher
from rewards.selectors.claim_facts import OpeningFacts
from rewards.selectors.running import SURE_ENOUGH
from rewards.voucher_codes import new_voucher_code


def prize_grant(prize: Prize, amount_fen: int, consumer_id: UUID, now: dt.datetime) -> Grant:
    """What keeps a prize: the consumer's money, or what the owner of the store gets that will redeem the voucher.

    Not yet promised to anybody, where it waits for a store or for the consumer's next opening: locked.
    """
    grant = Grant(payee=Grant.Payee.CONSUMER, consumer_id=consumer_id, amount_fen=amount_fen)
    if prize.is_voucher:
        grant = Grant(payee=Grant.Payee.REDEEMER, amount_fen=amount_fen)
    if prize.is_voucher or prize.is_locked:
        grant.state, grant.locked_until = Grant.State.LOCKED, end_of(prize, now)
    return grant


def end_of(prize: Prize, now: dt.datetime) -> dt.datetime:
    """Until when a prize that is promised now is good."""
    return now + dt.timedelta(days=prize.valid_days)


def voucher_of(claim: Claim, grant: Grant, store_id: int | None, now: dt.datetime) -> Voucher:
    """The voucher of a locked grant, not yet written. `store_id`: where alone it can be redeemed; None: anywhere."""
    prize = claim.prize
    assert prize is not None
    assert grant.locked_until is not None
    return Voucher(
        grant_id=grant.pk,
        brand_id=claim.brand_id,
        consumer_id=claim.consumer_id,
        prize=prize,
        code=new_voucher_code(),
        store_id=None if prize.any_store else store_id,
        issued_at=now,
        valid_until=grant.locked_until,
    )


def redeeming_store(opening: OpeningFacts) -> int | None:
    """The store of the purchase, where it is known surely enough and somebody there can be paid."""
    return opening.store_id if opening.owner is not None and opening.confidence >= SURE_ENOUGH else None


def redeeming_store_of(claim: Claim) -> int | None:
    """The same of a claim whose opening has been bound before. One query."""
    bound = Binding.objects.filter(opening=claim.opening_id, confidence__gte=SURE_ENOUGH, store__owner__isnull=False)
    return bound.values_list("store", flat=True).first()
