"""Payouts come into being: one bill for each promise."""

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

from celery import signature
from django.conf import settings
from django.db import connection, transaction
from uuid_utils.compat import uuid7

from core.bell import ring_on_commit
from rewards.models import Grant, Payout
from rewards.models.ledger import Reason
from rewards.services import ledger
from rewards.services.ledger import Move, move_of

POSTED_BY = "system:payouts"
SETTLE_DUE = signature("rewards.tasks.settle_due")
CAN_BE_ASKED = (Payout.State.CREATED, Payout.State.ACCEPTED, Payout.State.AWAITING_CONFIRMATION, Payout.State.UNKNOWN)
AT_ONCE = dt.timedelta()


def create_payouts(*, grants: Sequence[Grant], now: dt.datetime, wait: dt.timedelta = AT_ONCE) -> list[Payout]:
    """One bill for each promised grant, due after `wait`; its money moves RESERVED → PAYABLE.

    Runs in the caller's transaction, and rings for a worker when that has committed. A grant whose payee has no
    account yet gets no bill: its money stays reserved until `create_waiting_payouts` finds the account.

    Raises:
        IntegrityError: a grant has a bill already that hasn't failed.
    """
    payouts = payouts_of(grants, now=now, wait=wait)
    if not payouts:
        return []
    with transaction.atomic():
        Payout.objects.bulk_create(payouts)
        ledger.post(moves=sends_of(payouts), posted_by=POSTED_BY, now=now)
    ring_on_commit(SETTLE_DUE)
    return payouts


def payouts_of(grants: Sequence[Grant], *, now: dt.datetime, wait: dt.timedelta = AT_ONCE) -> list[Payout]:
    """The bills of `create_payouts`, not yet written."""
    return [
        payout_of(grant, account, created_at=now, next_at=now + wait)
        for grant in grants
        if (account := payee_account(grant))
    ]


def sends_of(payouts: Sequence[Payout]) -> list[Move]:
    """The money of new bills: RESERVED → PAYABLE."""
    return [move_of(payout.grant, Reason.SEND, payout_id=payout.pk) for payout in payouts]


def payout_of(grant: Grant, account: str, *, created_at: dt.datetime, next_at: dt.datetime) -> Payout:
    """The row of a bill; the bill number is its id in hexadecimal digits, known before anything is sent."""
    id_ = uuid7()
    return Payout(
        id=id_,
        brand_id=grant.brand_id,
        grant=grant,
        provider=settings.PAYMENT_PROVIDER,
        bill_no=id_.hex,
        payee_account=account,
        amount_fen=grant.amount_fen,
        created_at=created_at,
        next_at=next_at,
    )


def payee_account(grant: Grant) -> str:
    """Where a grant's money goes: the consumer's own wallet, or the account that the store's owner gave or not yet."""
    if grant.store_owner is not None:
        return grant.store_owner.wallet
    return f"consumer:{grant.consumer_id}"


@transaction.atomic
def create_waiting_payouts(*, now: dt.datetime, limit: int = 500) -> int:
    """Bills for promises to store owners whose account became known since. How many; call again while it is `limit`."""
    with connection.cursor() as cursor:
        # One run at a time, and each reads only after the one before it has committed.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('rewards.create_waiting_payouts'))")
    waiting = (
        Grant.objects.filter(state=Grant.State.PROMISED, payee=Grant.Payee.STORE_OWNER, payouts__isnull=True)
        .exclude(store_owner__wallet="")
        .select_related("store_owner")
        .select_for_update(of=("self",), skip_locked=True)  # one that lapses at this moment is left alone
    )
    return len(create_payouts(grants=list(waiting[:limit]), now=now))


def ask_now(*, payout_ids: Collection[UUID], now: dt.datetime) -> int:
    """Have the provider asked about these payouts at once, without waiting for their next time. How many.

    Payouts that are final, or are being handed over at this moment, are left alone.
    """
    with transaction.atomic():
        waiting = Payout.objects.filter(pk__in=payout_ids, state__in=CAN_BE_ASKED)
        count = waiting.update(next_at=now)
        ring_on_commit(SETTLE_DUE)
    return count
