"""What follows from the rules' word: held, refused, watched, decided by a person or by time."""

import datetime as dt
import re
from collections import Counter
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as configured
from django.db import ProgrammingError, transaction
from django.test import Client

from bench.statements import statements_of
from consumers.session import SESSION_COOKIE, token_for
from core.errors import Invalid, NotFound
from core.models import AuditEntry
from rewards.models import AskedComparison, Claim, Grant, Payout, RiskJudgement, RiskReview, RiskRule
from rewards.refusals import DecidedOtherwise, Held, RiskRefused
from rewards.risk.facts import Facts
from rewards.risk.judging import judge
from rewards.risk.thresholds import Thresholds
from rewards.selectors.balances import balances_of, ledger_differences
from rewards.selectors.envelopes import opened_envelope
from rewards.selectors.offers import offer_for_scan
from rewards.services.campaigns import PrizeRow
from rewards.services.claims import open_claim
from rewards.services.deciding import decide_overdue, refuse_held, release_held
from rewards.services.risk_rules import RuleFacts, set_risk_rule
from rewards.tasks import decide_overdue as decide_overdue_task
from stores.models import PendingCount
from tests.factories.campaigns import ConsumerFactory, active_order, opened, running_campaign, scan_of
from tests.factories.kept import anew
from tests.factories.stores import NOON, BrandFactory, StoreFactory

pytestmark = pytest.mark.django_db
ANALYST = "user:analyst"
LATER = NOON + dt.timedelta(minutes=1)
EARLY = {"person_hour": 1}
"""The first opening within an hour is held: 50 of 100."""


def world():
    return running_campaign(active_order(quantity=20), owner_share_fen=30)


@pytest.fixture
def order(kept_world, db):
    return kept_world.orders.select_related("brand").get()


@pytest.fixture
def consumer(order):
    return ConsumerFactory(brand=order.brand)


@pytest.fixture
def campaign(kept_world, db):
    return anew(kept_world, "brand")


def rule(brand, *, mode="on", after_time="release", **thresholds):
    facts = RuleFacts(mode=mode, thresholds=thresholds, review_hours=6, after_time=after_time)
    return set_risk_rule(brand=brand, facts=facts, actor=ANALYST, now=NOON)


def held(order, consumer, number=0, store=None):
    scan = opened(order, order.first_serial + number, consumer, store=store)
    with pytest.raises(Held) as caught:
        claim(scan, consumer)
    return scan, caught.value


def claim(scan, consumer, now=LATER):
    return open_claim(scan_id=scan.pk, consumer=consumer, visitor="somebody", now=now)


def decided(work, order, number=0, remark="looked", now=LATER):
    return work(brand=order.brand, claim_id=order.first_serial + number, remark=remark, actor=ANALYST, now=now)


def accounts(campaign):
    return {kind.value: fen for kind, fen in balances_of(campaign).items() if fen}


def test_a_held_claim_has_its_money_reserved_and_no_bill(order, consumer, campaign):
    rule(order.brand, **EARLY)
    held(order, consumer, store=StoreFactory(brand=order.brand))
    assert (Claim.objects.get().state, set(Grant.objects.values_list("state", flat=True))) == ("held", {"held"})
    assert (accounts(campaign), Payout.objects.count()) == ({"source": -10_000, "budget": 9_870, "reserved": 130}, 0)
    assert ledger_differences(order.brand) == []


def test_the_consumer_is_told_until_when_each_time_they_ask(order, consumer, campaign):
    rule(order.brand, **EARLY)
    scan, told = held(order, consumer)
    until = LATER + dt.timedelta(hours=6)
    assert (told.facts, told.retry, "2026-03-02 18:01" in told.detail) == ({"decides_by": until}, True, True)
    with pytest.raises(Held) as again:
        claim(scan, consumer, now=LATER + dt.timedelta(hours=1))
    assert again.value.facts == {"decides_by": until}
    envelope = opened_envelope(serial=order.first_serial, consumer_id=consumer.pk)
    assert (envelope.payment, envelope.amount_fen, envelope.decides_by) == ("held", 0, until)
    assert offer_for_scan(brand_id=order.brand_id, serial=order.first_serial, now=LATER) is None


