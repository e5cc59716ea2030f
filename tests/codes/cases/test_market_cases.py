"""What people do with cases, and what the database holds against."""

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from codes.models import CaseEvidence, CaseRemark, MarketCase
from codes.services import market_cases
from codes.services.case_rules import set_case_rule
from codes.services.market_cases import CaseClosed, CaseNotClosed
from core.errors import Invalid, NotFound
from core.models import AuditEntry
from tests.factories.sightings import JINGZHOU, LATER, Scene, hours
from tests.factories.stores import NOON, BrandFactory, RegionFactory, UserFactory

pytestmark = pytest.mark.django_db
AFTER = LATER + hours(72)
SIGNED = {"actor": "user:inspector", "now": AFTER}


@pytest.fixture
def scene():
    scene = Scene()
    seen(scene, range(30))
    return scene


def seen(scene, numbers, at=LATER):
    for number in numbers:
        scene.scan(number, JINGZHOU, at=at, person=f"person {number}")


@pytest.fixture
def case(scene):
    (case,) = scene.examine()
    return case


def closed(case, outcome="false_alarm", **rest):
    return market_cases.close(brand=case.brand, case_id=case.pk, outcome=outcome, **SIGNED, **rest)


def test_somebody_of_the_staff_looks_into_it(case):
    inspector = UserFactory(brand=case.brand)
    again = market_cases.assign(brand=case.brand, case_id=case.pk, assignee=inspector, **SIGNED)
    other = market_cases.assign(brand=case.brand, case_id=case.pk, assignee=UserFactory(brand=case.brand), **SIGNED)
    assert (again.state, again.assignee) == ("looking", inspector)
    assert other.assignee != inspector
    assert AuditEntry.objects.filter(action="market_case.assigned").count() == 2


@pytest.mark.parametrize("change", [{"is_staff": False}, {"is_active": False}, {"brand": None}])
def test_nobody_else_is_given_a_case(case, change):
    with pytest.raises(Invalid) as refusal:
        market_cases.assign(
            brand=case.brand, case_id=case.pk, assignee=UserFactory(**{"brand": case.brand} | change), **SIGNED
        )
    assert list(refusal.value.fields) == ["assignee"]


def test_it_is_closed_with_its_outcome_and_a_remark(case):
    done = closed(case, "taken_back", text="30 瓶已收回")
    assert (done.state, done.outcome, done.closed_by, done.closed_at) == (
        "closed",
        "taken_back",
        "user:inspector",
        AFTER,
    )
    assert [remark.text for remark in CaseRemark.objects.filter(case=case)] == ["30 瓶已收回"]
    assert AuditEntry.objects.get(action="market_case.closed").after == {"outcome": "taken_back"}


@pytest.mark.parametrize(
    ("outcome", "text", "field"), [("", "", "outcome"), ("gone", "", "outcome"), ("confirmed", "x" * 1001, "remark")]
)
def test_a_closing_wants_an_outcome_and_a_short_remark(case, outcome, text, field):
    with pytest.raises(Invalid) as refusal:
        closed(case, outcome, text=text)
    assert list(refusal.value.fields) == [field]


def test_a_closed_case_takes_remarks_and_nothing_else(case):
    closed(case)
    market_cases.remark(brand=case.brand, case_id=case.pk, text=" 补充 ", **SIGNED)
    assert CaseRemark.objects.get().text == "补充"
    with pytest.raises(CaseClosed):
        closed(case)
    with pytest.raises(CaseClosed):
        market_cases.assign(brand=case.brand, case_id=case.pk, assignee=UserFactory(brand=case.brand), **SIGNED)


def test_what_is_empty_is_no_remark(case):
    with pytest.raises(Invalid):
        market_cases.remark(brand=case.brand, case_id=case.pk, text="  ", **SIGNED)


def test_another_brand_s_case_is_not_there(case):
    with pytest.raises(NotFound):
        market_cases.close(brand=BrandFactory(), case_id=case.pk, outcome="confirmed", **SIGNED)


