"""Races with real transactions: threads with connections of their own."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock

import pytest
from django.db import OperationalError, connection
from django.test import Client

from codes.models import Opening
from consumers.session import token_for
from core.errors import Problem
from rewards.models import BudgetSlot, Claim, Grant, Tally
from rewards.selectors.balances import balances_of, ledger_differences
from rewards.services.campaigns import end_campaign
from rewards.services.claims import open_claim
from rewards.services.deciding import refuse_held, release_held
from rewards.services.risk_rules import RuleFacts, set_risk_rule
from tests.factories.campaigns import (
    ACTOR,
    ConsumerFactory,
    active_order,
    opened,
    opened_by_many,
    poor_campaign,
    running_campaign,
    scan_of,
)
from tests.factories.stores import NOON, StoreFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


def at_once(works: list[Callable[[], str]]) -> Counter[str]:
    """Start all works at the same moment, each in a thread; how often each answer came."""
    gate, door = Barrier(len(works)), Lock()

    def one(work):
        try:
            with door:  # a crowd of new connections would keep a busy machine from the race itself
                connected(gate)
            gate.wait()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return Counter(pool.map(one, works))


def connected(gate: Barrier) -> None:
    """Have the thread's connection at hand before the race; without it nobody needs to wait for the start."""
    try:
        connection.ensure_connection()
    except OperationalError:
        gate.abort()
        raise


def claiming(scan, consumer):
    def work():
        try:
            claim = open_claim(scan_id=scan.pk, consumer=consumer, visitor="v", now=NOON)
        except Problem as refusal:
            return refusal.code
        return f"promised {claim.envelope.pk}" if claim.envelope else "promised nothing"

    return work


def openings(order, count, store=None):
    return [(scan, scan.consumer) for scan in opened_by_many(order, count, store)]


def told(answers: Counter[str]) -> Counter[str]:
    return Counter(
        {
            kind: sum(n for text, n in answers.items() if text.split()[0] == kind)
            for kind in {text.split()[0] for text in answers}
        }
    )


@pytest.mark.parametrize("budget_fen", [1_000, 1_070])
def test_thirty_two_claims_on_the_last_ten_prizes_overspend_nothing(budget_fen):
    order = active_order(quantity=32)
    campaign = poor_campaign(order, budget_fen=budget_fen)
    answers = at_once([claiming(scan, consumer) for scan, consumer in openings(order, 32)])
    assert told(answers) == {"promised": 10, "budget_exhausted": 22}
    assert balances_of(campaign)["budget"] == budget_fen - 1_000
    assert sum(BudgetSlot.objects.values_list("free_fen", flat=True)) == budget_fen - 1_000
    assert ledger_differences(order.brand) == []


def test_a_budget_for_all_is_promised_to_all_at_once():
    order = active_order(quantity=32)
    store = StoreFactory(brand=order.brand)
    running_campaign(order, budget_fen=32 * 130, owner_share_fen=30)
    answers = at_once([claiming(scan, consumer) for scan, consumer in openings(order, 32, store)])
    assert told(answers) == {"promised": 32}
    assert Grant.objects.count() == 64
    assert ledger_differences(order.brand) == []


def test_one_envelope_claimed_by_many_threads_is_opened_once():
    order = active_order()
    campaign = running_campaign(order)
    ((scan, consumer),) = openings(order, 1)
    answers = at_once([claiming(scan, consumer)] * 12)
    assert list(answers.values()) == [12]
    assert (Claim.objects.count(), balances_of(campaign)["budget"]) == (1, 9_900)


def test_an_item_claimed_by_two_people_is_one_persons():
    order = active_order()
    running_campaign(order)
    ((scan, consumer),) = openings(order, 1)
    other = ConsumerFactory(brand=order.brand)
    answers = at_once([claiming(scan, consumer), claiming(scan, other)] * 4)
    assert told(answers) == {"promised": 4, "not_found": 4}


def test_ending_a_campaign_amid_claims_loses_no_fen():
    order = active_order(quantity=24)
    campaign = running_campaign(order)

    def ending():
        end_campaign(campaign_id=campaign.pk, brand=order.brand, actor=ACTOR, now=campaign.ends_at)
        return "ended"

    answers = at_once([*(claiming(scan, consumer) for scan, consumer in openings(order, 24)), ending])
    kept = told(answers)["promised"]
    balances = balances_of(campaign)
    assert (balances["budget"], balances["returned"], balances["payable"]) == (0, 10_000 - kept * 100, kept * 100)
    assert ledger_differences(order.brand) == []


