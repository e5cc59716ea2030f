"""The two ends of a grant: paid, or released. Both happen once, by conditional update."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from rewards.models import Grant
from rewards.models.ledger import Reason
from rewards.services import budget, ledger
from rewards.services.ledger import move_of


@transaction.atomic
def pay_grant(*, grant: Grant, payout_id: UUID, posted_by: str, now: dt.datetime) -> bool:
    """Take a grant from promised to paid, and its money from PAYABLE to PAID.

    False, and nothing done, where the grant is no longer promised.
    """
    if not settle(grant, Grant.State.PAID, now=now):
        return False
    ledger.post(moves=[move_of(grant, Reason.PAY, payout_id=payout_id)], posted_by=posted_by, now=now)
    return True


@transaction.atomic
def release_grant(*, grant: Grant, reason: str, posted_by: str, now: dt.datetime) -> bool:
    """Take a grant from promised to released, and its money from RESERVED to BUDGET by reversing the promise.

    Money that was PAYABLE must have been brought back to RESERVED first (`ledger.reverse` of the SEND posting).
    False, and nothing done, where the grant is no longer promised. `reason` is a code of at most 40 characters.
    One release a transaction: it locks a budget slot, and two of them in no order could wait for each other.
    """
    if not settle(grant, Grant.State.RELEASED, now=now, reason=reason):
        return False
    ledger.reverse(postings=list(grant.postings.filter(reason=Reason.PROMISE)), posted_by=posted_by, now=now)
    budget.give_back(campaign_id=grant.campaign_id, slot=grant.budget_slot, amount_fen=grant.amount_fen)
    return True


def settle(grant: Grant, state: Grant.State, *, now: dt.datetime, reason: str = "") -> bool:
    """Whether this call was the one that took the grant out of `promised`; the instance is brought up to date."""
    promised = Grant.objects.filter(pk=grant.pk, state=Grant.State.PROMISED)
    if not promised.update(state=state, settled_at=now, reason=reason):
        return False
    grant.state, grant.settled_at, grant.reason = state, now, reason
    return True
