"""What a payment provider must offer. Pure: no Django here."""

import datetime as dt
import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


class Outcome(enum.StrEnum):
    """What a provider's answer means for a payout. `UNKNOWN` is left only by asking again."""

    ACCEPTED = "accepted"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    NOT_FOUND = "not_found"
    NOT_NOW = "not_now"
    """Of a hand-over alone: the provider took nothing, and wants the same bytes later (too many calls, no money)."""


@dataclass(frozen=True, slots=True)
class Order:
    """A transfer to make. The same order is sent with the same bytes however often it is repeated.

    `bill_no` is at most 32 letters and digits; `amount_fen` is positive. `name` is the payee's real name where the
    provider wants it for such an amount, else empty.
    """

    bill_no: str
    account: str
    amount_fen: int
    remark: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """`fault` is the provider's code (never a message text); `ref` its own number for the bill.

    `payee_at_fault` beside `FAILED` says that another bill to the same payee would fail too; `allowance_spent` that one
    may succeed on another day, since an allowance of this day or month is spent. `package_info` is what
    the payee's app needs to confirm a bill. `amount_fen` and `account` are the bill's as the provider knows them, where
    it tells: whoever asked compares them with their own.
    """

    outcome: Outcome
    ref: str = ""
    fault: str = ""
    package_info: str = ""
    payee_at_fault: bool = False
    allowance_spent: bool = False
    amount_fen: int | None = None
    account: str = ""


@dataclass(frozen=True, slots=True)
class BillLine:
    """A line of the provider's bill list. `outcome` is PAID, FAILED or CANCELLED; `finished_at` is aware.

    `account` is empty where the list does not name payees.
    """

    bill_no: str
    account: str
    amount_fen: int
    outcome: Outcome
    finished_at: dt.datetime


def seconds(*numbers: float) -> tuple[dt.timedelta, ...]:
    """So many seconds each, as durations."""
    return tuple(dt.timedelta(seconds=number) for number in numbers)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """At most so much money, in at most so many bills."""

    amount_fen: int
    bills: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How a provider wants to be treated.

    Attributes:
        lease: how long a worker may keep a batch of payouts; no call begins when half of it has passed, so the
            other half must be longer than the time-out of a call.
        resend_after: a bill that was handed over so long ago, and is not known to the provider, never arrived.
        remembers: how long the provider knows a bill and would recognise a second copy.
        back_off: waits between the calls for one bill; the last one is repeated for ever.
        zone: IANA time zone of the days of its bill lists.
        payee_day: what one payee may get on one of its days; None: whatever is promised.
        least_fen: the smallest amount that it pays.
        name_from_fen: from which amount on it wants the payee's real name; None: never.
    """

    lease: dt.timedelta = dt.timedelta(seconds=60)
    resend_after: dt.timedelta = dt.timedelta(minutes=5)
    remembers: dt.timedelta = dt.timedelta(days=30)
    back_off: tuple[dt.timedelta, ...] = seconds(2, 5, 15, 60, 300, 900, 3600)
    zone: str = "Asia/Shanghai"
    name_from_fen: int | None = None
    payee_day: Ceiling | None = None
    least_fen: int = 1

    def wait_after(self, calls: int) -> dt.timedelta:
        """How long to leave the provider alone after the `calls`-th call (from 1) that did not settle the bill."""
        return self.back_off[min(calls, len(self.back_off)) - 1]


class Provider(Protocol):
    """A payment provider.

    Neither `send` nor `query` raises for anything that the network or the provider does: time-outs, 5xx and
    unknown codes are `UNKNOWN`. `FAILED` and `CANCELLED` are final statements of the provider, and from `send` they
    may only be returned when the provider guarantees that no money moved or will move under this bill number.
    `query` answers `NOT_FOUND` where the provider does not know the bill: that is no failure, since a request may
    still be on its way.
    """

    name: str
    pace: Pace

    def send(self, order: Order) -> Answer:
        """Hand over the transfer, or hand it over again: idempotent by `bill_no`."""

    def query(self, bill_no: str) -> Answer:
        """Ask what became of a bill."""

    def bills(self, day: dt.date) -> Iterator[BillLine]:
        """The bills that were finished on `day` (in `pace.zone`), in any order. May raise: no money waits for it."""


@runtime_checkable
class ConfirmsHere(Protocol):
    """A provider that takes the payee's confirmation through us; with others it is given in their own app."""

    def confirm(self, bill_no: str) -> Answer:
        """Say that the payee accepts a waiting bill, and answer as `query` does. Repeating it changes nothing."""


@dataclass(frozen=True, slots=True)
class AppConfirmation:
    """What a page hands to the payee's app, so that it asks for the confirmation of a bill."""

    merchant: str
    app: str
    package_info: str


@runtime_checkable
class ConfirmsInApp(Protocol):
    """A provider whose bills the payee confirms in its own app, opened by a page of ours.

    A bill's `package_info` comes with the answer to a hand-over, never with that to a question: a bill that waits for
    the payee, and whose package is not known, is handed over again with the same bytes.
    """

    def app_confirmation(self, package_info: str) -> AppConfirmation:
        """What the page needs besides the package."""


@runtime_checkable
class Cancels(Protocol):
    """A provider that lets go of a bill which the payee has not confirmed yet."""

    def cancel(self, bill_no: str) -> Answer:
        """Ask for it. The answer is as that of `query`; cancelled is only what the provider later says is so."""
