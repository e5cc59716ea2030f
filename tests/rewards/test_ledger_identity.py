"""Whatever happens in whatever order, money in = budget + reserved + payable + paid + returned."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumers.sharing import share_text
from core.errors import Problem
from rewards.models import Grant, Posting
from rewards.models.ledger import Reason
from rewards.selectors.balances import balances_of, ledger_differences, money_in, money_there
from rewards.services import ledger
from rewards.services.campaigns import end_campaign, return_late_money, top_up_campaign
from rewards.services.claims import open_claim
from rewards.services.grants import release_grant
from tests.factories.campaigns import ACTOR, ConsumerFactory, active_order, opened, poor_campaign
from tests.factories.stores import NOON, StoreFactory

ITEMS = 8
moves = st.lists(
    st.tuples(
        st.sampled_from(["claim", "claim", "claim", "pay", "fail", "top up", "end", "return"]),
        st.integers(0, ITEMS - 1),
    ),
    max_size=25,
)


class Market:
    """One campaign with eight openings; each move does what the services would, if it can be done now."""

    def __init__(self):
        order = active_order(quantity=ITEMS)
        store = StoreFactory(brand=order.brand)
        self.consumer = ConsumerFactory(brand=order.brand)
        shares = {"owner_share_fen": 30, "salesperson_share_fen": 7, "referrer_share_fen": 5}
        self.campaign = poor_campaign(order, budget_fen=500, **shares)
        friend = share_text(ConsumerFactory(brand=order.brand))
        self.scans = [
            opened(order, serial, self.consumer, store=store, via=friend)
            for serial in range(order.first_serial, order.first_serial + ITEMS)
        ]

    def do(self, move, number):
        {
            "claim": self.claim,
            "pay": self.pay,
            "fail": self.fail,
            "top up": self.top_up,
            "end": self.end,
            "return": self.late,
        }[move](number)

    def claim(self, number):
        try:
            open_claim(scan_id=self.scans[number].pk, consumer=self.consumer, visitor="", now=NOON)
        except Problem:
            return

    def promised(self, number):
        return Grant.objects.filter(state="promised", claim=self.scans[number].serial).order_by("payee").last()

    @transaction.atomic
    def pay(self, number):
        grant = self.promised(number)
        if grant:
            payout = grant.payouts.get()
            Grant.objects.filter(pk=grant.pk).update(state="paid", settled_at=NOON)
            ledger.post(moves=[ledger.move_of(grant, Reason.PAY, payout_id=payout.pk)], posted_by=ACTOR, now=NOON)

    @transaction.atomic
    def fail(self, number):
        grant = self.promised(number)
        if grant:
            ledger.reverse(postings=list(Posting.objects.filter(grant=grant, reason="send")), posted_by=ACTOR, now=NOON)
            release_grant(grant=grant, reason="failed", posted_by=ACTOR, now=NOON)

    def told(self):
        return {"campaign_id": self.campaign.pk, "actor": ACTOR, "now": NOON}

    def top_up(self, number):
        try:
            top_up_campaign(brand=self.campaign.brand, amount_fen=number + 1, **self.told())
        except Problem:
            return

    def end(self, _number):
        try:
            end_campaign(brand=self.campaign.brand, **self.told() | {"now": self.campaign.ends_at})
        except Problem:
            return

    def late(self, _number):
        return_late_money(**self.told())


@pytest.mark.django_db
@given(moves=moves)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_identity_holds_after_every_move(moves):
    with transaction.atomic():
        market = Market()
        for move, number in moves:
            market.do(move, number)
            balances = balances_of(market.campaign)
            assert money_in(balances) == money_there(balances)
            assert min(fen for kind, fen in balances.items() if kind != "source") >= 0
            assert ledger_differences(market.campaign.brand) == []
        transaction.set_rollback(True)
