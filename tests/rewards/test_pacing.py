"""All workers together call a provider at the rate it takes, and leave it alone while it is away."""

import datetime as dt
from collections import Counter
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from rewards.models import Grant, Payout
from rewards.providers.gate import LONGEST_PAUSE_MS, MANY, OpenGate, SharedGate, Tally
from rewards.providers.interface import Answer, Ceiling, Order, Outcome, Pace
from rewards.providers.wechatpay.provider import WechatPayProvider
from rewards.services.payees import Proof, link_account
from rewards.services.payouts import create_payouts
from rewards.services.providers import evaluate, gate_of
from rewards.services.settling import settle_batch, settle_due_of
from tests.factories.promises import market, promise
from tests.factories.stores import NOON
from tests.rewards.banks import PAID, UNKNOWN, Clock, ScriptedBank
from tests.wechatpay.keys import merchant_at
from tests.wechatpay.server import WechatPay, running

NOT_NOW = Answer(Outcome.NOT_NOW, fault="FREQUENCY_LIMITED")
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def gate() -> SharedGate:
    return SharedGate(evaluate, f"gate:test:{uuid4()}", rate=10)


def tally_of(*answers: Answer) -> Tally:
    tally = Tally()
    for answer in answers:
        tally.note(answer)
    return tally


def taken(gate: SharedGate, seconds: float, wanted: int = 100) -> int:
    return gate.take(wanted, now=NOON + dt.timedelta(seconds=seconds)).calls


def reported(gate: SharedGate, seconds: float, *answers: Answer) -> None:
    gate.report(len(answers), tally_of(*answers), now=NOON + dt.timedelta(seconds=seconds))


def test_a_second_holds_as_many_calls_as_the_rate_whoever_asks(gate) -> None:
    assert [taken(gate, at, 6) for at in (0, 0, 0, 0.1, 0.5, 5, 5)] == [6, 4, 0, 1, 4, 6, 4]
    assert gate.take(1, now=NOON + 5 * SECOND).wait == dt.timedelta(milliseconds=100)


def test_a_clock_that_goes_back_gives_no_calls(gate) -> None:
    assert [taken(gate, at) for at in (10, 5, 10)] == [10, 0, 0]


def test_calls_that_were_not_made_are_given_back(gate) -> None:
    assert taken(gate, 0) == 10
    gate.report(10, tally_of(PAID, PAID), now=NOON)
    assert taken(gate, 0) == 8


def test_not_now_shuts_the_gate_for_a_moment_then_lets_one_try_and_opens_with_its_answer(gate) -> None:
    taken(gate, 0, 1)
    reported(gate, 0, NOT_NOW)
    assert gate.take(5, now=NOON).wait == SECOND
    assert [taken(gate, at, 5) for at in (0.9, 1, 1)] == [0, 1, 0]
    reported(gate, 1.1, PAID)
    assert taken(gate, 1.1, 5) == 5


def test_many_faults_in_a_row_shut_it_and_an_answer_between_them_does_not(gate) -> None:
    for _ in range(MANY):
        reported(gate, 0, UNKNOWN, PAID)
    assert taken(gate, 0, 1) == 1
    for _ in range(MANY):
        reported(gate, 0, UNKNOWN)
    assert taken(gate, 0, 1) == 0


def test_the_pause_doubles_up_to_a_minute_while_each_try_fails(gate) -> None:
    reported(gate, 0, *[UNKNOWN] * MANY)
    at, waits = 0.0, []
    for _ in range(9):
        wait = gate.take(1, now=NOON + dt.timedelta(seconds=at)).wait
        waits.append(wait.total_seconds())
        at += waits[-1]
        assert taken(gate, at, 50) == 1
        reported(gate, at, UNKNOWN)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert LONGEST_PAUSE_MS == 60_000


def test_a_try_that_is_never_reported_does_not_shut_it_for_ever(gate) -> None:
    reported(gate, 0, NOT_NOW)
    assert [taken(gate, at) for at in (1, 15.9, 16)] == [1, 0, 1]


def test_a_provider_without_a_rate_is_not_paced(settings) -> None:
    settings.PAYMENT_RATES = {}
    assert isinstance(gate_of("sandbox"), OpenGate)


@pytest.mark.django_db
def test_a_worker_gives_up_after_three_calls_without_an_answer_and_keeps_the_order_of_promise(gate) -> None:
    create_payouts(grants=promise(market(), 6), now=NOON)
    bank = ScriptedBank([Answer(Outcome.UNKNOWN, fault="no_answer")] * 3)
    settle_due_of(bank=bank, gate=gate, tick=Clock(NOON + SECOND), until=NOON + SECOND)
    assert Counter(Payout.objects.values_list("state", flat=True)) == {"unknown": 3, "created": 3}
    assert set(Payout.objects.filter(state="created").values_list("next_at", flat=True)) == {NOON}