def test_a_judgement_is_kept_with_all_that_is_needed_to_judge_again(order, consumer, campaign):
    rule(order.brand, **EARLY)
    held(order, consumer)
    kept, review = RiskJudgement.objects.get(), RiskReview.objects.get()
    again = judge(Facts.of_kept(kept.facts), Thresholds.of(kept.thresholds)).kept()
    assert (again["outcome"], again["score"], again["findings"]) == (kept.outcome, kept.score, kept.findings)
    assert (review.rules, review.score, review.state) == (["person_hour"], 50, "open")
    assert kept.findings[0]["reasons"] == [{"name": "person_hour", "have": 1, "need": 1}]


def test_a_claim_without_a_finding_keeps_no_judgement(order, consumer, campaign):
    claim(opened(order, order.first_serial, consumer), consumer)
    assert not RiskJudgement.objects.exists()


def test_release_pays_as_if_it_had_never_been_held(order, consumer, campaign):
    rule(order.brand, **EARLY)
    scan, _told = held(order, consumer, store=StoreFactory(brand=order.brand))
    decided(release_held, order)
    assert (accounts(campaign)["payable"], Payout.objects.count()) == (130, 2)
    assert (claim(scan, consumer).state, claim(scan, consumer).envelope.amount_fen) == ("promised", 100)
    assert ledger_differences(order.brand) == []


def test_a_thank_you_can_be_held_and_released():
    order = active_order(quantity=20)
    consumer = ConsumerFactory(brand=order.brand)
    running_campaign(order, PrizeRow("谢谢参与", 0, 20))
    rule(order.brand, **EARLY)
    scan, _told = held(order, consumer)
    decided(release_held, order)
    assert (claim(scan, consumer).state, Grant.objects.count()) == ("promised", 0)


def test_refusal_gives_the_money_back_and_stands(order, consumer, campaign):
    rule(order.brand, **EARLY)
    scan, _told = held(order, consumer, store=StoreFactory(brand=order.brand))
    PendingCount.objects.all().delete()
    decided(refuse_held, order)
    assert (accounts(campaign), PendingCount.objects.count()) == ({"source": -10_000, "budget": 10_000}, 1)
    assert (Claim.objects.get().reason, ledger_differences(order.brand)) == ("risk_review", [])
    with pytest.raises(RiskRefused):
        claim(scan, consumer, now=LATER + dt.timedelta(days=9))
    assert opened_envelope(serial=order.first_serial, consumer_id=consumer.pk).payment == "refused"


def test_a_refusal_said_again_changes_nothing(order, consumer, campaign):
    rule(order.brand, **EARLY)
    held(order, consumer)
    assert decided(refuse_held, order).remark == decided(refuse_held, order, remark="again").remark == "looked"
    assert accounts(campaign) == {"source": -10_000, "budget": 10_000}


def test_a_decision_said_again_changes_nothing_and_the_opposite_is_refused(order, consumer, campaign):
    rule(order.brand, **EARLY)
    held(order, consumer)
    first = decided(release_held, order)
    assert decided(release_held, order, remark="again").remark == first.remark == "looked"
    with pytest.raises(DecidedOtherwise):
        decided(refuse_held, order)
    assert list(AuditEntry.objects.filter(object_kind="riskreview").values_list("action", "actor")) == [
        ("risk_review.released", ANALYST)
    ]


def test_a_decision_wants_a_remark_and_the_own_brands_claim(order, consumer, campaign):
    rule(order.brand, **EARLY)
    held(order, consumer)
    with pytest.raises(Invalid):
        decided(release_held, order, remark="  ")
    with pytest.raises(NotFound):
        release_held(brand=BrandFactory(), claim_id=order.first_serial, remark="x", actor=ANALYST, now=NOON)


