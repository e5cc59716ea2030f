"""A bank whose answers the test says beforehand. It stands for a remote party; our own tables are the real ones."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rewards.providers.interface import Answer, BillLine, Order, Outcome, Pace

PAID = Answer(Outcome.PAID, ref="R1")
UNKNOWN = Answer(Outcome.UNKNOWN, fault="timeout")
NOT_FOUND = Answer(Outcome.NOT_FOUND)
ACCEPTED = Answer(Outcome.ACCEPTED)
FAILED = Answer(Outcome.FAILED, fault="provider_failed")
REFUSED = Answer(Outcome.FAILED, fault="payee_refused", payee_at_fault=True)


class Clock:
    """A clock that is moved by hand; each reading may take `step`."""

    def __init__(self, now: dt.datetime, step: dt.timedelta = dt.timedelta()) -> None:
        self.now = now
        self.step = step

    def __call__(self) -> dt.datetime:
        self.now += self.step
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)


@dataclass
class ScriptedBank:
    """Answers in the order given; remembers what it was asked."""

    answers: Iterable[Answer]
    name: str = "sandbox"
    pace: Pace = field(default_factory=Pace)
    sent: list[Order] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    list_of_bills: list[BillLine] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.answers = iter(self.answers)

    def send(self, order: Order) -> Answer:
        self.sent.append(order)
        return next(self.answers)

    def query(self, bill_no: str) -> Answer:
        self.asked.append(bill_no)
        return next(self.answers)

    def bills(self, day: dt.date) -> Iterator[BillLine]:
        zone = dt.timezone(dt.timedelta(hours=8))
        return (line for line in self.list_of_bills if line.finished_at.astimezone(zone).date() == day)
