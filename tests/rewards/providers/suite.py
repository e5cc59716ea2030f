"""What every payment provider must do. A provider's test module subclasses `ProviderSuite` and brings a `Bench`.

The bench makes the far side behave in a given way for an account, by whatever means the provider has for that.
"""

import abc
import datetime as dt
import re
from uuid import uuid4

from rewards.providers.interface import Answer, Order, Outcome, Provider

DAY_AHEAD = dt.timedelta(days=1)


class Bench(abc.ABC):
    """The provider under test and a hand on its far side. Each method answers an account that is treated so."""

    provider: Provider

    @abc.abstractmethod
    def paying(self) -> str: ...

    @abc.abstractmethod
    def refusing(self) -> str: ...

    @abc.abstractmethod
    def silent(self) -> str:
        """Requests get lost; nothing arrives and nothing comes back."""

    @abc.abstractmethod
    def losing_answers(self) -> str:
        """Requests arrive and are paid; the answer gets lost."""

    @abc.abstractmethod
    def today(self) -> dt.date:
        """The present day of the provider's bill lists."""


def order(account: str, amount_fen: int = 100) -> Order:
    return Order(uuid4().hex, account, amount_fen, "OneCode")


class ProviderSuite:
    def test_a_sent_bill_is_known(self, bench: Bench) -> None:
        bill = order(bench.paying())
        assert bench.provider.send(bill).outcome in {
            Outcome.PAID,
            Outcome.ACCEPTED,
            Outcome.AWAITING_CONFIRMATION,
        }
        assert bench.provider.query(bill.bill_no).outcome is Outcome.PAID

    def test_the_same_bill_sent_thrice_is_one_bill(self, bench: Bench) -> None:
        bill = order(bench.paying())
        refs = {bench.provider.send(bill).ref for _ in range(3)}
        assert len(refs) == 1
        assert self.listed(bench, bill) == [100]

    def test_the_same_number_with_another_amount_pays_nothing_and_is_never_called_paid(self, bench: Bench) -> None:
        bill = order(bench.paying())
        bench.provider.send(bill)
        other = bench.provider.send(Order(bill.bill_no, bill.account, 200, bill.remark))
        assert other.outcome is Outcome.UNKNOWN
        assert other.fault
        assert self.listed(bench, bill) == [100]

    def test_the_same_number_for_another_payee_pays_nothing_and_is_never_called_paid(self, bench: Bench) -> None:
        bill = order(bench.paying())
        bench.provider.send(bill)
        other = bench.provider.send(Order(bill.bill_no, bench.paying() + "x", 100, bill.remark))
        assert (other.outcome, bool(other.fault)) == (Outcome.UNKNOWN, True)

    def test_an_unknown_bill_is_not_found(self, bench: Bench) -> None:
        assert bench.provider.query(uuid4().hex) == Answer(Outcome.NOT_FOUND)

    def test_a_final_refusal_names_a_code_and_the_payee(self, bench: Bench) -> None:
        bill = order(bench.refusing())
        sent = bench.provider.send(bill)
        assert (sent.outcome, sent.payee_at_fault) == (Outcome.FAILED, True)
        assert re.fullmatch(r"[A-Za-z0-9_]{3,80}", sent.fault)

    def test_a_refused_bill_stays_refused_however_often_it_is_sent(self, bench: Bench) -> None:
        bill = order(bench.refusing())
        assert {bench.provider.send(bill).outcome for _ in range(3)} == {Outcome.FAILED}
        assert bench.provider.query(bill.bill_no).outcome in {Outcome.FAILED, Outcome.NOT_FOUND}

    def test_silence_is_unknown_and_raises_nothing(self, bench: Bench) -> None:
        bill = order(bench.silent())
        sent = bench.provider.send(bill)
        assert sent.outcome is Outcome.UNKNOWN
        assert sent.fault

    def test_a_lost_answer_is_unknown_and_found_by_asking(self, bench: Bench) -> None:
        bill = order(bench.losing_answers())
        assert bench.provider.send(bill).outcome is Outcome.UNKNOWN
        assert bench.provider.query(bill.bill_no).outcome is Outcome.PAID

    def test_the_bill_list_of_a_day_holds_what_was_finished_on_it(self, bench: Bench) -> None:
        paid, refused = order(bench.paying(), 123), order(bench.refusing(), 45)
        for bill in (paid, refused):
            bench.provider.send(bill)
        bench.provider.query(paid.bill_no)
        found = {line.bill_no: line for line in bench.provider.bills(bench.today())}
        line = found[paid.bill_no]
        assert (line.amount_fen, line.outcome) == (123, Outcome.PAID)
        assert line.account in {"", paid.account}
        assert found.get(refused.bill_no) is None or found[refused.bill_no].outcome is Outcome.FAILED
        assert list(bench.provider.bills(bench.today() + DAY_AHEAD)) == []

    def test_the_pace_leaves_time_for_a_call_within_the_lease(self, bench: Bench) -> None:
        pace = bench.provider.pace
        assert dt.timedelta(0) < pace.lease
        assert dt.timedelta(0) < pace.resend_after < pace.remembers

    @staticmethod
    def listed(bench: Bench, bill: Order) -> list[int]:
        """Amounts in the bill list under this bill's number."""
        assert bench.provider.query(bill.bill_no).outcome is Outcome.PAID
        return [line.amount_fen for line in bench.provider.bills(bench.today()) if line.bill_no == bill.bill_no]