def test_the_database_keeps_a_decision(order, consumer, campaign):
    rule(order.brand, **EARLY)
    held(order, consumer)
    decided(release_held, order)
    for change in (lambda: RiskReview.objects.update(state="open"), lambda: RiskReview.objects.get().delete()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()


@pytest.mark.parametrize(("after_time", "state"), [("release", "released"), ("refuse", "refused")])
def test_what_nobody_decides_in_time_is_decided_as_the_brand_chose(order, consumer, campaign, after_time, state):
    rule(order.brand, after_time=after_time, **EARLY)
    held(order, consumer)
    due = LATER + dt.timedelta(hours=6)
    assert (decide_overdue(now=due - dt.timedelta(seconds=1)), decide_overdue(now=due)) == (0, 1)
    review = RiskReview.objects.get()
    assert (review.state, review.decided_by, decide_overdue(now=due)) == (state, "system:risk", 0)


def test_the_task_decides_everything_that_is_due(order, consumer, campaign):
    rule(order.brand, **EARLY)
    for number in range(2):
        held(order, consumer, number)
    decide_overdue_task()
    assert list(RiskReview.objects.values_list("state", flat=True)) == ["released", "released"]


def test_one_that_cannot_be_decided_keeps_no_other_waiting(order, consumer, campaign, monkeypatch):
    """Whole portions of them neither: each is tried once a run."""
    rule(order.brand, **EARLY)
    for number in range(3):
        held(order, consumer, number)
    broken = set(RiskReview.objects.order_by("pk").values_list("claim_id", flat=True)[:2])

    def fails_for_some(**told):
        if told["claim_id"] in broken:
            raise RuntimeError("broken")
        return release_held(**told)

    monkeypatch.setattr("rewards.services.deciding.release_held", fails_for_some)
    assert decide_overdue(now=LATER + dt.timedelta(days=1), at_once=1) == 1
    assert list(RiskReview.objects.order_by("pk").values_list("state", flat=True)) == ["open", "open", "released"]


def test_time_leaves_alone_what_somebody_decides_meanwhile(order, consumer, campaign, monkeypatch):
    rule(order.brand, **EARLY)
    held(order, consumer)

    def faster(**_):
        raise DecidedOtherwise

    monkeypatch.setattr("rewards.services.deciding.release_held", faster)
    assert decide_overdue(now=LATER + dt.timedelta(days=1)) == 0
    assert RiskReview.objects.get().state == "open"


def test_far_above_every_threshold_is_refused_by_a_code_that_names_no_rule(order, consumer, campaign):
    rule(order.brand, hold_score=1, refuse_score=50, **EARLY)
    scan = opened(order, order.first_serial, consumer)
    with pytest.raises(RiskRefused) as caught:
        claim(scan, consumer)
    assert (caught.value.code, caught.value.facts, Claim.objects.get().reason) == ("risk", {}, "risk")
    assert (RiskJudgement.objects.get().outcome, accounts(campaign)) == (
        "refuse",
        {"source": -10_000, "budget": 10_000},
    )


def test_what_the_rules_refused_is_held_when_it_is_claimed_under_calmer_facts(order, consumer, campaign):
    rule(order.brand, hold_score=1, refuse_score=50, **EARLY)
    scan = opened(order, order.first_serial, consumer)
    with pytest.raises(RiskRefused):
        claim(scan, consumer)
    with pytest.raises(Held):
        claim(scan, consumer, now=LATER + dt.timedelta(hours=2))
    assert Claim.objects.get().state == "held"


def test_watching_keeps_findings_and_promises(order, consumer, campaign):
    rule(order.brand, mode="watch", **EARLY)
    assert claim(opened(order, order.first_serial, consumer), consumer).state == "promised"
    assert list(RiskJudgement.objects.values_list("mode", "outcome")) == [("watch", "hold")]
    assert not RiskReview.objects.exists()


def test_rules_that_are_off_look_at_nothing(order, consumer, campaign):
    rule(order.brand, mode="off", **EARLY)
    assert claim(opened(order, order.first_serial, consumer), consumer).state == "promised"
    assert not RiskJudgement.objects.exists()


def test_a_held_claim_still_reads_once_and_writes_once(order, consumer, campaign):
    rule(order.brand, **EARLY)
    scan = opened(order, order.first_serial, consumer)

    def hold():
        with pytest.raises(Held):
            claim(scan, consumer)

    written = [query for query, _ in statements_of(hold) if query.lstrip().startswith(("WITH", "INSERT", "UPDATE"))]
    assert len(written) == 1


def test_a_claim_that_was_overtaken_by_a_held_one_is_told_so(order, consumer, campaign, monkeypatch):
    rule(order.brand, **EARLY)
    scan, _told = held(order, consumer)
    monkeypatch.setattr("rewards.services.claims.require_undecided", lambda _facts: None)
    with pytest.raises(Held):
        claim(scan, consumer)
    assert accounts(campaign)["reserved"] == 100


def test_over_the_interface_a_held_envelope_is_a_refusal_that_may_be_asked_again(order, consumer, campaign):
    rule(order.brand, **EARLY)
    scan = opened(order, order.first_serial, consumer)
    client = Client(headers={"authorization": f"Bearer {token_for(consumer)}"})
    asked = {"path": f"/api/v1/scans/{scan.pk}/claim", "headers": {"Idempotency-Key": "k"}}
    with time_machine.travel(LATER):
        answers = [client.post(**asked) for _ in range(2)]
    assert {(answer.status_code, answer.json()["code"], answer.json()["retry"]) for answer in answers} == {
        (409, "held", True)
    }
    assert RiskReview.objects.count() == 1
    assert client.get("/api/v1/me/envelopes").json()["results"] == []


def test_the_wallet_says_by_when_and_hides_what_is_inside(order, consumer, campaign, client):
    rule(order.brand, **EARLY)
    held(order, consumer)
    client.cookies[SESSION_COOKIE] = token_for(consumer)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = client.get("/wallet/").content.decode()
    assert ("Answer by 2026-03-02 18:01" in page, "¥1.00" in page) == (True, False)
    decided(refuse_held, order)
    assert "¥1.00" not in client.get("/wallet/").content.decode()


def test_the_scan_page_tells_of_a_held_envelope(order, consumer, campaign, client):
    rule(order.brand, **EARLY)
    held(order, consumer)
    envelope = opened_envelope(serial=order.first_serial, consumer_id=consumer.pk)
    from codes.pages.views import page_words, said_of  # noqa: PLC0415

    assert said_of(envelope, page_words()).endswith("2026-03-02 18:01.")


def documented(name):
    text = (Path(configured.BASE_DIR) / "docs" / "states.md").read_text()
    section = text.split(f"## {name}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (\S+) \| (\S+) \|", section, re.MULTILINE)[1:]
    return [row for row in rows if row[0] != "---"]


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("Claim", Claim.State),
        ("Grant", Grant.State),
        ("Held envelope", RiskReview.State),
        ("Day to be compared", AskedComparison.State),
    ],
)
def test_the_document_names_just_the_states_of_the_enumeration(name, states):
    moves = documented(name)
    assert {state for move in moves for state in move} - {"(new)"} == set(states.values)
    assert max(Counter(moves).values()) <= 2


