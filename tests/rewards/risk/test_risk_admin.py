"""The work list, the decisions, the brand's rule and the replay in the admin; and the partner's list."""

import datetime as dt

import pytest
from django.urls import reverse

from config.staff import GROUPS
from core.models import AuditEntry
from rewards.models import RiskReview, RiskRule
from rewards.refusals import Held
from rewards.risk.thresholds import DEFAULTS
from rewards.selectors.risk_words import RULES, THRESHOLDS, finding_in_words, rule_in_words
from rewards.services.claims import open_claim
from rewards.services.risk_rules import RuleFacts, set_risk_rule
from stores.services.groups import install_group
from tests.factories.campaigns import ConsumerFactory, active_order, opened, running_campaign
from tests.factories.kept import anew
from tests.factories.stores import NOON, BrandFactory, StoreFactory, UserFactory
from tests.rewards.test_partner_lists import token

pytestmark = pytest.mark.django_db
LIST, REPLAY = "admin:rewards_riskreview_changelist", "admin:rewards_riskrule_replay"


def world():
    """Two held envelopes of one person at one store."""
    order = active_order()
    running_campaign(order)
    person, store = ConsumerFactory(brand=order.brand), StoreFactory(brand=order.brand)
    facts = RuleFacts(mode="on", thresholds={"person_hour": 1}, review_hours=24, after_time="release")
    set_risk_rule(brand=order.brand, facts=facts, actor="user:x", now=NOON)
    for number in range(2):
        scan = opened(order, order.first_serial + number, person, store=store)
        with pytest.raises(Held):
            open_claim(scan_id=scan.pk, consumer=person, visitor="", now=NOON + dt.timedelta(minutes=1))
    return list(RiskReview.objects.filter(brand=order.brand).order_by("pk"))


@pytest.fixture
def reviews(kept_world, db):
    return [anew(review, "brand") for review in kept_world]


@pytest.fixture
def analyst(client, reviews):
    user = UserFactory(brand=reviews[0].brand, username="analyst")
    user.groups.add(install_group("Risk analyst", GROUPS["Risk analyst"]))
    return signed_in(client, user)


def signed_in(client, user):
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return user


def page_of(review, deed="change"):
    return reverse(f"admin:rewards_riskreview_{deed}", args=[review.pk])


def test_the_list_shows_what_is_to_be_decided_and_why(client, analyst, reviews):
    page = client.get(reverse(LIST)).content.decode()
    assert ("Many openings by one person within an hour" in page, "¥1.00" in page) == (True, True)
    counted = {work: client.get(reverse(LIST), {"work": work}).context["cl"].result_count for work in WORK}
    assert counted == {"": 2, "decided": 0, "all": 2}


WORK = ("", "decided", "all")


def test_the_page_tells_reasons_and_neighbours_without_naming_anybody(client, analyst, reviews):
    page = client.get(page_of(reviews[0])).content.decode()
    assert "Many openings by one person within an hour: 1 (from 1 on)" in page
    assert page.count(str(reviews[1].claim_id)) >= 2  # opened by the same person, and of the same store
    assert reviews[0].claim.consumer.name not in page


def test_an_opening_without_a_store_shows_none(client, analyst, reviews):
    order, person = reviews[0].claim.opening.order, reviews[0].claim.consumer
    scan = opened(order, order.first_serial + 5, person)
    with pytest.raises(Held):
        open_claim(scan_id=scan.pk, consumer=person, visitor="", now=NOON + dt.timedelta(minutes=2))
    page = client.get(page_of(RiskReview.objects.latest("pk"))).content.decode()
    assert ("none bound" in page, "What was opened last of this store" in page) == (True, False)


def test_a_decision_is_asked_for_and_needs_a_remark(client, analyst, reviews):
    asked = client.get(page_of(reviews[0], "release")).content.decode()
    assert ("this can&#x27;t be taken back" in asked, RiskReview.objects.filter(state="open").count()) == (True, 2)
    assert "This field is required" in client.post(page_of(reviews[0], "release"), {"remark": ""}).content.decode()
    client.post(page_of(reviews[0], "release"), {"remark": "called him"})
    client.post(page_of(reviews[1], "refuse"), {"remark": "a bot"})
    assert list(RiskReview.objects.order_by("pk").values_list("state", "decided_by", "remark")) == [
        ("released", "user:analyst", "called him"),
        ("refused", "user:analyst", "a bot"),
    ]
    told = client.post(page_of(reviews[1], "release"), {"remark": "no, a person"}).content.decode()
    assert "Somebody has decided this held envelope already." in told


