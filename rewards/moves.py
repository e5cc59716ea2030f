"""A move from one state to another, as data. Pure."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass

NEW = "(new)"
"""What comes before the first state."""


@dataclass(frozen=True, slots=True)
class Move:
    """`before` (or NEW) and `after` are values of the model's State; `posting` one of Posting.Reason, or empty."""

    before: str
    after: str
    cause: enum.StrEnum
    posting: str = ""


def changes_of(moves: Iterable[Move]) -> list[tuple[str, str]]:
    """Pairs of states that the database lets pass."""
    return sorted({(move.before, move.after) for move in moves if move.before != NEW})
