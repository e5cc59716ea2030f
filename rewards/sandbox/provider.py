"""The embedded wallet as a payment provider. It keeps its own book and commits each entry by itself."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from core import clock
from core.prepared import row_of
from rewards.providers.interface import Answer, BillLine, Order, Outcome, Pace, seconds
from rewards.sandbox import book
from rewards.sandbox.behaviour import OUTCOMES, TIMEOUT, answer_of, open_bill
from rewards.sandbox.models import Behaviour, Bill

# Enters the bill as it is to be entered without instructions, unless the account has one that says otherwise: the
# usual transfer is one statement.
ENTER = """
WITH told AS (
  SELECT behaviour, delay_ms FROM sandbox_instruction
  WHERE account IN (%(account)s::text, '') ORDER BY account DESC LIMIT 1
), entered AS (
  INSERT INTO sandbox_bill (bill_no, account, amount_fen, state, fault, received_at, due_at, finished_at)
  SELECT %(bill_no)s::text, %(account)s::text, %(amount_fen)s::int, %(state)s::text, %(fault)s::text,
    %(received_at)s::timestamptz, %(due_at)s::timestamptz, %(finished_at)s::timestamptz
  WHERE %(instructed)s::bool OR NOT EXISTS (SELECT FROM told WHERE behaviour <> 'succeed')
  ON CONFLICT (bill_no) DO NOTHING RETURNING id
)
SELECT (SELECT behaviour FROM told) AS behaviour, (SELECT delay_ms FROM told) AS delay_ms,
  (SELECT id FROM entered) AS id
"""


COLUMNS = ("bill_no", "account", "amount_fen", "state", "fault", "received_at", "due_at", "finished_at")


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
        behaviour, bill = transfer(order, now)
        if bill is None:
            return TIMEOUT
        if (bill.account, bill.amount_fen) != (order.account, order.amount_fen):
            return Answer(Outcome.UNKNOWN, fault="bill_differs")
        if behaviour == Behaviour.LOSE_ANSWER or bill.received_at > now:
            return TIMEOUT
        return answer_of(bill, now)

    def query(self, bill_no: str) -> Answer:
        now = self.tick()
        bill = Bill.objects.filter(bill_no=bill_no).first()
        return Answer(Outcome.NOT_FOUND) if bill is None else answer_of(bill, now)

    def confirm(self, bill_no: str) -> Answer:
        """The payee's word for a waiting bill; any other bill stays as it is."""
        book.confirm_bill(bill_no=bill_no, now=self.tick())
        return self.query(bill_no)

    def bills(self, day: dt.date) -> Iterator[BillLine]:
        """The wallet's bill list of a day in its zone."""
        book.enter_what_came_due(now=self.tick())
        start, end = clock.day_bounds(day, self.pace.zone)
        for bill in Bill.objects.filter(finished_at__gte=start, finished_at__lt=end).iterator():
            assert bill.finished_at is not None
            outcome = OUTCOMES[Bill.State(bill.state)]
            yield BillLine(bill.bill_no, bill.account, bill.amount_fen, outcome, bill.finished_at)


def transfer(order: Order, now: dt.datetime) -> tuple[str, Bill | None]:
    """What the wallet was told to do with the account's bills, and the bill; None where it keeps nothing of it."""
    bill = new_bill(order, Behaviour.SUCCEED, 0, now)
    found = row_of(ENTER, columns_of(bill) | {"instructed": False})
    assert found is not None
    behaviour = found["behaviour"] or Behaviour.SUCCEED
    if behaviour == Behaviour.TIME_OUT:
        return behaviour, None
    if behaviour != Behaviour.SUCCEED:
        bill = new_bill(order, behaviour, found["delay_ms"], now)
        found = row_of(ENTER, columns_of(bill) | {"instructed": True})
        assert found is not None
    if found["id"] is None:
        return behaviour, book.receive_again(bill_no=order.bill_no, now=now)
    bill.pk = found["id"]
    return behaviour, bill


def new_bill(order: Order, behaviour: str, delay_ms: int, now: dt.datetime) -> Bill:
    """A bill as it is to be entered under this instruction."""
    new = open_bill(behaviour, delay_ms, now)
    return Bill(
        bill_no=order.bill_no,
        account=order.account,
        amount_fen=order.amount_fen,
        state=new.state,
        fault=new.fault,
        received_at=new.received_at,
        due_at=new.due_at,
        finished_at=new.finished_at,
    )


def columns_of(bill: Bill) -> dict[str, Any]:
    """The bill by the names of its columns."""
    return {name: getattr(bill, name) for name in COLUMNS}