@pytest.mark.parametrize(("action", "state"), [("release", "released"), ("refuse", "refused")])
def test_several_are_decided_at_once_after_a_second_click(client, analyst, reviews, action, state):
    chosen = {"action": action, "_selected_action": [review.pk for review in reviews]}
    client.post(reverse(LIST), chosen)
    assert RiskReview.objects.filter(state="open").count() == 2
    client.post(reverse(LIST), chosen | {"confirmed": "yes", "remark": "looked"})
    assert set(RiskReview.objects.values_list("state", flat=True)) == {state}


def test_whoever_may_only_look_decides_nothing(client, reviews):
    user = UserFactory(brand=reviews[0].brand)
    user.groups.add(install_group("Brand manager", GROUPS["Brand manager"]))
    signed_in(client, user)
    page = client.get(page_of(reviews[0])).content.decode()
    assert (page_of(reviews[0], "release") in page, client.post(page_of(reviews[0], "release")).status_code) == (
        False,
        403,
    )


def test_without_the_right_to_look_there_is_nothing_to_see(client, reviews):
    signed_in(client, UserFactory(brand=reviews[0].brand))
    assert [client.get(address).status_code for address in (page_of(reviews[0]), reverse(REPLAY))] == [403, 403]


def test_another_brands_held_envelope_is_not_there(client, reviews):
    signed_in(client, UserFactory(brand=BrandFactory(), is_superuser=True))
    assert [client.get(page_of(reviews[0], deed)).status_code for deed in ("change", "release")] == [404, 404]


def test_a_brands_administrator_sets_thresholds_by_a_form(client, reviews):
    brand = reviews[0].brand
    signed_in(client, UserFactory(brand=brand, is_superuser=True, username="boss"))
    address = reverse("admin:rewards_riskrule_change", args=[brand.pk])
    shown = client.get(address)
    values = {name: shown.context["adminform"].form[name].value() for name in DEFAULTS}
    assert values == DEFAULTS | {"person_hour": 1}
    form = {"mode": "watch", "review_hours": 12, "after_time": "refuse"}
    wrong = client.post(address, form | values | {"person_day": 0, "hold_score": 40})
    assert "person_day" in wrong.context["adminform"].form.errors
    told = client.post(address, form | values | {"hold_score": 98}).content.decode()
    assert "Above the score from which on envelopes are held." in told
    client.post(address, form | values | {"person_day": 9})
    rule = RiskRule.objects.get()
    assert (rule.mode, rule.thresholds, rule.changed_by) == ("watch", {"person_hour": 1, "person_day": 9}, "user:boss")
    assert AuditEntry.objects.filter(action="risk_rule.set").count() == 2


def test_the_replay_page_tells_what_thresholds_would_have_done(client, analyst, reviews, monkeypatch):
    monkeypatch.setattr("rewards.admin.risk.clock.now", lambda: NOON + dt.timedelta(days=1))
    values = client.get(reverse(REPLAY)).context["form"].initial
    brand = {"brand": reviews[0].brand_id, "days": 30}
    found = client.post(reverse(REPLAY), DEFAULTS | brand | {"person_day": 2}).context["found"]
    assert (values["person_hour"], dict(found.outcomes)) == (1, {"hold": 2})
    nothing = client.post(reverse(REPLAY), DEFAULTS | brand).content.decode()
    assert "No rule holds against any of them." in nothing
    wrong = client.post(reverse(REPLAY), DEFAULTS | brand | {"hold_score": 98}).content.decode()
    assert "Above the score from which on envelopes are held." in wrong


def test_the_replay_of_nothing_says_so(client, analyst, reviews, monkeypatch):
    monkeypatch.setattr("rewards.admin.risk.clock.now", lambda: NOON - dt.timedelta(days=9))
    page = client.post(reverse(REPLAY), DEFAULTS | {"brand": reviews[0].brand_id, "days": 1}).content.decode()
    assert "Nothing was claimed in this time." in page


def test_every_rule_and_threshold_has_words(reviews):
    finding = {"rule": "impossible_travel", "reasons": [{"name": "jump_km", "have": 1660.4, "need": 100.0}]}
    assert set(THRESHOLDS) == set(DEFAULTS)
    assert finding_in_words(finding) == "A journey that nobody can make: 1,660 km at least (from 100 km on)"
    assert (rule_in_words("of old"), all(RULES.values())) == ("of old", True)


def test_a_partner_reads_its_brands_held_envelopes(client, reviews):
    rows = client.get("/api/v1/held-envelopes", **token(reviews[0].brand)).json()["results"]
    assert [(row["serial"], row["state"], row["rules"]) for row in rows] == [
        (review.claim_id, "open", ["person_hour"]) for review in reversed(reviews)
    ]
    assert client.get("/api/v1/held-envelopes", **token(BrandFactory())).json()["results"] == []
