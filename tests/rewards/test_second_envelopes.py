"""Second envelopes: set aside, unlocked once by the same consumer's next opening, or lapsed."""

import datetime as dt

import pytest

from rewards.models import Claim, Grant, Payout
from rewards.selectors.balances import balances_of, ledger_differences
from rewards.selectors.claim_facts import claim_facts
from rewards.selectors.envelopes import opened_envelope
from rewards.services.claims import win_of
from rewards.services.deciding import release_held
from rewards.services.judged import judged
from rewards.services.lapsing import GRACE, release_locked
from rewards.services.risk_rules import RuleFacts, set_risk_rule
from rewards.services.unlocking import promise_unlocking, unlock
from tests.factories.campaigns import ACTOR, ConsumerFactory
from tests.factories.stores import NOON
from tests.factories.vouchers import LOCKED, winning_order, won

pytestmark = pytest.mark.django_db
OVER = NOON + dt.timedelta(days=14) + GRACE


@pytest.fixture
def order():
    return winning_order(LOCKED)[0]


@pytest.fixture
def consumer(order):
    return ConsumerFactory(brand=order.brand)


def states():
    return list(Grant.objects.order_by("pk").values_list("state", flat=True))


def test_a_second_envelope_waits_for_the_next_opening_and_is_paid_then(order, consumer, rung):
    first = won(order, None, consumer=consumer)
    assert (first.envelope.state, first.voucher, Payout.objects.count()) == ("locked", None, 0)
    campaign = first.campaign
    assert (balances_of(campaign)["reserved"], balances_of(campaign)["payable"]) == (200, 0)
    told = opened_envelope(serial=order.first_serial, consumer_id=consumer.pk)
    assert (told.payment, told.amount_fen, told.until) == ("locked", 200, NOON + dt.timedelta(days=14))
    second = won(order, None, number=1, consumer=consumer)
    unlocked = Grant.objects.get(pk=first.envelope.pk)
    assert (unlocked.state, unlocked.unlocked_by) == ("promised", second)
    assert list(Payout.objects.values_list("grant", flat=True)) == [unlocked.pk]
    assert states() == ["promised", "locked"]
    assert ledger_differences(order.brand) == []


def test_another_persons_opening_unlocks_nothing(order, consumer):
    won(order, None, consumer=consumer)
    won(order, None, number=1)
    assert states() == ["locked", "locked"]


def test_what_nobody_unlocks_in_time_lapses(order, consumer):
    claim = won(order, None, consumer=consumer)
    assert release_locked(now=OVER - dt.timedelta(seconds=1)) == 0
    assert release_locked(now=OVER) == 1
    assert (states(), balances_of(claim.campaign)["budget"]) == (["released"], 10_000)
    won(order, None, number=1, consumer=consumer)
    assert states() == ["released", "locked"]
    assert ledger_differences(order.brand) == []


def test_the_claim_repeated_unlocks_nothing_more(order, consumer):
    won(order, None, consumer=consumer)
    second = won(order, None, number=1, consumer=consumer)
    assert unlock(claim=second, now=NOON) == []
    assert states() == ["promised", "locked"]


def test_an_opening_that_was_promised_meanwhile_unlocks_nothing(order, consumer):
    claim = won(order, None, consumer=consumer)
    facts = claim_facts(claim.opening.scan_id, NOON)
    win = win_of(facts, facts.opening, NOON)
    assert promise_unlocking(win, now=NOON, found=judged(facts, NOON)) is None
    assert states() == ["locked"]


def test_a_held_opening_unlocks_when_it_is_let_pass_however_late(order, consumer):
    won(order, None, consumer=consumer)
    rule = RuleFacts(mode="on", thresholds={"person_hour": 2}, review_hours=24, after_time="release")
    set_risk_rule(brand=order.brand, facts=rule, actor=ACTOR, now=NOON)
    with pytest.raises(Exception, match="being looked at"):
        won(order, None, number=1, consumer=consumer)
    assert sorted(states()) == ["held", "locked"]
    assert release_locked(now=OVER) == 0
    release_held(brand=order.brand, claim_id=order.first_serial + 1, remark="looked", actor=ACTOR, now=OVER)
    assert sorted(states()) == ["locked", "promised"]
    assert Grant.objects.get(state="locked").locked_until == OVER + dt.timedelta(days=14)
    assert Claim.objects.get(pk=order.first_serial + 1).unlocked.get().claim_id == order.first_serial
    assert ledger_differences(order.brand) == []
