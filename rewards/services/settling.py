"""Claim, call, record: payouts are handed over and asked about, a batch at a time.

Whoever is killed on any line leaves nothing half done: before the claim's commit nothing has happened; after it the
row says SENDING until its lease ends, then the provider is asked; a record is one transaction.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from rewards.models import Payout
from rewards.payout_moves import move_on
from rewards.providers.interface import Answer, Order, Outcome, Pace, Provider
from rewards.services.claiming import Lease, claim_due
from rewards.services.recording import Reply, put_back, record

BATCH = 100
RECORD_EVERY = dt.timedelta(seconds=0.25)
REMARK = "OneCode"
Tick = Callable[[], dt.datetime]


def settle_batch(*, bank: Provider, tick: Tick, limit: int = BATCH) -> int:
    """Claim due payouts of `bank`, call it for each, record its answers. How many were claimed.

    No transaction may be open around it, and none is open during a call. `tick` tells the time.
    """
    started_at = tick()
    payouts = claim_due(provider=bank.name, lease=Lease(bank.pace.lease, limit), now=started_at)
    for replies in replies_of(bank, payouts, tick=tick, until=started_at + bank.pace.lease / 2):
        record(replies, now=tick())
    return len(payouts)


def replies_of(bank: Provider, payouts: Sequence[Payout], *, tick: Tick, until: dt.datetime) -> Iterator[list[Reply]]:
    """What the bank says of each, in portions worth recording. From `until` on it is not called any more.

    Those that were not called by then are put back, or asked about when their lease ends.
    """
    replies: list[Reply] = []
    record_at = tick() + RECORD_EVERY
    for number, payout in enumerate(payouts):
        if tick() >= until:
            replies += put_back(payouts[number:], bank.pace)
            break
        replies.append(reply_of(bank, payout, now=tick()))
        if tick() >= record_at:
            yield replies
            replies, record_at = [], tick() + RECORD_EVERY
    if replies:
        yield replies


def reply_of(bank: Provider, payout: Payout, *, now: dt.datetime) -> Reply:
    """One call for one payout, or two: a refused hand-over is asked about before it is believed."""
    sending = payout.state == Payout.State.SENDING
    answer = hand_over(bank, payout) if sending else bank.query(payout.bill_no)
    resend = not sending and may_resend(payout, bank.pace, now)
    return Reply(payout, answer, move_on(payout.state, answer.outcome, may_resend=resend), bank.pace)


def hand_over(bank: Provider, payout: Payout) -> Answer:
    """Send the bill: the same bytes however often, since all of them are columns that never change."""
    answer = bank.send(Order(payout.bill_no, payout.payee_account, payout.amount_fen, REMARK))
    if answer.outcome not in {Outcome.FAILED, Outcome.CANCELLED}:
        return answer
    asked = bank.query(payout.bill_no)
    return answer if asked.outcome is Outcome.NOT_FOUND else asked


def may_resend(payout: Payout, pace: Pace, now: dt.datetime) -> bool:
    """Whether a bill that the provider does not know can't be on its way any more, nor be forgotten yet."""
    assert payout.sent_at is not None
    return payout.sent_at + pace.resend_after <= now < payout.created_at + pace.remembers
