"""What the providers answered is written down: moves, ledger and grants, one short transaction a kind of move."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import connection, transaction

from core import clock
from core.sweeping import together_or_alone
from rewards.metrics import PAYOUTS
from rewards.models import Grant, Payout, PayoutStep, Posting
from rewards.models.ledger import Reason
from rewards.moves import Move
from rewards.payout_moves import FINAL, PUT_OFF, Cause, deserves_new_bill
from rewards.providers.interface import Answer, Outcome, Pace
from rewards.services import ledger
from rewards.services.grants import release_grant
from rewards.services.ledger import move_of
from rewards.services.payouts import POSTED_BY, create_payouts
from rewards.services.tallying import give_back
from stores.services.counting import mark_day

WRITE = """
UPDATE rewards_payout p SET
    state = %(after)s,
    next_at = v.next_at,
    finished_at = %(finished_at)s,
    provider_ref = COALESCE(NULLIF(v.ref, ''), p.provider_ref),
    package_info = COALESCE(NULLIF(v.package, ''), p.package_info),
    fault = v.fault
FROM unnest(%(ids)s::uuid[], %(attempts)s::int[], %(next_at)s::timestamptz[], %(refs)s::text[], %(packages)s::text[],
    %(faults)s::text[]) AS v(id, attempts, next_at, ref, package, fault)
WHERE p.id = v.id AND p.attempts = v.attempts AND p.state = %(before)s
RETURNING p.id
"""


NO_ANSWER = Answer(Outcome.UNKNOWN)


class LedgerMismatchError(RuntimeError):
    """A grant is not in the state that its payout says; nothing was written. Never mended silently."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a claim of a payout led to: `move` is None where it stays as it is and is asked about again."""

    payout: Payout
    answer: Answer
    move: Move | None
    pace: Pace

    def __str__(self) -> str:
        return f"payout {self.payout.bill_no}"

    @property
    def before(self) -> str:
        return self.payout.state

    @property
    def after(self) -> str:
        return self.move.after if self.move else self.payout.state

    @property
    def cause(self) -> str:
        return str(self.move.cause) if self.move else ""


def record(replies: Sequence[Reply], *, now: dt.datetime) -> int:
    """Write down each reply whose claim is still the newest; how many that were. Others change nothing.

    One that can't be written down (`LedgerMismatchError`) is gone past: it comes again when its lease has ended.
    """
    groups: defaultdict[tuple[str, str, str], list[Reply]] = defaultdict(list)
    for reply in sorted(replies, key=lambda reply: reply.payout.pk):
        groups[reply.before, reply.after, reply.cause].append(reply)
    write_down = partial(record_alike, now=now)
    return sum(together_or_alone(group, write_down, sweep="payouts.record") for group in groups.values())


@transaction.atomic(durable=True)
def record_alike(replies: Sequence[Reply], *, now: dt.datetime) -> int:
    """Replies of one move, in one transaction. How many were written; the others came too late."""
    return record_within(replies, now=now)


def record_within(replies: Sequence[Reply], *, now: dt.datetime) -> int:
    """As `record_alike`, in the caller's transaction."""
    written = write(replies, now=now)
    valid = [reply for reply in replies if reply.payout.pk in written]
    move = replies[0].move
    if valid and move:
        transaction.on_commit(partial(PAYOUTS.labels(move.after).inc, len(valid)))
        note(valid, move, now=now)
        if move.after == Payout.State.PAID:
            pay(valid, now=now)
        elif move.after in FINAL:
            give_back([grant for reply in valid if (grant := fail(reply, now=now))])
    return len(valid)


def write(replies: Sequence[Reply], *, now: dt.datetime) -> set[UUID]:
    """The conditional update; answers the ids of those that it found as their claim had left them."""
    first = replies[0]
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE,
            {
                "before": first.before,
                "after": first.after,
                "finished_at": now if first.after in FINAL else None,
                "ids": [reply.payout.pk for reply in replies],
                "attempts": [reply.payout.attempts for reply in replies],
                "next_at": [next_at(reply, now) for reply in replies],
                "refs": [reply.answer.ref for reply in replies],
                "packages": [reply.answer.package_info for reply in replies],
                "faults": [fault_of(reply) for reply in replies],
            },
        )
        return {row[0] for row in cursor.fetchall()}


