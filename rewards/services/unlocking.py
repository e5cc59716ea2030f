"""Second envelopes: locked with their promise, unlocked by the same consumer's next opening."""

import datetime as dt

from django.db import transaction

from rewards.models import Claim, Grant
from rewards.services.judged import Judged
from rewards.services.payouts import create_payouts
from rewards.services.promising import Win, promise


def promise_unlocking(win: Win, *, now: dt.datetime, found: Judged) -> Claim | None:
    """As `promise`; together with it, or not at all, what the consumer's earlier openings left locked.

    Raises:
        BudgetExhausted: as there.
    """
    with transaction.atomic():
        claim = promise(win, now=now, found=found)
        if claim is not None:
            unlock(claim=claim, now=now)
        return claim


def unlock(*, claim: Claim, now: dt.datetime) -> list[Grant]:
    """Promise the locked envelopes of earlier openings of the claim's consumer; those that were unlocked by it.

    In the caller's transaction. A claim that is held unlocks nothing until it is let pass; what was in time when it was
    claimed is in time then. One that somebody else is unlocking, or that lapses at this moment, is left to them: so
    nobody waits here, holding a part of the budget.
    """
    if claim.state != Claim.State.PROMISED:
        return []
    locked = Grant.objects.filter(
        consumer=claim.consumer_id,
        payee=Grant.Payee.CONSUMER,
        state=Grant.State.LOCKED,
        locked_until__gt=claim.claimed_at,
        promised_at__lte=claim.claimed_at,
    ).exclude(claim=claim.pk)
    grants = list(locked.order_by("pk").select_for_update(of=("self",), skip_locked=True))
    if grants:
        ids = [grant.pk for grant in grants]
        Grant.objects.filter(pk__in=ids).update(state=Grant.State.PROMISED, unlocked_by=claim.pk)
        create_payouts(grants=grants, now=now)
    return grants