def test_a_rule_is_audited_and_keeps_only_what_differs_from_the_defaults(order):
    rule(order.brand, person_hour=20, person_day=9)
    again = rule(order.brand, person_day=8)
    assert (again.thresholds, RiskRule.objects.count()) == ({"person_day": 8}, 1)
    entry = AuditEntry.objects.filter(action="risk_rule.set").order_by("-pk").first()
    assert (entry.before["thresholds"], entry.after["thresholds"]) == ({"person_day": 9}, {"person_day": 8})


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({"thresholds": {"persons": 1}}, "persons"),
        ({"thresholds": {"person_hour": 0}}, "person_hour"),
        ({"thresholds": {"speed_kmh": "x"}}, "speed_kmh"),
        ({"thresholds": {"hold_score": 200}}, "hold_score"),
        ({"thresholds": {"hold_score": 98}}, "refuse_score"),
        ({"mode": "perhaps"}, "mode"),
        ({"after_time": "wait"}, "after_time"),
        ({"review_hours": 0}, "review_hours"),
        ({"review_hours": 1.5}, "review_hours"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_at_its_field(order, chosen, field):
    facts = RuleFacts(**{"mode": "on", "thresholds": {}, "review_hours": 24, "after_time": "release"} | chosen)
    with pytest.raises(Invalid) as caught:
        set_risk_rule(brand=order.brand, facts=facts, actor=ANALYST, now=NOON)
    assert list(caught.value.fields) == [field]


def test_both_scores_can_be_moved_together(order):
    assert rule(order.brand, hold_score=98, refuse_score=99).thresholds == {"hold_score": 98, "refuse_score": 99}


def test_another_scan_of_a_held_item_is_told_the_same(order, consumer, campaign):
    rule(order.brand, **EARLY)
    held(order, consumer)
    with pytest.raises(Held):
        claim(scan_of(order, order.first_serial, consumer, verdict="genuine_repeat"), consumer)
