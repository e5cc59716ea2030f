"""The embedded wallet as a payment provider. It keeps its own book and commits each entry by itself."""

import datetime as dt
from collections.abc import Callable, Iterator

from django.db import connection

from core import clock
from rewards.providers.interface import Answer, BillLine, Order, Outcome, Pace, seconds
from rewards.sandbox import book
from rewards.sandbox.behaviour import OUTCOMES, TIMEOUT, answer_of, open_bill
from rewards.sandbox.models import Behaviour, Bill

# Plain statements: a transfer is two of them, and building them anew would cost as much as running them.
INSTRUCTION = """
SELECT behaviour, delay_ms FROM sandbox_instruction WHERE account IN (%s, '') ORDER BY account DESC LIMIT 1
"""
INSERT = """
INSERT INTO sandbox_bill (bill_no, account, amount_fen, state, fault, received_at, due_at, finished_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (bill_no) DO NOTHING
RETURNING id
"""


class SandboxProvider:
    """Pays within this installation. Local calls are fast, so a lost worker's bills are taken up again soon."""

    name = "sandbox"
    pace = Pace(
        lease=dt.timedelta(seconds=10),
        resend_after=dt.timedelta(seconds=3),
        back_off=seconds(1, 2, 3, 5, 5, 5, 10, 30, 60),
    )

    def __init__(self, tick: Callable[[], dt.datetime] = clock.now) -> None:
        self.tick = tick

    def send(self, order: Order) -> Answer:
        """Enter the bill, once; then do as instructed. A known number with other particulars changes nothing."""
        now = self.tick()
        behaviour, delay_ms = instruction_for(order.account)
        if behaviour == Behaviour.TIME_OUT:
            return TIMEOUT
        bill = enter(order, behaviour, delay_ms, now)
        if (bill.account, bill.amount_fen) != (order.account, order.amount_fen):
            return Answer(Outcome.UNKNOWN, fault="bill_differs")
        if behaviour == Behaviour.LOSE_ANSWER or bill.received_at > now:
            return TIMEOUT
        return answer_of(bill, now)

    def query(self, bill_no: str) -> Answer:
        now = self.tick()
        bill = Bill.objects.filter(bill_no=bill_no).first()
        return Answer(Outcome.NOT_FOUND) if bill is None else answer_of(bill, now)

    def bills(self, day: dt.date) -> Iterator[BillLine]:
        """The wallet's bill list of a day in its zone."""
        book.enter_what_came_due(now=self.tick())
        start, end = clock.day_bounds(day, self.pace.zone)
        for bill in Bill.objects.filter(finished_at__gte=start, finished_at__lt=end).iterator():
            assert bill.finished_at is not None
            outcome = OUTCOMES[Bill.State(bill.state)]
            yield BillLine(bill.bill_no, bill.account, bill.amount_fen, outcome, bill.finished_at)


def instruction_for(account: str) -> tuple[str, int]:
    """Behaviour and delay for the account's bills: its own instruction, else the one for all, else pay at once."""
    with connection.cursor() as cursor:
        cursor.execute(INSTRUCTION, [account])
        row = cursor.fetchone()
    return (Behaviour.SUCCEED, 0) if row is None else (row[0], row[1])


def enter(order: Order, behaviour: str, delay_ms: int, now: dt.datetime) -> Bill:
    """The bill of that number: entered now, or as it was entered before."""
    new = open_bill(behaviour, delay_ms, now)
    bill = Bill(
        bill_no=order.bill_no,
        account=order.account,
        amount_fen=order.amount_fen,
        state=new.state,
        fault=new.fault,
        received_at=new.received_at,
        due_at=new.due_at,
        finished_at=new.finished_at,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT,
            [
                bill.bill_no,
                bill.account,
                bill.amount_fen,
                bill.state,
                bill.fault,
                bill.received_at,
                bill.due_at,
                bill.finished_at,
            ],
        )
        row = cursor.fetchone()
    if row is None:
        return book.receive_again(bill_no=order.bill_no, now=now)
    bill.pk = row[0]
    return bill