def posting(scan, consumer, **headers):
    headers |= {"HTTP_AUTHORIZATION": f"Bearer {token_for(consumer)}"}

    def work():
        answer = Client().post(f"/api/v1/scans/{scan.pk}/claim", **headers)
        return answer.json().get("code", "promised")

    return work


def test_of_refused_claims_with_and_without_a_key_at_once_one_notes_the_opening():
    order = active_order()
    consumer = ConsumerFactory(brand=order.brand)
    scan = scan_of(order, order.first_serial, consumer)
    keyed = [posting(scan, consumer, HTTP_IDEMPOTENCY_KEY=key) for key in ("k1", "k1", "k1", "k2", "k2")]
    answers = at_once([*keyed, *[posting(scan, consumer)] * 3])
    assert set(answers) <= {"no_campaign", "idempotent_call_running"}
    assert answers["no_campaign"] >= 5
    assert list(Opening.objects.values_list("serial", "consumer")) == [(order.first_serial, consumer.pk)]
    assert list(Claim.objects.values_list("state", "reason")) == [("refused", "no_campaign")]


def test_a_claim_that_is_refused_under_a_key_never_undoes_another_ones_promise():
    order = active_order()
    campaign = running_campaign(order, ends_at=dt.datetime(2999, 1, 1, tzinfo=dt.UTC))
    consumer = ConsumerFactory(brand=order.brand)
    scan = scan_of(order, order.first_serial, consumer)
    other = ConsumerFactory(brand=order.brand)
    others = scan_of(order, order.first_serial, other)
    answers = at_once(
        [posting(one, by, HTTP_IDEMPOTENCY_KEY="k1") for one, by in ((scan, consumer), (others, other))] * 4
    )
    assert answers["promised"] >= 1
    assert set(answers) <= {"promised", "opened_by_another", "idempotent_call_running"}
    assert (Claim.objects.get().state, balances_of(campaign)["payable"]) == ("promised", 100)
    assert ledger_differences(order.brand) == []


def test_eight_analysts_decide_a_held_claim_once():
    order = active_order(quantity=2)
    campaign = running_campaign(order)
    rule = RuleFacts(mode="on", thresholds={"person_hour": 1}, review_hours=24, after_time="release")
    set_risk_rule(brand=order.brand, facts=rule, actor=ACTOR, now=NOON)
    ((scan, consumer),) = openings(order, 1)
    assert told(at_once([claiming(scan, consumer)] * 4)) == {"held": 4}

    def deciding(work, answer):
        def decide():
            try:
                work(brand=order.brand, claim_id=order.first_serial, remark="looked", actor=ACTOR, now=NOON)
            except Problem as refusal:
                return refusal.code
            return answer

        return decide

    answers = at_once([deciding(release_held, "released")] * 4 + [deciding(refuse_held, "refused")] * 4)
    assert answers in ({"released": 4, "review_decided": 4}, {"refused": 4, "review_decided": 4})
    balances = balances_of(campaign)
    assert (balances["reserved"], balances["payable"] + balances["budget"]) == (0, 10_000)
    assert ledger_differences(order.brand) == []


@pytest.mark.parametrize(
    ("plan", "refusal", "kept"),
    [
        ({"store_day_limit": 5, "person_limit": 16}, "store_day_limit", 5),
        ({"day_budget_fen": 650}, "day_budget_spent", 6),
        ({"store_budget_fen": 700, "day_budget_fen": 2_000}, "store_budget_spent", 7),
    ],
)
def test_many_claims_at_once_go_over_no_limit_and_no_narrower_budget(plan, refusal, kept):
    order = active_order(quantity=16)
    store = StoreFactory(brand=order.brand)
    campaign = running_campaign(order, **plan)
    answers = at_once([claiming(scan, consumer) for scan, consumer in openings(order, 16, store)])
    assert told(answers) == {"promised": kept, refusal: 16 - kept}
    assert balances_of(campaign)["budget"] == 10_000 - kept * 100
    assert ledger_differences(order.brand) == []


def test_one_person_claiming_many_items_at_once_gets_no_more_than_the_limit():
    order = active_order(quantity=12)
    running_campaign(order, person_limit=3, person_day_limit=3)
    consumer = ConsumerFactory(brand=order.brand)
    scans = [opened(order, order.first_serial + number, consumer) for number in range(12)]
    answers = at_once([claiming(scan, consumer) for scan in scans])
    assert answers["person_limit"] == 9
    assert sum(Tally.objects.values_list("taken", flat=True)) == 6
