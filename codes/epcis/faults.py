"""What is wrong with a document, said by place."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Attributes:
        pointer: JSON pointer (RFC 6901) of the place within what was checked; "" for the whole.
        message: what is wrong and what would be right, in English, one sentence without a full stop.
    """

    pointer: str
    message: str


def pointer_of(path: Iterable[object]) -> str:
    """The JSON pointer of a path of names and numbers."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)
