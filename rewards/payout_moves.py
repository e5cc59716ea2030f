"""The moves of a payout as data, and what follows from a final failure. Pure. docs/states.md is the same in words."""

import enum

from rewards.moves import NEW, Move, changes_of

FINAL = frozenset({"paid", "failed", "cancelled"})
POSTED = {"paid": "pay", "failed": "fail", "cancelled": "fail"}
MOST_BILLS = 3
PUT_OFF = "put_off:"
"""So begins the fault of a bill that failed since an allowance of the payee's was spent."""
MOST_DAYS = 31
"""So many bills of a grant may fail on spent allowances, one a day: a whole month's allowance comes back by then."""


class Cause(enum.StrEnum):
    GRANT = "grant"
    NEW_BILL = "new_bill"
    CLAIM = "claim"
    PUT_BACK = "put_back"
    NOT_NOW = "not_now"
    CEILING = "ceiling"
    LEASE_LOST = "lease_lost"
    ANSWER = "answer"
    NOT_FOUND = "not_found"


def answers(before: str, *outcomes: str) -> tuple[Move, ...]:
    """Moves that the provider's answers allow from a state; the final ones move money."""
    return tuple(Move(before, after, Cause.ANSWER, POSTED.get(after, "")) for after in outcomes)


MOVES: tuple[Move, ...] = (
    Move(NEW, "created", Cause.GRANT, "send"),
    Move(NEW, "created", Cause.NEW_BILL, "send"),
    Move("created", "sending", Cause.CLAIM),
    Move("sending", "created", Cause.PUT_BACK),
    Move("sending", "created", Cause.NOT_NOW),
    Move("sending", "created", Cause.CEILING),
    Move("sending", "unknown", Cause.LEASE_LOST),
    *answers("sending", "accepted", "awaiting_confirmation", "unknown", "paid", "failed", "cancelled"),
    *answers("unknown", "accepted", "awaiting_confirmation", "paid", "failed", "cancelled"),
    Move("unknown", "created", Cause.NOT_FOUND),
    *answers("accepted", "awaiting_confirmation", "paid", "failed", "cancelled"),
    *answers("awaiting_confirmation", "accepted", "paid", "failed", "cancelled"),
)
CHANGES = changes_of(MOVES)
"""Pairs of states that the database lets pass."""


def move_on(state: str, outcome: str, *, may_resend: bool) -> Move | None:
    """The move that a provider's answer causes, or None where the payout stays as it is and is asked about again.

    `outcome` is a value of providers.interface.Outcome. `may_resend` says that a bill which is not found never
    arrived, or one that was not taken now, may be handed over again.
    """
    if outcome == "not_now" and state == "sending" and may_resend:
        return Move("sending", "created", Cause.NOT_NOW)
    if outcome == "not_found" and state == "unknown":
        return Move("unknown", "created", Cause.NOT_FOUND) if may_resend else None
    after = "unknown" if outcome in {"not_found", "not_now"} else outcome
    return next((move for move in MOVES if (move.before, move.after, move.cause) == (state, after, Cause.ANSWER)), None)


def deserves_new_bill(*, payee_at_fault: bool, bills: int, put_off: int = 0) -> bool:
    """Whether a grant whose newest bill failed for good gets another one; else it is released.

    `bills` counts the grant's bills so far, the failed one included; `put_off` those of them that failed since an
    allowance was spent, which are no fault of anybody.
    """
    return not payee_at_fault and bills - put_off < MOST_BILLS and put_off < MOST_DAYS
