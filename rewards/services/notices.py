"""What a provider tells us by itself. It is compared with our row under a lock, and applied once."""

import datetime as dt
from dataclasses import dataclass

import structlog
from django.db import connection, transaction

from core.bell import ring_on_commit
from core.errors import NotFound
from rewards.models import Payout
from rewards.moves import Move
from rewards.payout_moves import FINAL, move_on
from rewards.providers.interface import Answer, Outcome
from rewards.services.payouts import SETTLE_DUE
from rewards.services.providers import provider
from rewards.services.recording import Reply, record_within
from rewards.services.settling import checked

log = structlog.get_logger(__name__)
LOCK_PATIENCE = "600ms"


@dataclass(frozen=True, slots=True)
class Told:
    """A notice: which provider said what of which bill."""

    provider: str
    bill_no: str
    answer: Answer


@transaction.atomic
def apply_notice(*, told: Told, now: dt.datetime) -> str:
    """The code of a contradiction to what we know, kept with the row as its `fault` and nothing booked; else empty.

    Said twice, late or in another order, a notice changes nothing more.

    A payment is booked at once. A failure or cancellation is never believed from a notice: the provider is asked, now.
    So is a bill of which the notice tells another amount or payee. Calls nobody; waits for a lock for LOCK_PATIENCE.

    Raises:
        NotFound: no such bill of that provider.
        OperationalError: somebody else holds the row for too long; the provider says it again.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_PATIENCE])
    payout = Payout.objects.select_for_update().filter(provider=told.provider, bill_no=told.bill_no).first()
    if payout is None:
        raise NotFound
    answer = checked(told.answer, payout)
    contradiction = contradicts(payout, answer)
    if contradiction:
        log.error("a notice contradicts our book", bill_no=payout.bill_no, state=payout.state, fault=contradiction)
        Payout.objects.filter(pk=payout.pk).update(fault=contradiction)
    move = None if contradiction or answer.outcome is not Outcome.PAID else paid_by(payout)
    if move:
        record_within([Reply(payout, answer, move, provider(payout.provider).pace)], now=now)
    elif payout.state not in {*FINAL, Payout.State.SENDING}:
        Payout.objects.filter(pk=payout.pk).update(next_at=now)
        ring_on_commit(SETTLE_DUE)
    return contradiction


def contradicts(payout: Payout, answer: Answer) -> str:
    """The code of what a notice contradicts; empty where it does not."""
    if answer.outcome is Outcome.UNKNOWN:
        return f"told_{answer.fault}"
    both_final = payout.state in FINAL and answer.outcome in FINAL
    if both_final and (payout.state == Payout.State.PAID) != (answer.outcome is Outcome.PAID):
        return f"told_{answer.outcome}"
    return ""


def paid_by(payout: Payout) -> Move | None:
    """The move that a payment causes; None where it was booked before.

    Nor is there one where the bill is still to be handed over: the provider will answer that.
    """
    return move_on(payout.state, Outcome.PAID, may_resend=False)
