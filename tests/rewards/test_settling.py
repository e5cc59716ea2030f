"""Claim, call, record: what becomes of a payout by what the provider says."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from rewards.admin.payout_words import why_look
from rewards.models import BudgetSlot, Grant, Payout, PayoutStep, Posting
from rewards.payout_moves import deserves_new_bill
from rewards.providers.interface import Answer, Order, Outcome, Pace
from rewards.selectors.overdue import worth_a_look
from rewards.services.claiming import Lease, claim_due
from rewards.services.payouts import ask_now, create_payouts
from rewards.services.recording import record
from rewards.services.settling import reply_of, settle_batch
from stores.models import PendingCount
from tests.factories.balances import balances
from tests.factories.promises import Payee, market, payout, promise
from tests.factories.stores import NOON, StoreFactory
from tests.rewards.banks import ACCEPTED, FAILED, NOT_FOUND, PAID, REFUSED, UNKNOWN, Clock, ScriptedBank

pytestmark = pytest.mark.django_db
LEASE = Lease(dt.timedelta(seconds=60), 100)


def claim(seconds: float = 0) -> list[Payout]:
    return claim_due(provider="sandbox", lease=LEASE, now=NOON + dt.timedelta(seconds=seconds))


def settle(*answers: Answer, at: float = 0) -> ScriptedBank:
    bank = ScriptedBank(answers)
    settle_batch(bank=bank, tick=Clock(NOON + dt.timedelta(seconds=at)))
    return bank


def steps(one: Payout) -> list[tuple[str, str, str]]:
    return list(PayoutStep.objects.filter(payout=one).order_by("pk").values_list("from_state", "to_state", "cause"))


def test_a_payout_is_sent_once_and_paid() -> None:
    one = payout()
    bank = settle(PAID)
    one.refresh_from_db()
    assert bank.sent == [Order(one.bill_no, one.payee_account, 100, "OneCode")]
    assert (one.state, one.attempts, one.provider_ref, one.fault, one.finished_at) == ("paid", 1, "R1", "", NOON)
    assert one.grant.state == Grant.State.PAID
    assert one.grant.settled_at == NOON
    assert balances(one.grant.campaign) == {
        "source": -1_000_000,
        "budget": 999_900,
        "reserved": 0,
        "payable": 0,
        "paid": 100,
    }
    assert steps(one) == [("created", "sending", "claim"), ("sending", "paid", "answer")]
    assert settle(at=9999).sent == []


def test_a_claimed_payout_is_nobody_elses_until_its_lease_ends() -> None:
    payout()
    assert len(claim()) == 1
    assert claim(59) == []
    assert len(claim(60)) == 1


def test_a_payout_of_another_provider_is_left_to_it() -> None:
    one = payout()
    Payout.objects.filter(pk=one.pk).update(provider="wechat")
    assert claim() == []


def test_a_batch_takes_no_more_than_its_limit_and_the_longest_waiting_first() -> None:
    grants = promise(market(), 3)
    waits = [2, 0, 1]
    made = [
        create_payouts(grants=[g], now=NOON, wait=dt.timedelta(seconds=w))[0]
        for g, w in zip(grants, waits, strict=True)
    ]
    taken = claim_due(provider="sandbox", lease=Lease(LEASE.length, 2), now=NOON + dt.timedelta(seconds=5))
    assert {p.pk for p in taken} == {made[1].pk, made[2].pk}


def test_after_a_killed_worker_the_provider_is_asked_before_anything_is_sent_again() -> None:
    one = payout()
    claim()
    bank = settle(PAID, at=60)
    one.refresh_from_db()
    assert (bank.sent, bank.asked) == ([], [one.bill_no])
    assert steps(one) == [
        ("created", "sending", "claim"),
        ("sending", "unknown", "lease_lost"),
        ("unknown", "paid", "answer"),
    ]


def test_no_answer_is_unknown_and_asked_about_after_two_seconds() -> None:
    one = payout()
    settle(UNKNOWN)
    one.refresh_from_db()
    assert (one.state, one.fault, one.next_at) == ("unknown", "timeout", NOON + dt.timedelta(seconds=2))
    assert settle(at=1.9).asked == []
    assert settle(PAID, at=2).asked == [one.bill_no]


def test_questions_become_rarer_down_to_one_an_hour() -> None:
    one = payout()
    waits = []
    at = 0.0
    for _ in range(9):
        settle(UNKNOWN, at=at)
        one.refresh_from_db()
        waits.append((one.next_at - NOON).total_seconds() - at)
        at += waits[-1]
    assert waits == [2, 5, 15, 60, 300, 900, 3600, 3600, 3600]


def test_a_bill_that_is_not_found_is_not_failed_and_not_sent_again_at_once() -> None:
    one = payout()
    settle(UNKNOWN)
    bank = settle(NOT_FOUND, at=2)
    one.refresh_from_db()
    assert (one.state, one.fault, bank.sent) == ("unknown", "not_found", [])


def test_a_bill_that_never_arrived_is_sent_again_with_the_same_bytes() -> None:
    one = payout()
    first = settle(UNKNOWN)
    settle(NOT_FOUND, at=300)
    one.refresh_from_db()
    assert (one.state, one.next_at) == ("created", NOON + dt.timedelta(seconds=300))
    second = settle(PAID, at=300)
    assert second.sent == first.sent
    assert Payout.objects.get().state == "paid"


def test_a_bill_older_than_the_providers_memory_is_never_sent_again() -> None:
    one = payout()
    settle(UNKNOWN)
    settle(NOT_FOUND, at=30 * 86_400)
    one.refresh_from_db()
    assert one.state == "unknown"


def test_an_accepted_bill_that_is_not_found_later_stays_for_a_person_to_look_at() -> None:
    one = payout()
    settle(ACCEPTED)
    settle(NOT_FOUND, at=300)
    one.refresh_from_db()
    assert (one.state, one.fault) == ("accepted", "not_found")


def test_an_accepted_bill_waits_for_its_payee_and_is_paid() -> None:
    one = payout()
    settle(ACCEPTED)
    settle(Answer(Outcome.AWAITING_CONFIRMATION), at=2)
    settle(PAID, at=10)
    assert [to for _, to, _ in steps(one)] == ["sending", "accepted", "awaiting_confirmation", "paid"]


def test_a_refused_hand_over_is_believed_when_the_provider_keeps_no_such_bill() -> None:
    one = payout()
    bank = settle(REFUSED, NOT_FOUND)
    one.refresh_from_db()
    assert (one.state, one.fault, bank.asked) == ("failed", "payee_refused", [one.bill_no])


def test_a_refused_hand_over_is_not_believed_when_the_bill_turns_out_paid() -> None:
    one = payout()
    settle(REFUSED, PAID)
    one.refresh_from_db()
    assert one.state == "paid"


def test_a_refused_hand_over_that_can_not_be_asked_about_is_unknown() -> None:
    one = payout()
    settle(REFUSED, UNKNOWN)
    one.refresh_from_db()
    assert one.state == "unknown"


def test_a_refusing_payees_promise_is_released_and_the_money_is_back_in_its_slot() -> None:
    campaign = market()
    store = StoreFactory(brand=campaign.brand)
    (grant,) = promise(campaign, payee=Payee(store=store))
    create_payouts(grants=[grant], now=NOON)
    settle(REFUSED, REFUSED)
    grant.refresh_from_db()
    assert (grant.state, grant.reason, grant.settled_at) == ("released", "payee_refused", NOON)
    assert BudgetSlot.objects.get().free_fen == 1_000_000
    assert balances(campaign) == {"source": -1_000_000, "budget": 1_000_000, "reserved": 0, "payable": 0}
    assert list(PendingCount.objects.values_list("store", "day")) == [(store.pk, grant.day)]


def test_a_released_promise_that_counts_nowhere_marks_no_day() -> None:
    payout()
    settle(REFUSED, REFUSED)
    assert not PendingCount.objects.exists()


def test_another_failure_gets_a_new_bill_a_little_later() -> None:
    one = payout()
    settle(FAILED, FAILED)
    second = Payout.objects.exclude(pk=one.pk).get()
    assert second.bill_no != one.bill_no
    assert (second.state, second.next_at) == ("created", NOON + dt.timedelta(seconds=2))
    assert balances(one.grant.campaign)["payable"] == 100
    settle(PAID, at=2)
    assert balances(one.grant.campaign)["paid"] == 100
    assert one.grant.payouts.count() == 2


def test_after_three_failed_bills_the_promise_is_released() -> None:
    one = payout()
    for at in (0, 2, 7):
        settle(FAILED, FAILED, at=at)
    one.grant.refresh_from_db()
    assert (one.grant.state, one.grant.payouts.count()) == ("released", 3)
    assert balances(one.grant.campaign)["budget"] == 1_000_000
    assert settle(at=9999).sent == []


def test_a_cancelled_bill_gets_a_new_one_too() -> None:
    one = payout()
    settle(Answer(Outcome.AWAITING_CONFIRMATION))
    settle(Answer(Outcome.CANCELLED), at=2)
    assert sorted(one.grant.payouts.values_list("state", flat=True)) == ["cancelled", "created"]


def test_an_answer_after_the_lease_was_lost_changes_nothing() -> None:
    payout()
    (late,) = claim()
    (mine,) = claim(60)
    now = NOON + dt.timedelta(seconds=61)
    paid = [reply_of(ScriptedBank([PAID]), each, now=now) for each in (late, mine)]
    assert record(paid[:1], now=now) == 0
    assert Payout.objects.get().state == "unknown"
    assert record(paid[1:], now=now) == 1
    assert Payout.objects.get().state == "paid"


def test_the_same_answer_twice_pays_once() -> None:
    payout()
    (mine,) = claim()
    reply = reply_of(ScriptedBank([PAID]), mine, now=NOON)
    assert [record([reply], now=NOON), record([reply], now=NOON)] == [1, 0]
    assert Posting.objects.filter(reason="pay").count() == 1


@pytest.mark.parametrize("said", [PAID, REFUSED])
def test_a_bill_of_a_promise_that_is_no_promise_is_not_written_down_and_keeps_no_other_waiting(said) -> None:
    create_payouts(grants=promise(market(), 3), now=NOON)
    wrong = Payout.objects.order_by("pk")[1]
    Grant.objects.filter(pk=wrong.grant_id).update(state="released", settled_at=NOON)
    claimed = sorted(claim(), key=lambda payout: payout.pk)
    replies = [reply_of(ScriptedBank([said] * 2), each, now=NOON) for each in claimed]
    assert record(replies, now=NOON) == 2
    assert list(Payout.objects.filter(pk__in=[one.pk for one in claimed], state="sending")) == [wrong]


def test_what_time_did_not_allow_to_be_sent_is_put_back_untouched() -> None:
    create_payouts(grants=promise(market(), 3), now=NOON)
    slow = Clock(NOON, step=dt.timedelta(seconds=5))
    bank = ScriptedBank([PAID] * 3, pace=Pace(lease=dt.timedelta(seconds=30)))
    assert settle_batch(bank=bank, tick=slow) == 3
    assert len(bank.sent) < 3
    left = Payout.objects.filter(state="created")
    assert left.count() == 3 - len(bank.sent)
    assert {one.fault for one in left} == {""}
    assert PayoutStep.objects.filter(cause="put_back").count() == left.count()
    assert left.filter(next_at__lte=slow.now).count() == left.count()


def test_questions_that_time_did_not_allow_wait_for_the_end_of_the_lease() -> None:
    one = payout()
    settle(UNKNOWN)
    bank = ScriptedBank([], pace=Pace(lease=dt.timedelta(seconds=8)))
    settle_batch(bank=bank, tick=Clock(NOON + dt.timedelta(seconds=2), step=dt.timedelta(seconds=4)))
    one.refresh_from_db()
    assert (bank.asked, one.state, one.attempts) == ([], "unknown", 2)


def test_settling_inside_a_transaction_is_refused(transactional_db) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        settle()


def test_statements_do_not_grow_with_the_batch_but_for_the_providers_own(django_assert_num_queries) -> None:
    campaign = market()
    counts = []
    for size in (2, 20):
        create_payouts(grants=promise(campaign, size), now=NOON)
        with django_assert_num_queries(11) as seen:
            settle(*[PAID] * size)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_asking_now_brings_the_next_question_forward() -> None:
    one = payout()
    settle(ACCEPTED)
    assert ask_now(payout_ids=[one.pk], now=NOON) == 1
    assert settle(PAID).asked == [one.bill_no]


def test_asking_now_leaves_alone_what_is_being_sent_or_over() -> None:
    one = payout()
    claim()
    assert ask_now(payout_ids=[one.pk], now=NOON) == 0


def test_a_spent_allowance_uses_up_none_of_the_bills_and_is_tried_on_the_providers_next_day() -> None:
    """Four days in a row the payee has had enough; then two failures of other kinds, and the money arrives."""
    spent = Answer(Outcome.FAILED, fault="DAY_RECEIVED_QUOTA_EXCEED", allowance_spent=True)
    create_payouts(grants=promise(market()), now=NOON)
    now, sent = NOON, []
    for answer in [spent] * 4 + [FAILED] * 2 + [PAID]:
        bank = ScriptedBank([answer] * (1 if answer is PAID else 2))
        assert settle_batch(bank=bank, tick=Clock(now)) == 1
        sent += bank.sent
        waiting = Payout.objects.filter(state="created").first()
        if answer is spent:
            assert not Payout.objects.filter(worth_a_look(now)).exists()
            assert waiting.next_at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%H:%M") == "00:00"
        now = waiting.next_at if waiting else now
    assert (len({order.bill_no for order in sent}), Grant.objects.get().state) == (7, "paid")
    assert why_look(Payout.objects.earliest("pk")).startswith("The payee has had as much")


def test_an_allowance_that_never_comes_back_is_given_up_after_a_month() -> None:
    assert deserves_new_bill(payee_at_fault=False, bills=30, put_off=30)
    assert not deserves_new_bill(payee_at_fault=False, bills=31, put_off=31)
