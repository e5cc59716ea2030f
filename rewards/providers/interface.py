"""What a payment provider must offer. Pure: no Django here."""

import enum
from dataclasses import dataclass
from typing import Protocol


class Outcome(enum.StrEnum):
    """What a provider's answer means for a payout. `UNKNOWN` is left only by asking again."""

    ACCEPTED = "accepted"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Order:
    """A transfer to make. The same order is sent with the same bytes however often it is repeated.

    `bill_no` is at most 32 letters and digits; `amount_fen` is positive.
    """

    bill_no: str
    account: str
    amount_fen: int
    remark: str


@dataclass(frozen=True, slots=True)
class Answer:
    """`fault` is the provider's code (never a message text); `ref` its own number for the bill."""

    outcome: Outcome
    ref: str = ""
    fault: str = ""
    package_info: str = ""


class Provider(Protocol):
    """A payment provider.

    Neither method raises for anything that the network or the provider does: time-outs, 5xx and unknown codes
    are `UNKNOWN`. `FAILED` and `CANCELLED` are final statements of the provider, and from `send` they may only
    be returned when the provider guarantees that no money moved or will move under this bill number.
    `query` answers `NOT_FOUND` where the provider does not know the bill: that is no failure, since a request may
    still be on its way.
    """

    name: str

    def send(self, order: Order) -> Answer:
        """Hand over the transfer, or hand it over again: idempotent by `bill_no`."""

    def query(self, bill_no: str) -> Answer:
        """Ask what became of a bill."""
