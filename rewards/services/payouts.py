"""Payouts come into being: one bill for each promise."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from uuid import UUID

from celery import signature
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from uuid_utils.compat import uuid7

from core.bell import ring_on_commit
from core.sweeping import together_or_alone
from rewards.models import Grant, PayeeAccount, Payout
from rewards.models.ledger import Reason
from rewards.services import ledger
from rewards.services.ledger import Move, move_of
from rewards.services.payees import COLUMNS, accounts_of, name_wanted_from

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
    payouts = payouts_of(grants, accounts_of(grants), now=now, wait=wait)
    if not payouts:
        return []
    with transaction.atomic():
        Payout.objects.bulk_create(payouts)
        ledger.post(moves=sends_of(payouts), posted_by=POSTED_BY, now=now)
    ring_on_commit(SETTLE_DUE)
    return payouts


def payouts_of(
    grants: Sequence[Grant], accounts: Mapping[UUID, str], *, now: dt.datetime, wait: dt.timedelta = AT_ONCE
) -> list[Payout]:
    """The bills of `create_payouts`, not yet written; `accounts` are those of the grants that may have one."""
    return [
        payout_of(grant, accounts[grant.pk], created_at=now, next_at=now + wait)
        for grant in grants
        if grant.pk in accounts
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


@transaction.atomic
def create_waiting_payouts(*, now: dt.datetime, limit: int = 500) -> int:
    """Bills for promises to payees whose account became known since. How many; call again while it is `limit`."""
    with connection.cursor() as cursor:
        # One run at a time, and each reads only after the one before it has committed.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('rewards.create_waiting_payouts'))")
    promised = Grant.objects.filter(state=Grant.State.PROMISED, payouts__isnull=True)
    waiting = (
        promised.filter(has_an_account())
        .select_related("store_owner")
        .select_for_update(of=("self",), skip_locked=True)  # one that lapses at this moment is left alone
    )
    found = list(waiting[:limit])
    return together_or_alone(found, partial(bill, now=now), sweep="payouts.create")


@transaction.atomic
def bill(grants: Sequence[Grant], *, now: dt.datetime) -> int:
    """Bills for these promises; how many."""
    return len(create_payouts(grants=grants, now=now))


def has_an_account() -> Q:
    """Grants whose payee has told the present provider's account. With the sandbox only store owners ever wait."""
    if settings.PAYMENT_PROVIDER == "sandbox":
        return Q(store_owner__isnull=False) & ~Q(store_owner__wallet="")
    known = PayeeAccount.objects.filter(provider=settings.PAYMENT_PROVIDER)
    small = {} if (name_from := name_wanted_from()) is None else {"amount_fen__lt": name_from}
    enough = Q(**small)
    return (enough & of_payee(known)) | of_payee(known.exclude(name=""))


def of_payee(accounts: QuerySet[PayeeAccount]) -> Q:
    """Grants whose payee has one of these accounts."""
    has = [Exists(accounts.filter(**{person: OuterRef(person)})) for person in COLUMNS.values()]
    return Q(*(Q(one) for one in has), _connector=Q.OR)


def ask_now(*, payout_ids: Collection[UUID], now: dt.datetime) -> int:
    """Have the provider asked about these payouts at once, without waiting for their next time. How many.

    Payouts that are final, or are being handed over at this moment, are left alone.
    """
    with transaction.atomic():
        waiting = Payout.objects.filter(pk__in=payout_ids, state__in=CAN_BE_ASKED)
        count = waiting.update(next_at=now)
        ring_on_commit(SETTLE_DUE)
    return count
