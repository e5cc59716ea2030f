"""Money in any order of events: the ledger's identity holds, and no budget is ever below zero."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import initialize, invariant, rule

from consumers.sharing import share_text
from core.errors import Problem
from rewards.models import BudgetSlot, Grant, Payout, Posting
from rewards.models.ledger import Reason
from rewards.payout_moves import move_on
from rewards.providers.interface import Answer, Outcome, Pace
from rewards.selectors.balances import balances_of, ledger_differences, money_in, money_there
from rewards.selectors.closings import differences as closed_differences
from rewards.selectors.trial_balance import trial_balance
from rewards.services import ledger
from rewards.services.campaigns import end_campaign, return_late_money, top_up_campaign
from rewards.services.claiming import Lease, claim_due
from rewards.services.claims import open_claim
from rewards.services.closing import close_past_days
from rewards.services.lapsing import release_lapsed
from rewards.services.payouts import create_waiting_payouts
from rewards.services.recording import Reply, record
from rewards.services.transfers import Direction, Wish, approve_transfer, ask_transfer
from tests.factories.campaigns import ConsumerFactory, active_order, opened, poor_campaign
from tests.factories.stores import NOON, StoreFactory, StoreOwnerFactory
from tests.rewards.undone import UndoneHistory

ITEMS = 6
ANSWERS = st.sampled_from(
    [
        Answer(Outcome.PAID, ref="R"),
        Answer(Outcome.ACCEPTED),
        Answer(Outcome.FAILED, fault="provider_failed"),
        Answer(Outcome.FAILED, fault="payee_refused", payee_at_fault=True),
        Answer(Outcome.CANCELLED),
        Answer(Outcome.UNKNOWN, fault="timeout"),
    ]
)


class World:
    """Made once for all histories, each of which undoes its own writes: all items are opened."""

    def __init__(self) -> None:
        order = active_order(quantity=ITEMS)
        self.brand = order.brand
        self.owner = StoreOwnerFactory(brand=self.brand)
        store = StoreFactory(brand=self.brand, owner=self.owner)
        self.consumer = ConsumerFactory(brand=self.brand)
        shares = {"owner_share_fen": 30, "salesperson_share_fen": 7, "referrer_share_fen": 5}
        self.campaign = poor_campaign(order, budget_fen=500, **shares)
        friends = [share_text(ConsumerFactory(brand=self.brand)), ""]
        first = order.first_serial
        self.scans = [
            opened(order, first + item, self.consumer, store=store, via=friends[item % 2]) for item in range(ITEMS)
        ]


class Money(UndoneHistory):
    """A campaign that can't pay for all its items, an owner with or without an account, a bank that says anything."""

    world: World

    @initialize(wallet=st.sampled_from(["", "w"]))
    def begin(self, wallet: str) -> None:
        world = self.world
        self.now = NOON
        self.brand, self.owner, self.consumer = world.brand, world.owner, world.consumer
        self.campaign, self.scans = world.campaign, world.scans
        self.with_account(wallet)
        self.told: list[Reply] = []

    @rule(item=st.integers(0, ITEMS - 1))
    def claim(self, item: int) -> None:
        try:
            open_claim(scan_id=self.scans[item].pk, consumer=self.consumer, visitor="", now=self.now)
        except Problem:
            return

    @rule(answer=ANSWERS, count=st.integers(1, 3))
    def a_worker_is_answered(self, answer: Answer, count: int) -> None:
        self.now += dt.timedelta(minutes=10)
        taken = claim_due(provider="sandbox", lease=Lease(dt.timedelta(seconds=60), count), now=self.now)
        replies = [
            Reply(payout, answer, move_on(payout.state, answer.outcome, may_resend=False), Pace()) for payout in taken
        ]
        self.told += replies
        record(replies, now=self.now)

    @rule(data=st.data())
    def an_answer_comes_again(self, data: st.DataObject) -> None:
        """As a callback does that is late, doubled or out of order."""
        if self.told:
            record([data.draw(st.sampled_from(self.told))], now=self.now)

    @rule()
    def a_worker_dies(self) -> None:
        claim_due(provider="sandbox", lease=Lease(dt.timedelta(seconds=60), 1), now=self.now)

    @rule(days=st.sampled_from([1, 90, 181]))
    def time_passes(self, days: int) -> None:
        self.now += dt.timedelta(days=days)
        release_lapsed(now=self.now)

    def with_account(self, wallet: str) -> None:
        type(self.owner).objects.filter(pk=self.owner.pk).update(wallet=wallet)

    @rule()
    def the_owner_gives_an_account(self) -> None:
        self.with_account("w")
        create_waiting_payouts(now=self.now)

    @rule(direction=st.sampled_from(Direction), fen=st.integers(1, 200))
    def two_people_move_money(self, direction: Direction, fen: int) -> None:
        wish = Wish(direction=direction, amount_fen=fen)
        named = {"brand": self.brand, "now": self.now}
        try:
            asked = ask_transfer(campaign_id=self.campaign.pk, wish=wish, actor="user:a", **named)
            approve_transfer(transfer_id=asked.pk, actor="user:b", **named)
        except Problem:
            return

    @rule(fen=st.integers(1, 8))
    def the_budget_is_raised_a_little(self, fen: int) -> None:
        try:
            top_up_campaign(
                campaign_id=self.campaign.pk, brand=self.brand, amount_fen=fen, actor="user:a", now=self.now
            )
        except Problem:
            return

    @rule()
    def a_mistake_is_reversed(self) -> None:
        """A refund that should not have been: its money is in the budget again."""
        back = Posting.objects.filter(reason=Reason.REFUND, reversed_by__isnull=True).first()
        if back is not None:
            ledger.reverse(postings=[back], posted_by="user:a", now=self.now)
            slot = BudgetSlot.objects.filter(campaign=self.campaign).first()
            slot.free_fen += back.amount_fen
            slot.save()

    @rule()
    def the_campaign_ends(self) -> None:
        try:
            end_campaign(campaign_id=self.campaign.pk, brand=self.brand, actor="user:a", now=self.now)
        except Problem:
            return_late_money(campaign_id=self.campaign.pk, actor="user:a", now=self.now)

    @rule()
    def the_books_are_closed(self) -> None:
        close_past_days(brand=self.brand, actor="user:a", now=self.now, limit=2)

    @invariant()
    def the_identity_holds(self) -> None:
        if not hasattr(self, "campaign"):
            return
        balances = balances_of(self.campaign)
        assert money_in(balances) == money_there(balances)
        assert min(fen for kind, fen in balances.items() if kind != "source") >= 0
        assert ledger_differences(self.brand) == []
        assert balances["paid"] == sum(Grant.objects.filter(state="paid").values_list("amount_fen", flat=True))
        assert Payout.objects.filter(state="paid").count() == Grant.objects.filter(state="paid").count()

    def at_the_end(self) -> None:
        if hasattr(self, "campaign"):
            assert list(closed_differences()) == []
            assert trial_balance(self.brand, self.now.date() + dt.timedelta(days=1)).holds


@pytest.mark.django_db
class TestMoneyInAnyOrder(TestCase, Money.TestCase):
    settings = settings(max_examples=10, stateful_step_count=18, deadline=None, suppress_health_check=list(HealthCheck))

    @classmethod
    def setUpTestData(cls) -> None:
        Money.world = World()
