"""A promise that nobody could be paid for lapses; one that has a bill never does."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction

from rewards.models import Grant, Payout
from rewards.selectors.balances import ledger_differences
from rewards.services.grants import release_grant
from rewards.services.lapsing import release_lapsed
from rewards.services.payouts import create_payouts, create_waiting_payouts
from rewards.tasks import settle
from stores.models import PendingCount
from tests.factories.promises import Payee, market, promise
from tests.factories.stores import NOON, StoreFactory, StoreOwnerFactory
from tests.locks import held_elsewhere

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=180)


@pytest.fixture
def owner():
    return StoreOwnerFactory(wallet="")


def promised(owner, count=1):
    campaign = market(budget_fen=1_000)
    store = StoreFactory(brand=campaign.brand)
    return campaign, promise(campaign, count, amount_fen=30, payee=Payee(owner=owner, store=store))


def states():
    return set(Grant.objects.values_list("state", "reason"))


def test_a_promise_without_an_account_lapses_after_its_time(owner):
    campaign, _grants = promised(owner, 2)
    assert release_lapsed(now=LATER - dt.timedelta(seconds=1)) == 0
    assert release_lapsed(now=LATER) == 2
    assert (states(), release_lapsed(now=LATER)) == ({("released", "lapsed")}, 0)
    assert campaign.budget_slots.get().free_fen == 1_000
    assert PendingCount.objects.exists()
    assert ledger_differences(campaign.brand) == []


def test_one_that_cannot_be_released_keeps_no_other_waiting(owner, monkeypatch):
    _campaign, (broken, *_others) = promised(owner, 3)

    def fails_for_one(**told):
        if told["grant"].pk == broken.pk:
            raise RuntimeError("broken")
        return release_grant(**told)

    monkeypatch.setattr("rewards.services.lapsing.release_grant", fails_for_one)
    assert release_lapsed(now=LATER, at_once=1) == 2
    assert Grant.objects.get(state="promised") == broken


def test_a_store_is_not_needed_for_it(owner):
    promise(market(), payee=Payee(owner=owner))
    assert release_lapsed(now=LATER) == 1


def test_a_promise_with_a_bill_and_a_consumers_do_not_lapse():
    campaign, grants = promised(StoreOwnerFactory())
    promise(campaign)
    create_payouts(grants=grants, now=NOON)
    assert release_lapsed(now=LATER) == 0
    assert states() == {("promised", "")}


def test_the_sweep_goes_on_until_nothing_is_left(owner, monkeypatch):
    promised(owner, 3)
    monkeypatch.setattr(settle.clock, "now", lambda: LATER)
    settle.release_lapsed()
    assert states() == {("released", "lapsed")}


@pytest.mark.django_db(transaction=True)
def test_what_is_being_billed_at_this_moment_does_not_lapse(owner):
    campaign, _grants = promised(owner)
    type(owner).objects.update(wallet="w")

    class Billing:
        def __enter__(self):
            self.block = transaction.atomic()
            self.block.__enter__()
            assert create_waiting_payouts(now=LATER) == 1

        def __exit__(self, *told):
            self.block.__exit__(*told)

    with held_elsewhere(Billing):
        assert release_lapsed(now=LATER) == 0
    assert (states(), Payout.objects.count()) == ({("promised", "")}, 1)
    assert release_lapsed(now=LATER) == 0
    assert ledger_differences(campaign.brand) == []


@pytest.mark.django_db(transaction=True)
def test_what_lapses_at_this_moment_is_not_billed(owner):
    campaign, _grants = promised(owner)
    type(owner).objects.update(wallet="w")

    class Lapsing:
        def __enter__(self):
            self.block = transaction.atomic()
            self.block.__enter__()
            assert release_lapsed(now=LATER) == 1

        def __exit__(self, *told):
            self.block.__exit__(*told)

    with held_elsewhere(Lapsing):
        assert create_waiting_payouts(now=LATER) == 0
    assert create_waiting_payouts(now=LATER) == 0
    assert states() == {("released", "lapsed")}
    assert ledger_differences(campaign.brand) == []


@pytest.mark.django_db(transaction=True)
def test_both_at_once_end_in_one_of_the_two(owner):
    campaign, _grants = promised(owner, 5)
    type(owner).objects.update(wallet="w")
    done = []

    def run(work):
        done.append(work(now=LATER))
        connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in (release_lapsed, create_waiting_payouts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Payout.objects.count() + Grant.objects.filter(state="released").count() == 5
    assert not Payout.objects.filter(grant__state="released").exists()
    assert ledger_differences(campaign.brand) == []
