"""Races about vouchers and second envelopes, with real transactions."""

import datetime as dt

import pytest

from core.errors import Problem
from rewards.models import Grant, Payout, Voucher
from rewards.selectors.balances import balances_of, ledger_differences
from rewards.services.lapsing import GRACE, release_locked
from rewards.services.redeeming import Counter, cancel_voucher, redeem_voucher
from tests.factories.campaigns import ACTOR, ConsumerFactory, opened
from tests.factories.stores import NOON, StoreFactory
from tests.factories.vouchers import LOCKED, OFF, winning_order, won, won_voucher
from tests.rewards.test_claim_races import at_once, claiming

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


def redeeming(voucher, store, now=NOON):
    def work():
        try:
            redeem_voucher(counter=Counter(store, "user:owner"), code=voucher.code, now=now, handed_at=NOON)
        except Problem as refusal:
            return refusal.code
        return "redeemed"

    return work


def test_a_voucher_shown_at_many_counters_at_once_is_redeemed_once():
    voucher = won_voucher(OFF)
    stores = [StoreFactory(brand=voucher.brand) for _ in range(4)]
    answers = at_once([redeeming(voucher, store) for store in stores] * 3)
    assert answers == {"redeemed": 1, "voucher_redeemed": 11}
    assert (Payout.objects.count(), balances_of(voucher.grant.campaign)["payable"]) == (1, 300)
    assert Grant.objects.get().store_owner == Voucher.objects.get().redeemed_store.owner
    assert ledger_differences(voucher.brand) == []


def test_redeeming_cancelling_and_lapsing_at_once_end_in_one_of_them():
    order, _store = winning_order(OFF)
    vouchers = [won(order, None, number=number).voucher for number in range(6)]
    store, end = StoreFactory(brand=order.brand), vouchers[0].valid_until
    now = end + GRACE

    def cancelling(voucher):
        def work():
            try:
                cancel_voucher(brand=order.brand, code=voucher.code, remark="x", actor=ACTOR, now=now)
            except Problem as refusal:
                return refusal.code
            return "cancelled"

        return work

    def lapsing():
        return f"lapsed {release_locked(now=now)}"

    just = end + dt.timedelta(hours=1)
    works = [work for each in vouchers for work in (redeeming(each, store, just), cancelling(each))]
    at_once([*works, lapsing, lapsing])
    ended = Voucher.objects.exclude(state="issued").count()
    redeemed = Voucher.objects.filter(state="redeemed").count()
    assert (ended, Payout.objects.count()) == (6, redeemed)
    balances = balances_of(vouchers[0].grant.campaign)
    assert (balances["payable"], balances["reserved"]) == (300 * redeemed, 0)
    assert ledger_differences(order.brand) == []


def test_openings_at_once_unlock_a_second_envelope_once():
    order, _store = winning_order(LOCKED)
    consumer = ConsumerFactory(brand=order.brand)
    first = won(order, None, consumer=consumer)
    scans = [opened(order, order.first_serial + number, consumer) for number in range(1, 7)]
    at_once([claiming(scan, consumer) for scan in scans] * 2 + [lambda: str(release_locked(now=NOON))])
    unlocked = Grant.objects.get(pk=first.envelope.pk)
    assert unlocked.state == "promised"
    assert Payout.objects.filter(grant=unlocked).count() == 1
    assert Grant.objects.count() == 7
    assert ledger_differences(order.brand) == []
