import pytest
from django.db import IntegrityError

from rewards.models import BudgetSlot, Claim
from rewards.services.promise_rows import Promise, PromisedBefore, write_promise
from tests.factories.campaigns import ConsumerFactory, active_order, opened, running_campaign
from tests.factories.stores import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def promised():
    order = active_order(quantity=2)
    campaign = running_campaign(order)
    consumer = ConsumerFactory(brand=order.brand)

    def promised(**changed):
        scan = opened(order, order.first_serial, consumer)
        facts = {"state": "promised", "campaign": campaign, "prize": campaign.prizes.get(), "claimed_at": NOON}
        claim = Claim(**{"opening_id": scan.serial, "brand": order.brand, "consumer": consumer} | facts | changed)
        return Promise(claim, grants=[], payouts=[], postings=[], amount_fen=100, slot=None)

    return promised


def free(promise):
    return sum(BudgetSlot.objects.filter(campaign=promise.claim.campaign).values_list("free_fen", flat=True))


def test_a_row_that_the_database_refuses_leaves_the_budget_whole(promised):
    promise = promised(reason="promised and refused at once")
    before = free(promise)
    with pytest.raises(IntegrityError, match="claim_outcome_whole"):
        write_promise(promise, home=0)
    assert (free(promise), Claim.objects.count()) == (before, 0)


def test_a_second_promise_on_an_opening_leaves_the_budget_whole(promised):
    promise = promised()
    write_promise(promise, home=0)
    before = free(promise)
    with pytest.raises(PromisedBefore):
        write_promise(promise, home=0)
    assert (free(promise), Claim.objects.count()) == (before, 1)