def next_at(reply: Reply, now: dt.datetime) -> dt.datetime:
    """When somebody shall look again: at once where it is to be handed over, else by the number of attempts.

    One whose payee has had enough for today waits for tomorrow. One that was not handed over keeps its place: those
    that were promised before go before.
    """
    if reply.cause == Cause.CEILING:
        return tomorrow(reply, now)
    if reply.cause in {Cause.PUT_BACK, Cause.NOT_NOW}:
        return reply.payout.created_at
    return now if reply.after == Payout.State.CREATED else now + reply.pace.wait_after(reply.payout.attempts)


def tomorrow(reply: Reply, now: dt.datetime) -> dt.datetime:
    """When the provider's next day begins."""
    zone = reply.pace.zone
    return clock.day_bounds(clock.business_day(now, zone), zone)[1]


def fault_of(reply: Reply) -> str:
    """The provider's code, or the kind of the answer where it gave none; empty while all is well.

    That of a spent allowance stands behind PUT_OFF, by which such bills are counted.
    """
    if reply.cause == Cause.PUT_BACK:
        return ""
    if reply.answer.allowance_spent and reply.after == Payout.State.FAILED:
        return f"{PUT_OFF}{reply.answer.fault}"[:80]
    unclear = reply.answer.outcome if reply.answer.outcome in {"unknown", "not_found"} else ""
    return (reply.answer.fault or unclear)[:80]


def note(replies: Sequence[Reply], move: Move, *, now: dt.datetime) -> None:
    """The history of the moves; a fault stands behind the cause."""
    PayoutStep.objects.bulk_create(
        PayoutStep(
            payout=reply.payout,
            from_state=move.before,
            to_state=move.after,
            cause=":".join(filter(None, [move.cause, reply.answer.fault]))[:80],
            happened_at=now,
        )
        for reply in replies
    )


def pay(replies: Sequence[Reply], *, now: dt.datetime) -> None:
    """The promises are kept: grants paid, money PAYABLE → PAID.

    Raises:
        LedgerMismatchError: one of the grants was not promised any more.
    """
    grants = Grant.objects.filter(pk__in=[reply.payout.grant_id for reply in replies], state=Grant.State.PROMISED)
    found = {grant.pk: grant for grant in grants.select_for_update()}
    if len(found) != len(replies):
        raise LedgerMismatchError(f"{len(replies)} payouts were paid for {len(found)} promised grants")
    Grant.objects.filter(pk__in=found).update(state=Grant.State.PAID, settled_at=now)
    moves = [move_of(found[reply.payout.grant_id], Reason.PAY, payout_id=reply.payout.pk) for reply in replies]
    ledger.post(moves=moves, posted_by=POSTED_BY, now=now)


def fail(reply: Reply, *, now: dt.datetime) -> Grant | None:
    """The bill failed for good: its money is reserved again, for another bill or back into the budget.

    The grant, where it was released.
    """
    payout = reply.payout
    ledger.reverse(
        postings=list(Posting.objects.filter(payout=payout, reason=Reason.SEND)), posted_by=POSTED_BY, now=now
    )
    grant = Grant.objects.select_related("store_owner").get(pk=payout.grant_id)
    bills = Payout.objects.filter(grant=grant).count()
    put_off = Payout.objects.filter(grant=grant, fault__startswith=PUT_OFF).count()
    if deserves_new_bill(payee_at_fault=reply.answer.payee_at_fault, bills=bills, put_off=put_off):
        wait = tomorrow(reply, now) - now if reply.answer.allowance_spent else reply.pace.wait_after(bills)
        create_payouts(grants=[grant], now=now, wait=wait)
        return None
    if not release_grant(grant=grant, reason=release_reason(reply), posted_by=POSTED_BY, now=now):
        raise LedgerMismatchError(f"the grant of failed bill {payout.bill_no} was not promised any more")
    if grant.store_id is not None:
        mark_day(store_id=grant.store_id, day=grant.day)
    return grant


def release_reason(reply: Reply) -> str:
    """A code of at most 40 characters: the provider's fault, or how the bill ended."""
    return (reply.answer.fault or reply.after)[:40]


def put_back(payouts: Sequence[Payout], pace: Pace) -> list[Reply]:
    """Replies for payouts that were claimed to be handed over, and for which no call was made."""
    back = Move(Payout.State.SENDING, Payout.State.CREATED, Cause.PUT_BACK)
    return [Reply(payout, NO_ANSWER, back, pace) for payout in payouts if payout.state == Payout.State.SENDING]
