"""A worker takes payouts for itself. The row is the queue; taking is one conditional update, committed by itself."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from rewards.models import Payout, PayoutStep
from rewards.payout_moves import Cause

TAKE = """
WITH due AS (
    SELECT id, state FROM rewards_payout
    WHERE NOT (state IN ('paid', 'failed', 'cancelled')) AND next_at <= %(now)s AND provider = %(provider)s
    ORDER BY next_at
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
UPDATE rewards_payout p SET
    state = CASE due.state WHEN 'created' THEN 'sending' WHEN 'sending' THEN 'unknown' ELSE due.state END,
    attempts = p.attempts + 1,
    next_at = %(lease_ends_at)s,
    sent_at = CASE due.state WHEN 'created' THEN %(now)s ELSE p.sent_at END
FROM due
WHERE p.id = due.id
RETURNING p.*, due.state AS before
"""


@dataclass(frozen=True, slots=True)
class Lease:
    """For how long at most a worker takes at most how many payouts."""

    length: dt.timedelta
    limit: int


@transaction.atomic(durable=True)
def claim_due(*, provider: str, lease: Lease, now: dt.datetime) -> list[Payout]:
    """Take due payouts of one provider; they are the caller's until the lease ends.

    Created ones come back as SENDING: hand them over. All others come back as they must be asked about; one whose
    former worker never recorded anything comes back as UNKNOWN. `attempts` is the caller's proof of the claim.
    The transaction is durable: none may be open around it, so none is open during the calls that follow.
    """
    taken = list(
        Payout.objects.raw(
            TAKE, {"now": now, "provider": provider, "limit": lease.limit, "lease_ends_at": now + lease.length}
        )
    )
    PayoutStep.objects.bulk_create(step_of(payout, now=now) for payout in taken if before(payout) != payout.state)
    return taken


def before(payout: Payout) -> str:
    """The state that TAKE found."""
    return str(vars(payout)["before"])


def step_of(payout: Payout, *, now: dt.datetime) -> PayoutStep:
    """The history of a claim that moved the payout."""
    return PayoutStep(
        payout=payout,
        from_state=before(payout),
        to_state=payout.state,
        cause=Cause.LEASE_LOST if before(payout) == Payout.State.SENDING else Cause.CLAIM,
        happened_at=now,
    )
