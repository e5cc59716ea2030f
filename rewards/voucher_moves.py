"""The moves of a voucher as data. Pure. docs/states.md is the same in words."""

import enum
from dataclasses import dataclass

NEW = "(new)"


class Cause(enum.StrEnum):
    PROMISED = "promised"
    REDEEMED = "redeemed"
    OUT_OF_TIME = "out_of_time"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Move:
    """`before` and `after` are values of Voucher.State, or NEW; `posting` is one of Posting.Reason, or empty."""

    before: str
    after: str
    cause: Cause
    posting: str


MOVES: tuple[Move, ...] = (
    Move(NEW, "issued", Cause.PROMISED, "promise"),
    Move("issued", "redeemed", Cause.REDEEMED, "send"),
    Move("issued", "lapsed", Cause.OUT_OF_TIME, "release"),
    Move("issued", "cancelled", Cause.CANCELLED, "release"),
)
CHANGES = sorted({(move.before, move.after) for move in MOVES if move.before != NEW})
"""Pairs of states that the database lets pass."""
