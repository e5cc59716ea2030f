"""The embedded wallet: it passes the providers' suite, and does what it is told."""

import datetime as dt
from uuid import uuid4

import pytest

from core import clock
from rewards.providers.interface import Answer, BillLine, Order, Outcome
from rewards.sandbox.book import confirm_bill, enter_what_came_due, instruct, received_fen
from rewards.sandbox.models import Behaviour, Bill
from rewards.sandbox.provider import SandboxProvider
from tests.factories.stores import NOON
from tests.rewards.banks import Clock
from tests.rewards.providers.suite import Bench, ProviderSuite

pytestmark = pytest.mark.django_db


class SandboxBench(Bench):
    provider = SandboxProvider()

    def told(self, behaviour: Behaviour) -> str:
        account = f"test:{uuid4()}"
        instruct(account=account, behaviour=behaviour)
        return account

    def paying(self) -> str:
        return self.told(Behaviour.SUCCEED)

    def refusing(self) -> str:
        return self.told(Behaviour.REFUSE)

    def silent(self) -> str:
        return self.told(Behaviour.TIME_OUT)

    def losing_answers(self) -> str:
        return self.told(Behaviour.LOSE_ANSWER)

    def today(self) -> dt.date:
        return clock.business_day(clock.now(), "Asia/Shanghai")


@pytest.fixture
def bench() -> Bench:
    return SandboxBench()


class TestSandboxIsAProvider(ProviderSuite):
    pass


@pytest.fixture
def tick() -> Clock:
    return Clock(NOON)


@pytest.fixture
def bank(tick: Clock) -> SandboxProvider:
    return SandboxProvider(tick)


BILL = Order("b1", "alice", 100, "")


def ends(answer: Answer) -> tuple[str, str]:
    return answer.outcome.value, answer.fault


def test_without_any_instruction_it_pays_at_once(bank) -> None:
    assert bank.send(BILL).outcome is Outcome.PAID
    assert received_fen("alice") == 100


def test_an_accounts_own_instruction_goes_before_the_one_for_all(bank) -> None:
    instruct(account="", behaviour=Behaviour.REFUSE)
    instruct(account="alice", behaviour=Behaviour.SUCCEED)
    assert bank.send(BILL).outcome is Outcome.PAID
    assert bank.send(Order("b2", "bob", 100, "")).outcome is Outcome.FAILED


def test_an_instruction_given_again_replaces_the_former(bank) -> None:
    instruct(account="alice", behaviour=Behaviour.REFUSE)
    instruct(account="alice", behaviour=Behaviour.SUCCEED)
    assert bank.send(BILL).outcome is Outcome.PAID


def test_pay_later_is_accepted_until_its_moment(bank, tick) -> None:
    instruct(account="alice", behaviour=Behaviour.WAIT, delay_ms=5000)
    assert bank.send(BILL).outcome is Outcome.ACCEPTED
    tick.forward(4.9)
    assert bank.query("b1").outcome is Outcome.ACCEPTED
    tick.forward(0.1)
    assert bank.query("b1").outcome is Outcome.PAID


def test_a_failing_bill_is_accepted_first_and_blames_no_payee(bank, tick) -> None:
    instruct(account="alice", behaviour=Behaviour.FAIL, delay_ms=1000)
    assert ends(bank.send(BILL)) == ("accepted", "")
    tick.forward(1)
    asked = bank.query("b1")
    assert (ends(asked), asked.payee_at_fault) == (("failed", "provider_failed"), False)


def test_a_waiting_bill_is_paid_when_its_payee_confirms(bank, tick) -> None:
    instruct(account="alice", behaviour=Behaviour.CONFIRM)
    assert bank.send(BILL).outcome is Outcome.AWAITING_CONFIRMATION
    tick.forward(999_999)
    assert bank.query("b1").outcome is Outcome.AWAITING_CONFIRMATION
    assert confirm_bill(bill_no="b1", now=tick()) is True
    assert bank.query("b1").outcome is Outcome.PAID
    assert confirm_bill(bill_no="b1", now=tick()) is False


def test_a_bill_that_is_not_confirmed_in_time_is_closed_for_good(bank, tick) -> None:
    instruct(account="alice", behaviour=Behaviour.CONFIRM, delay_ms=86_400_000)
    bank.send(BILL)
    tick.forward(86_400)
    assert bank.query("b1").outcome is Outcome.CANCELLED
    assert confirm_bill(bill_no="b1", now=tick()) is False


def test_a_bill_of_which_nothing_arrived_leaves_no_trace(bank) -> None:
    instruct(account="alice", behaviour=Behaviour.TIME_OUT)
    assert ends(bank.send(BILL)) == ("unknown", "timeout")
    assert not Bill.objects.exists()
    instruct(account="alice", behaviour=Behaviour.SUCCEED)
    assert bank.send(BILL).outcome is Outcome.PAID


def test_a_request_that_is_still_on_its_way_is_not_found_and_arrives(bank, tick) -> None:
    instruct(account="alice", behaviour=Behaviour.ARRIVE_LATE, delay_ms=3000)
    assert ends(bank.send(BILL)) == ("unknown", "timeout")
    assert bank.query("b1").outcome is Outcome.NOT_FOUND
    tick.forward(3)
    assert bank.query("b1").outcome is Outcome.PAID


def test_a_second_request_that_overtakes_the_first_pays_once(bank, tick) -> None:
    instruct(account="alice", behaviour=Behaviour.ARRIVE_LATE, delay_ms=3000)
    bank.send(BILL)
    tick.forward(1)
    assert bank.send(BILL).outcome is Outcome.PAID
    tick.forward(9)
    enter_what_came_due(now=tick())
    assert received_fen("alice") == 100


def test_the_bill_list_says_when_it_happened_not_when_somebody_looked(bank, tick) -> None:
    cases = [(Behaviour.WAIT, 1000), (Behaviour.FAIL, 2000), (Behaviour.CONFIRM, 3000), (Behaviour.WAIT, 172_800_000)]
    for number, (behaviour, delay_ms) in enumerate(cases):
        instruct(account="alice", behaviour=behaviour, delay_ms=delay_ms)
        bank.send(Order(f"b{number}", "alice", 100, ""))
    tick.forward(86_400)
    seconds = [dt.timedelta(seconds=n) for n in (1, 2, 3)]
    outcomes = [Outcome.PAID, Outcome.FAILED, Outcome.CANCELLED]
    listed = sorted(bank.bills(NOON.date()), key=lambda line: line.bill_no)
    assert listed == [
        BillLine(f"b{n}", "alice", 100, outcome, NOON + later)
        for n, (outcome, later) in enumerate(zip(outcomes, seconds, strict=True))
    ]


def test_what_came_due_stays_as_it_was_entered(bank, tick) -> None:
    instruct(account="alice", behaviour=Behaviour.WAIT, delay_ms=1000)
    bank.send(BILL)
    tick.forward(2)
    enter_what_came_due(now=tick())
    assert bank.query("b1").outcome is Outcome.PAID


def test_an_allowance_that_is_spent_fails_a_bill_for_today(bank: SandboxProvider) -> None:
    instruct(account="a", behaviour=Behaviour.ALLOWANCE)
    assert bank.send(Order("1" * 32, "a", 5, "x")).outcome is Outcome.FAILED
    answer = bank.query("1" * 32)
    assert (answer.allowance_spent, answer.payee_at_fault) == (True, False)
