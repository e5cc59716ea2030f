"""Taking back bills that their payees have not confirmed. The provider decides; what becomes of them, it is asked."""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from core import audit
from rewards.models import Payout
from rewards.providers.interface import Cancels
from rewards.services.payouts import ask_now
from rewards.services.providers import provider


def withdraw(*, payout_ids: Collection[UUID], now: dt.datetime, actor: str) -> int:
    """Ask the providers to let go of those that wait for their payee; how many were asked for.

    No transaction may be open around it, since it calls them. Nothing is booked by it: a bill is cancelled when the
    provider says so to a later question, and its promise then gets another bill, or is released as after any failure.
    """
    waiting = Payout.objects.filter(pk__in=payout_ids, state=Payout.State.AWAITING_CONFIRMATION)
    asked = 0
    for payout in waiting.select_related("brand"):
        bank = provider(payout.provider)
        if isinstance(bank, Cancels):
            bank.cancel(payout.bill_no)
            note(payout, now=now, actor=actor)
            asked += 1
    return asked


@transaction.atomic
def note(payout: Payout, *, now: dt.datetime, actor: str) -> None:
    """Who wanted it; the provider is asked what came of it."""
    ask_now(payout_ids=[payout.pk], now=now)
    audit.record(
        actor=actor,
        action="withdraw payout",
        subject=payout,
        at=now,
        brand_slug=payout.brand.slug,
        after={"bill_no": payout.bill_no},
    )
