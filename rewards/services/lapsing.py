"""Promises that were not called for in time: their money goes back into the budget."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from core.sweeping import go_through
from rewards.models import Claim, Grant, Payout, Voucher
from rewards.services.grants import release_grant
from rewards.services.tallying import give_back
from stores.services.counting import mark_day

POSTED_BY = "system:lapsing"
LAPSED = "lapsed"
GRACE = dt.timedelta(days=1)
"""A store whose telephone had no line tells so much later what it handed over in time."""
AT_ONCE = 500
NONE = UUID(int=0)
"""Before all ids."""


def release_lapsed(*, now: dt.datetime, at_once: int = AT_ONCE) -> int:
    """Release all shares that had no bill for settings.PROMISE_DAYS, `at_once` a transaction; the opener's own stay.

    So does what a store is owed for a redeemed voucher: the goods have been handed over. How many were released. Their
    payees gave no account in that time. A promise with a bill, whatever became of it, does not lapse: its bills end by
    the provider's word alone. One that can't be released is gone past.
    """
    released, reached = 0, NONE
    while found := lapsed_after(reached, now, at_once):
        released += release_portion(found, now)
        reached = found[-1]
    return released


def lapsed_after(reached: UUID, now: dt.datetime, limit: int) -> list[UUID]:
    """The next promises that look lapsed, in the order of their ids."""
    owed = Grant.objects.exclude(payee=Grant.Payee.CONSUMER).exclude(payee=Grant.Payee.REDEEMER)
    old = owed.filter(
        state=Grant.State.PROMISED,
        promised_at__lte=now - dt.timedelta(days=settings.PROMISE_DAYS),
        payouts__isnull=True,
        pk__gt=reached,
    )
    return list(old.order_by("pk").values_list("pk", flat=True)[:limit])


@transaction.atomic
def release_portion(found: Sequence[UUID], now: dt.datetime) -> int:
    """Release those that are promised still and that nobody else is working at; how many."""
    waiting = Grant.objects.filter(pk__in=found, state=Grant.State.PROMISED)
    # In the order of the budget's slots, which each release locks in turn.
    ordered = waiting.order_by("campaign", "budget_slot", "pk").select_for_update(of=("self",), skip_locked=True)
    locked = {grant.pk: grant for grant in ordered}
    # Asked again under the lock: whoever bills a promise locks it too.
    billed = set(Payout.objects.filter(grant__in=locked).values_list("grant", flat=True))
    lapsed = [grant for pk, grant in locked.items() if pk not in billed]
    return release_all(lapsed, partial(release, now=now), sweep="promises.lapse")


def release_locked(*, now: dt.datetime, at_once: int = AT_ONCE) -> int:
    """Release what waited in vain, `at_once` a transaction: vouchers no store redeemed, envelopes no opening unlocked.

    How many were. An envelope waits on while an opening that was in time is held for review. One that can't be
    released is gone past.
    """
    released, reached = 0, NONE
    while found := locked_after(reached, now, at_once):
        released += release_locked_portion(found, now)
        reached = found[-1]
    return released


def locked_after(reached: UUID, now: dt.datetime, limit: int) -> list[UUID]:
    """The next locked grants whose time is over, in the order of their ids."""
    held = Claim.objects.filter(
        consumer=OuterRef("consumer"), state=Claim.State.HELD, claimed_at__lt=OuterRef("locked_until")
    )
    due = Grant.objects.filter(~Exists(held), state=Grant.State.LOCKED, locked_until__lte=now - GRACE, pk__gt=reached)
    return list(due.order_by("pk").values_list("pk", flat=True)[:limit])


@transaction.atomic
def release_locked_portion(found: Sequence[UUID], now: dt.datetime) -> int:
    """Release those that are locked still and that nobody else is working at; how many."""
    locked = Grant.objects.filter(pk__in=found, state=Grant.State.LOCKED)
    ordered = locked.order_by("campaign", "budget_slot", "pk").select_for_update(of=("self",), skip_locked=True)
    return release_all(list(ordered), partial(lapse, now=now), sweep="vouchers.lapse")


def release_all(grants: Sequence[Grant], work: Callable[[Grant], None], *, sweep: str) -> int:
    """Do the work for each, then give back what the released had taken from narrower budgets; how many."""
    released: list[Grant] = []

    def one(grant: Grant) -> None:
        work(grant)
        released.append(grant)

    done = go_through(grants, one, sweep=sweep)
    give_back(released)
    return done


@transaction.atomic
def lapse(grant: Grant, *, now: dt.datetime) -> None:
    """Release one, with its voucher if it has one."""
    Voucher.objects.filter(grant=grant.pk, state=Voucher.State.ISSUED).update(state=Voucher.State.LAPSED, closed_at=now)
    release(grant, now=now)


@transaction.atomic
def release(grant: Grant, *, now: dt.datetime) -> None:
    """Release one, and have its store's day counted anew."""
    release_grant(grant=grant, reason=LAPSED, posted_by=POSTED_BY, now=now)
    if grant.store_id is not None:
        mark_day(store_id=grant.store_id, day=grant.day)