def test_after_a_closing_only_what_is_new_counts_and_the_new_case_names_the_old(scene, case):
    closed(case)
    seen(scene, [30], at=AFTER + hours(1))
    seen(scene, range(4), at=AFTER + hours(1))
    assert scene.examine() == [MarketCase.objects.get(pk=case.pk)]
    seen(scene, range(4, 12), at=AFTER + hours(2))
    _old, new = scene.examine()
    assert (new.previous, new.counted_from, new.figures["units"]) == (case, AFTER, 12)
    assert CaseEvidence.objects.filter(case=new).count() == 12


def test_a_closed_case_is_gone_on_with_as_a_new_one(case):
    closed(case)
    new = market_cases.reopen(brand=case.brand, case_id=case.pk, text="经销商又发货", **SIGNED)
    assert (new.state, new.previous, new.subject, new.counted_from) == ("open", case, case.subject, None)
    with pytest.raises(CaseNotClosed):
        market_cases.reopen(brand=case.brand, case_id=case.pk, text="再来", **SIGNED)


def refused(work):
    with pytest.raises(DatabaseError), transaction.atomic():
        work()
    return True


def test_the_database_keeps_cases_and_their_evidence(case):
    evidence = CaseEvidence.objects.filter(case=case)
    assert refused(lambda: evidence.update(distance_m=0))
    assert refused(evidence.delete)
    assert refused(MarketCase.objects.filter(pk=case.pk).delete)
    assert refused(lambda: MarketCase.objects.filter(pk=case.pk).update(state="closed"))
    closed(case)
    assert refused(lambda: MarketCase.objects.filter(pk=case.pk).update(state="open", outcome="", closed_at=None))


def test_the_database_lets_one_case_about_a_subject_be_open(case):
    def second():
        MarketCase.objects.create(
            brand=case.brand, kind=case.kind, subject=case.subject, score=50, opened_at=NOON, newest_at=NOON
        )

    with pytest.raises(IntegrityError, match="market_case_one_open"), transaction.atomic():
        second()
    closed(case)
    second()
    assert MarketCase.objects.count() == 2


def test_a_brand_s_own_rule_decides_from_then_on(scene):
    RegionFactory(code="421000")
    rule = set_case_rule(
        brand=scene.brand, thresholds={"units_at_least": 31}, travel={"421000": 0.2}, actor="user:boss", now=NOON
    )
    assert (rule.travel, rule.changed_by) == ({"421000": 0.2}, "user:boss")
    assert scene.examine() == []
    set_case_rule(brand=scene.brand, thresholds={}, travel={}, actor="user:boss", now=AFTER)
    seen(scene, [29], at=LATER + hours(1))
    assert len(scene.examine()) == 1
    assert AuditEntry.objects.filter(action="case_rule.set").count() == 2


@pytest.mark.parametrize(
    ("thresholds", "travel", "field"),
    [
        ({"units": 3}, {}, "units"),
        ({"units_at_least": 0.5}, {}, "units_at_least"),
        ({"distance_km": -1}, {}, "distance_km"),
        ([], {}, "thresholds"),
        ({}, {"421000": 2}, "travel"),
        ({}, {"999999": 0.2}, "travel"),
        ({}, "far", "travel"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_at_its_field(thresholds, travel, field):
    with pytest.raises(Invalid) as refusal:
        set_case_rule(brand=BrandFactory(), thresholds=thresholds, travel=travel, actor="user:boss", now=NOON)
    assert list(refusal.value.fields) == [field]


def test_an_open_case_goes_on_counting_and_keeps_its_score_though_the_rule_became_stricter(scene, case):
    set_case_rule(brand=scene.brand, thresholds={"units_at_least": 99}, travel={}, actor="user:boss", now=NOON)
    seen(scene, [0], at=LATER + hours(1))
    (same,) = scene.examine()
    assert (same.figures["scans"], same.score, same.reasons) == (31, case.score, case.reasons)
