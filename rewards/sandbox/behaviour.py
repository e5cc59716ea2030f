"""How the wallet treats a bill by what it was told: pure decisions over the rows."""

import datetime as dt
from dataclasses import dataclass

from rewards.providers.interface import Answer, Outcome
from rewards.sandbox.models import Behaviour, Bill

TIMEOUT = Answer(Outcome.UNKNOWN, fault="timeout")
PAYEE_REFUSED = "payee_refused"
PROVIDER_FAILED = "provider_failed"
ALLOWANCE_SPENT = "allowance_spent"
FAULTS: dict[str, str] = {Behaviour.FAIL: PROVIDER_FAILED, Behaviour.ALLOWANCE: ALLOWANCE_SPENT}
"""What bills end with that are accepted and fail later."""
OUTCOMES = {
    Bill.State.ACCEPTED: Outcome.ACCEPTED,
    Bill.State.WAITING: Outcome.AWAITING_CONFIRMATION,
    Bill.State.SUCCESS: Outcome.PAID,
    Bill.State.FAIL: Outcome.FAILED,
    Bill.State.CLOSED: Outcome.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Opening:
    """The first entry of a bill in the wallet's book."""

    state: Bill.State
    fault: str
    received_at: dt.datetime
    due_at: dt.datetime | None
    finished_at: dt.datetime | None


def open_bill(behaviour: str, delay_ms: int, now: dt.datetime) -> Opening:
    """What the wallet writes down for a new bill (never asked for TIME_OUT, of which nothing is kept)."""
    later = now + dt.timedelta(milliseconds=delay_ms)
    if behaviour == Behaviour.WAIT:
        return Opening(Bill.State.ACCEPTED, "", now, later, None)
    if behaviour in FAULTS:
        return Opening(Bill.State.ACCEPTED, FAULTS[behaviour], now, later, None)
    if behaviour == Behaviour.CONFIRM:
        return Opening(Bill.State.WAITING, "", now, later if delay_ms else None, None)
    if behaviour == Behaviour.ARRIVE_LATE:
        return Opening(Bill.State.ACCEPTED, "", later, later, None)
    if behaviour == Behaviour.REFUSE:
        return Opening(Bill.State.FAIL, PAYEE_REFUSED, now, None, now)
    return Opening(Bill.State.SUCCESS, "", now, None, now)


def state_at(bill: Bill, now: dt.datetime) -> Bill.State:
    """The state of a bill by `now`: what came due has happened at its moment, whether or not anybody looked."""
    state = Bill.State(bill.state)
    if bill.due_at is None or bill.due_at > now:
        return state
    if state is Bill.State.WAITING:
        return Bill.State.CLOSED
    if state is Bill.State.ACCEPTED:
        return Bill.State.FAIL if bill.fault else Bill.State.SUCCESS
    return state


def answer_of(bill: Bill, now: dt.datetime) -> Answer:
    """The answer to a question about a bill."""
    if bill.received_at > now:
        return Answer(Outcome.NOT_FOUND)
    outcome = OUTCOMES[state_at(bill, now)]
    return Answer(
        outcome,
        ref=f"SB{bill.pk}",
        fault=bill.fault if outcome is Outcome.FAILED else "",
        payee_at_fault=outcome is Outcome.FAILED and bill.fault == PAYEE_REFUSED,
        allowance_spent=outcome is Outcome.FAILED and bill.fault == ALLOWANCE_SPENT,
    )
