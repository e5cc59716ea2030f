"""A bill for each promise."""

import re
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from rewards.models import Payout, Posting
from rewards.services.payouts import create_payouts, create_waiting_payouts
from tests.factories.balances import balances
from tests.factories.promises import Payee, market, promise
from tests.factories.stores import NOON, StoreOwnerFactory

pytestmark = pytest.mark.django_db


def test_a_bill_number_is_the_payouts_id_in_32_digits() -> None:
    (one,) = create_payouts(grants=promise(market()), now=NOON)
    assert re.fullmatch(r"[0-9a-f]{32}", one.bill_no)
    assert UUID(one.bill_no) == one.pk


def test_a_payouts_money_is_payable_from_its_creation() -> None:
    campaign = market()
    create_payouts(grants=promise(campaign, 2), now=NOON)
    assert balances(campaign) == {"source": -1_000_000, "budget": 999_800, "reserved": 0, "payable": 200}
    assert set(Posting.objects.filter(reason="send").values_list("payout", flat=True)) == set(
        Payout.objects.values_list("pk", flat=True)
    )


def test_a_consumer_is_paid_to_the_own_wallet_and_an_owner_to_the_account_given() -> None:
    campaign = market()
    owner = StoreOwnerFactory(brand=campaign.brand, wallet="wallet-7")
    grants = [*promise(campaign), *promise(campaign, payee=Payee(owner=owner))]
    accounts = [one.payee_account for one in create_payouts(grants=grants, now=NOON)]
    assert accounts == [f"consumer:{grants[0].consumer_id}", "wallet-7"]


def test_a_second_living_bill_for_one_promise_is_impossible() -> None:
    grants = promise(market())
    create_payouts(grants=grants, now=NOON)
    with pytest.raises(IntegrityError, match="payout_one_alive_per_grant"), transaction.atomic():
        create_payouts(grants=grants, now=NOON)


def test_an_owner_without_an_account_is_paid_once_it_is_known() -> None:
    campaign = market()
    owner = StoreOwnerFactory(brand=campaign.brand, wallet="")
    assert create_payouts(grants=promise(campaign, 2, payee=Payee(owner=owner)), now=NOON) == []
    assert balances(campaign)["reserved"] == 200
    assert create_waiting_payouts(now=NOON) == 0
    owner.wallet = "wallet-9"
    owner.save()
    assert create_waiting_payouts(now=NOON) == 2
    assert create_waiting_payouts(now=NOON) == 0
    assert set(Payout.objects.values_list("payee_account", flat=True)) == {"wallet-9"}
    assert balances(campaign)["payable"] == 200


def test_creating_rings_for_a_worker_after_the_commit(django_capture_on_commit_callbacks, rung) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        create_payouts(grants=promise(market()), now=NOON)
        assert rung == []
    assert rung == ["rewards.tasks.settle_due"]


def test_nothing_to_pay_rings_for_nobody(django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        create_payouts(grants=[], now=NOON)
    assert callbacks == []
