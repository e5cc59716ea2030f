"""Whatever workers, deaths, late answers and the provider do in whatever order: paid once, and the books agree."""

import datetime as dt

import pytest
from django.db.models import Min
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import initialize, invariant, rule

from rewards.models import BudgetSlot, Grant, Payout, Posting
from rewards.providers.interface import Outcome
from rewards.sandbox.book import confirm_bill, enter_what_came_due, instruct
from rewards.sandbox.models import Behaviour, Bill, Instruction
from rewards.sandbox.provider import SandboxProvider
from rewards.services.claiming import Lease, claim_due
from rewards.services.payouts import create_payouts
from rewards.services.recording import Reply, record
from rewards.services.settling import reply_of, settle_batch
from tests.factories.balances import balances
from tests.factories.promises import market, promise
from tests.factories.stores import NOON
from tests.rewards.banks import Clock
from tests.rewards.undone import UndoneHistory

BUDGET = 1_000_000


class World:
    """Three promises with their bills, made once for all histories: each undoes its own writes."""

    def __init__(self) -> None:
        self.campaign = market(budget_fen=BUDGET)
        self.grants = promise(self.campaign, 3)
        create_payouts(grants=self.grants, now=NOON)


class Payments(UndoneHistory):
    """Two or more workers over three promises. A worker that claims and is never heard of again was killed."""

    world: World

    @initialize(
        behaviours=st.lists(st.sampled_from(Behaviour), min_size=3, max_size=3), delay=st.sampled_from([0, 2500])
    )
    def begin(self, behaviours: list[Behaviour], delay: int) -> None:
        self.tick = Clock(NOON)
        self.bank = SandboxProvider(self.tick)
        self.campaign = self.world.campaign
        self.claimed: list[Payout] = []
        self.replies: list[Reply] = []
        for grant, behaviour in zip(self.world.grants, behaviours, strict=True):
            instruct(account=f"consumer:{grant.consumer_id}", behaviour=behaviour, delay_ms=delay)

    @rule(seconds=st.sampled_from([0.5, 3, 11, 60]))
    def time_passes(self, seconds: float) -> None:
        self.tick.forward(seconds)

    @rule(limit=st.integers(1, 3))
    def a_worker_claims(self, limit: int) -> None:
        lease = Lease(self.bank.pace.lease, limit)
        self.claimed += claim_due(provider="sandbox", lease=lease, now=self.tick())

    @rule(data=st.data())
    def a_worker_calls(self, data: st.DataObject) -> None:
        if self.claimed:
            number = data.draw(st.integers(0, len(self.claimed) - 1))
            self.replies.append(reply_of(self.bank, self.claimed[number], now=self.tick()))

    @rule(data=st.data())
    def a_worker_records_late_or_twice(self, data: st.DataObject) -> None:
        if self.replies:
            number = data.draw(st.integers(0, len(self.replies) - 1))
            record([self.replies[number]], now=self.tick())

    @rule()
    def a_whole_batch_is_settled(self) -> None:
        settle_batch(bank=self.bank, tick=self.tick)

    @rule()
    def a_payee_confirms(self) -> None:
        for bill in Bill.objects.filter(state=Bill.State.WAITING):
            confirm_bill(bill_no=bill.bill_no, now=self.tick())

    @rule()
    def the_network_heals(self) -> None:
        Instruction.objects.filter(behaviour=Behaviour.TIME_OUT).update(behaviour=Behaviour.SUCCEED)

    @invariant()
    def money_is_neither_made_nor_lost(self) -> None:
        sums = balances(self.campaign)
        assert sum(sums.values()) == 0
        assert all(fen >= 0 for kind, fen in sums.items() if kind != "source")
        assert sums["budget"] == BudgetSlot.objects.get().free_fen
        assert sums.get("paid", 0) == 100 * Grant.objects.filter(state="paid").count()
        assert sums["budget"] == BUDGET - 100 * Grant.objects.exclude(state="released").count()
        assert sums.get("payable", 0) + sums["reserved"] == 100 * Grant.objects.filter(state="promised").count()

    @invariant()
    def nobody_is_paid_twice_or_for_nothing(self) -> None:
        enter_what_came_due(now=self.tick())
        paid_there = set(Bill.objects.filter(state=Bill.State.SUCCESS).values_list("bill_no", flat=True))
        grants_paid_there = list(Payout.objects.filter(bill_no__in=paid_there).values_list("grant", flat=True))
        assert len(grants_paid_there) == len(set(grants_paid_there))
        assert not Grant.objects.filter(pk__in=grants_paid_there, state="released").exists()
        assert set(Payout.objects.filter(state="paid").values_list("bill_no", flat=True)) <= paid_there
        assert Posting.objects.filter(reason="pay").count() == Payout.objects.filter(state="paid").count()

    def at_the_end(self) -> None:
        if hasattr(self, "bank"):
            self.every_promise_is_settled_in_the_end()

    def every_promise_is_settled_in_the_end(self) -> None:
        """With a sound network and willing payees, whose allowances come back on the day after they are found spent."""
        self.the_network_heals()
        Instruction.objects.filter(behaviour=Behaviour.ALLOWANCE).update(behaviour=Behaviour.SUCCEED)
        self.tick.forward(86_400)
        end = self.tick() + dt.timedelta(days=2)
        unsettled = Payout.objects.exclude(state__in=["paid", "failed", "cancelled"])
        while (due := unsettled.aggregate(first=Min("next_at"))["first"]) is not None:
            assert self.tick() < end
            self.tick.forward(max(5, (due - self.tick()).total_seconds()))
            self.a_payee_confirms()
            settle_batch(bank=self.bank, tick=self.tick)
        assert not Grant.objects.filter(state="promised").exists()
        assert {line.outcome for line in self.bank.bills(NOON.date())} <= {
            Outcome.PAID,
            Outcome.FAILED,
            Outcome.CANCELLED,
        }
        self.money_is_neither_made_nor_lost()
        self.nobody_is_paid_twice_or_for_nothing()


@pytest.mark.django_db
class TestPaymentsInAnyOrder(TestCase, Payments.TestCase):
    settings = settings(max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))

    @classmethod
    def setUpTestData(cls) -> None:
        Payments.world = World()
