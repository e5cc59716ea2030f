"""Claim, call, record: payouts are handed over and asked about, a batch at a time.

Whoever is killed on any line leaves nothing half done: before the claim's commit nothing has happened; after it the
row says SENDING until its lease ends, then the provider is asked; a record is one transaction.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from core.sealing import unseal
from rewards.models import Payout
from rewards.moves import Move
from rewards.payout_moves import Cause, move_on
from rewards.providers.gate import Gate, Tally
from rewards.providers.interface import Answer, ConfirmsInApp, Order, Outcome, Pace, Provider
from rewards.selectors.ceilings import over_ceiling
from rewards.services.claiming import Lease, claim_due
from rewards.services.payees import real_name
from rewards.services.recording import Reply, put_back, record

BATCH = 100
RECORD_EVERY = dt.timedelta(seconds=0.25)
REMARK = "OneCode"
TOMORROW = Answer(Outcome.NOT_NOW, fault="day_ceiling")
LEAST_REST = dt.timedelta(seconds=0.2)
"""Calls are worth a batch only when some have come together."""

Tick = Callable[[], dt.datetime]
Rest = Callable[[float], None]


def settle_due_of(*, bank: Provider, gate: Gate, tick: Tick, until: dt.datetime, rest: Rest = time.sleep) -> bool:
    """Settle what is due at `bank`, as fast as its gate lets calls pass. Whether time ran out before the work did.

    One batch is tried even where there is no time left.
    """
    while True:
        permit = gate.take(BATCH, now=tick())
        if not permit.calls:
            pause = max(permit.wait, LEAST_REST)
            if tick() + pause >= until:
                return False
            rest(pause.total_seconds())
            continue
        tally = Tally()
        try:
            claimed = settle_batch(bank=bank, tick=tick, limit=permit.calls, tally=tally)
        finally:
            gate.report(permit.calls, tally, now=tick())
        if claimed < permit.calls or tick() >= until:
            return claimed == permit.calls


def settle_batch(*, bank: Provider, tick: Tick, limit: int = BATCH, tally: Tally | None = None) -> int:
    """Claim due payouts of `bank`, call it for each, record its answers. How many were claimed.

    No transaction may be open around it, and none is open during a call. `tick` tells the time. The `tally` counts
    what the calls came to; it may say that the bank is to be left alone.
    """
    started_at = tick()
    claimed = claim_due(provider=bank.name, lease=Lease(bank.pace.lease, limit), now=started_at)
    held = held_back(claimed, bank.pace, now=started_at)
    record(held, now=started_at)
    waiting = {reply.payout.pk for reply in held}
    payouts = [payout for payout in claimed if payout.pk not in waiting]
    attempt = Attempt(bank, tick, started_at + bank.pace.lease / 2, tally or Tally())
    for replies in replies_of(attempt, payouts):
        record(replies, now=tick())
    return len(claimed)


def held_back(payouts: Sequence[Payout], pace: Pace, *, now: dt.datetime) -> list[Reply]:
    """Replies for those about to be handed over whose payee has had as much today as the provider pays them."""
    sending = [payout for payout in payouts if payout.state == Payout.State.SENDING]
    if pace.payee_day is None or not sending:
        return []
    over = over_ceiling([payout.pk for payout in sending], pace.payee_day, now=now, zone=pace.zone)
    move = Move(Payout.State.SENDING, Payout.State.CREATED, Cause.CEILING)
    return [Reply(payout, TOMORROW, move, pace) for payout in sending if payout.pk in over]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One worker's calls for one batch: until then, and as long as the bank answers."""

    bank: Provider
    tick: Tick
    until: dt.datetime
    tally: Tally

    def is_over(self) -> bool:
        return self.tally.over or self.tick() >= self.until


def replies_of(attempt: Attempt, payouts: Sequence[Payout]) -> Iterator[list[Reply]]:
    """What the bank says of each, in portions worth recording. When the attempt is over, it is not called any more.

    Those that were not called by then are put back, or asked about when their lease ends.
    """
    tick, replies = attempt.tick, list[Reply]()
    record_at = tick() + RECORD_EVERY
    for number, payout in enumerate(payouts):
        if attempt.is_over():
            replies += put_back(payouts[number:], attempt.bank.pace)
            break
        replies.append(reply_of(attempt.bank, payout, now=tick()))
        attempt.tally.note(replies[-1].answer)
        if tick() >= record_at:
            yield replies
            replies, record_at = [], tick() + RECORD_EVERY
    if replies:
        yield replies


def reply_of(bank: Provider, payout: Payout, *, now: dt.datetime) -> Reply:
    """One call for one payout, or two: a refused hand-over is asked about before it is believed.

    So is a bill handed over again that waits for its payee without the package that the payee's app needs.
    """
    sending = payout.state == Payout.State.SENDING
    answer = hand_over(bank, payout) if sending else checked(bank.query(payout.bill_no), payout)
    if answer.outcome is Outcome.AWAITING_CONFIRMATION and lacks_package(bank, payout, answer):
        answer = hand_over(bank, payout)
    remembered = now < payout.created_at + bank.pace.remembers
    resend = remembered if sending else may_resend(payout, bank.pace, now)
    return Reply(payout, answer, move_on(payout.state, answer.outcome, may_resend=resend), bank.pace)


def hand_over(bank: Provider, payout: Payout) -> Answer:
    """Send the bill: the same bytes however often, since all of them are columns that never change."""
    answer = checked(bank.send(order_of(payout, bank.pace)), payout)
    if answer.outcome not in {Outcome.FAILED, Outcome.CANCELLED}:
        return answer
    asked = checked(bank.query(payout.bill_no), payout)
    return answer if asked.outcome is Outcome.NOT_FOUND else asked


def order_of(payout: Payout, pace: Pace) -> Order:
    """The transfer of a payout, with the account that the provider knows and the real name where it wants one."""
    wants_name = pace.name_from_fen is not None and payout.amount_fen >= pace.name_from_fen
    name = real_name(provider_name=payout.provider, account=payout.payee_account) if wants_name else ""
    return Order(payout.bill_no, unseal(payout.payee_account), payout.amount_fen, REMARK, name)


def checked(answer: Answer, payout: Payout) -> Answer:
    """The answer, if what it tells of the bill is what we know of it; else it is unclear, and says in what."""
    if answer.amount_fen not in {None, payout.amount_fen}:
        return Answer(Outcome.UNKNOWN, ref=answer.ref, fault="amount_differs")
    if answer.account and answer.account != unseal(payout.payee_account):
        return Answer(Outcome.UNKNOWN, ref=answer.ref, fault="payee_differs")
    return answer


def lacks_package(bank: Provider, payout: Payout, answer: Answer) -> bool:
    """Whether the payee could not confirm a waiting bill for want of what their app needs."""
    return isinstance(bank, ConfirmsInApp) and not (answer.package_info or payout.package_info)


def may_resend(payout: Payout, pace: Pace, now: dt.datetime) -> bool:
    """Whether a bill that the provider does not know can't be on its way any more, nor be forgotten yet."""
    assert payout.sent_at is not None
    return payout.sent_at + pace.resend_after <= now < payout.created_at + pace.remembers
