"""The release of a promise: it happens once, by conditional update."""

import datetime as dt

from django.db import transaction

from rewards.models import Grant
from rewards.models.claim import UNSETTLED
from rewards.models.ledger import Reason
from rewards.services import budget, ledger


@transaction.atomic
def release_grant(*, grant: Grant, reason: str, posted_by: str, now: dt.datetime) -> bool:
    """Take an unsettled grant to released, and its money from RESERVED to BUDGET by reversing the promise.

    Money that was PAYABLE must have been brought back to RESERVED first (`ledger.reverse` of the SEND posting).
    False, and nothing done, where the grant is none of them. `reason` is a code of at most 40 characters.
    Several in one transaction go in order of their `budget_slot`: each locks its slot until the transaction ends. What
    they took from narrower budgets goes back after the last of them (`tallying.give_back`).
    """
    unsettled = Grant.objects.filter(pk=grant.pk, state__in=UNSETTLED)
    if not unsettled.update(state=Grant.State.RELEASED, settled_at=now, reason=reason):
        return False
    grant.state, grant.settled_at, grant.reason = Grant.State.RELEASED, now, reason
    ledger.reverse(postings=list(grant.postings.filter(reason=Reason.PROMISE)), posted_by=posted_by, now=now)
    budget.give_back(campaign_id=grant.campaign_id, slot=grant.budget_slot, amount_fen=grant.amount_fen)
    return True