@pytest.mark.django_db
def test_a_bill_that_was_not_taken_now_is_handed_over_again_as_it_was(gate) -> None:
    create_payouts(grants=promise(market()), now=NOON)
    clock, bank = Clock(NOON), ScriptedBank([NOT_NOW, NOT_NOW, PAID])
    settle_due_of(bank=bank, gate=gate, tick=clock, until=NOON + 30 * SECOND, rest=clock.forward)
    settle_due_of(bank=bank, gate=gate, tick=clock, until=NOON + 30 * SECOND, rest=clock.forward)
    assert (len(set(bank.sent)), len(bank.sent), bank.asked) == (1, 3, [])
    one = Payout.objects.get()
    assert (one.state, list(one.steps.order_by("pk").values_list("cause", flat=True))[1]) == (
        "paid",
        "not_now:FREQUENCY_LIMITED",
    )


class Watched(WechatPayProvider):
    """Notes when, by the test's clock, each bill was handed over."""

    def __init__(self, gateway: str, clock: Clock) -> None:
        super().__init__(merchant_at(gateway))
        self.clock = clock
        self.sent: list[tuple[dt.datetime, str]] = []

    def send(self, order: Order) -> Answer:
        self.sent.append((self.clock.now, order.bill_no))
        return super().send(order)


@pytest.mark.django_db
def test_after_an_hour_without_the_provider_payment_catches_up_in_order_at_its_pace_and_nothing_twice(
    chosen, rung, gate
) -> None:
    for number, grant in enumerate(promise(market(), 100)):
        link_account(payee=grant.consumer, proof=Proof("wechatpay", "", f"o-{number}"), now=NOON, actor="t")
        create_payouts(grants=[grant], now=NOON + number * SECOND)
    with running(WechatPay(is_away=True)) as far_side:
        clock = Clock(NOON + 100 * SECOND)
        bank = Watched(far_side.gateway, clock)
        settle_for(bank, gate, clock, minutes=60)
        assert len(bank.sent) < 75, "somebody knocks once a minute while nobody is in"
        assert set(Payout.objects.values_list("state", flat=True)) == {"created", "unknown"}
        far_side.is_away = False
        knocked = {bill_no for _, bill_no in bank.sent}
        bank.sent.clear()
        settle_for(bank, gate, clock, minutes=70)
        assert set(Payout.objects.values_list("state", flat=True)) == {"paid"}
        assert len(far_side.book.bills) == 100
    fresh = [bill_no for _, bill_no in bank.sent if bill_no not in knocked]
    promised = Payout.objects.filter(bill_no__in=fresh).order_by("created_at").values_list("bill_no", flat=True)
    assert len(fresh) > 2 * gate.rate
    assert fresh == list(promised)
    per_second = Counter(int((at - NOON).total_seconds()) for at, _ in bank.sent)
    assert max(per_second.values()) <= 2 * gate.rate


def settle_for(bank: WechatPayProvider, gate: SharedGate, clock: Clock, *, minutes: int) -> None:
    """As the sweep does for two seconds at a time, every minute, until all are paid."""
    end = clock.now + dt.timedelta(minutes=minutes)
    while clock.now < end and Payout.objects.exclude(state="paid").exists():
        settle_due_of(bank=bank, gate=gate, tick=clock, until=clock.now + 2 * SECOND, rest=clock.forward)
        clock.forward(58)


@pytest.mark.django_db
@pytest.mark.parametrize("ceiling", [Ceiling(amount_fen=250, bills=9), Ceiling(amount_fen=9999, bills=2)])
def test_what_is_above_a_payees_ceiling_waits_for_the_next_day_and_says_so(chosen, rung, ceiling) -> None:
    grants = promise(market(), 4)
    Grant.objects.update(consumer=grants[0].consumer)
    link_account(payee=grants[0].consumer, proof=Proof("wechatpay", "", "o-1"), now=NOON, actor="t")
    link_account(payee=grants[3].consumer, proof=Proof("wechatpay", "", "o-2"), now=NOON, actor="t")
    mine = Grant.objects.order_by("pk")[:3]
    for number, grant in enumerate(mine):
        create_payouts(grants=[grant], now=NOON + number * SECOND)
    create_payouts(grants=grants[3:], now=NOON)
    bank = ScriptedBank([PAID] * 3, name="wechatpay", pace=Pace(payee_day=ceiling))
    clock = Clock(NOON + 60 * SECOND)
    assert settle_batch(bank=bank, tick=clock) == 4
    assert [order.account for order in bank.sent].count("o-1") == 2
    held = Payout.objects.get(state="created")
    assert (held.bill_no, held.fault) == (Payout.objects.get(grant=mine[2]).bill_no, "day_ceiling")
    assert held.steps.latest("pk").cause == "ceiling:day_ceiling"
    clock.now = held.next_at
    assert clock.now.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%H:%M") == "00:00"
    bank = ScriptedBank([PAID], name="wechatpay", pace=Pace(payee_day=ceiling))
    assert settle_batch(bank=bank, tick=clock) == 1
    assert not Payout.objects.exclude(state="paid").exists()
