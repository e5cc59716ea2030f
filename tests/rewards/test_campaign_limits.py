"""Limits per person, store and day, and budgets of a day, a region and a store."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from core.errors import Invalid
from rewards.models import Campaign, Claim, Grant, RegionBudget, Tally
from rewards.refusals import (
    BudgetExhausted,
    DayBudgetSpent,
    Held,
    PersonDayLimit,
    PersonLimit,
    RegionBudgetSpent,
    StoreBudgetSpent,
    StoreDayLimit,
)
from rewards.selectors.balances import balances_of, ledger_differences
from rewards.selectors.tallies import differences
from rewards.services.campaigns import PrizeRow, RegionShare
from rewards.services.claims import open_claim
from rewards.services.deciding import refuse_held
from rewards.services.lapsing import release_lapsed
from rewards.services.reviewing import submit_campaign
from rewards.services.risk_rules import RuleFacts, set_risk_rule
from rewards.services.settling import settle_batch
from tests.codes.api.partners import Partner
from tests.factories.campaigns import ACTOR, EARLIER, ConsumerFactory, active_order, draft, opened, running_campaign
from tests.factories.kept import anew
from tests.factories.stores import NOON, RegionFactory, StoreFactory, StoreOwnerFactory, UserFactory
from tests.rewards.banks import REFUSED, Clock, ScriptedBank

pytestmark = pytest.mark.django_db
TOMORROW = NOON + dt.timedelta(days=1)


def world():
    order = active_order()
    return order, ConsumerFactory(brand=order.brand), StoreFactory(brand=order.brand)


@pytest.fixture
def order(kept_world, db):
    return anew(kept_world[0], "brand", "batch__product")


@pytest.fixture
def consumer(kept_world, db):
    return anew(kept_world[1], "brand")


@pytest.fixture
def store(kept_world, db):
    return anew(kept_world[2], "brand")


def claimed(order, number, consumer, now=NOON, **bound):
    scan = opened(order, order.first_serial + number, consumer, **bound)
    return open_claim(scan_id=scan.pk, consumer=consumer, visitor="", now=now)


def again(order, number, consumer, now):
    """The same item once more."""
    claim = Claim.objects.get(pk=order.first_serial + number)
    return open_claim(scan_id=claim.opening.scan_id, consumer=consumer, visitor="", now=now)


def taken():
    return {(tally.kind, tally.whose, tally.day): tally.taken for tally in Tally.objects.all()}


def test_a_person_opens_so_many_envelopes_of_a_campaign_and_no_more(order, consumer):
    campaign = running_campaign(order, person_limit=2)
    for number in range(2):
        claimed(order, number, consumer)
    with pytest.raises(PersonLimit):
        claimed(order, 2, consumer)
    assert Claim.objects.get(pk=order.first_serial + 2).reason == "person_limit"
    assert claimed(order, 3, ConsumerFactory(brand=order.brand)).state == "promised"
    assert balances_of(campaign)["budget"] == 9_700


def test_a_person_who_had_enough_today_opens_the_envelope_tomorrow(order, consumer):
    running_campaign(order, person_day_limit=1)
    claimed(order, 0, consumer)
    with pytest.raises(PersonDayLimit):
        claimed(order, 1, consumer)
    assert again(order, 1, consumer, TOMORROW).state == "promised"


def test_a_store_gives_so_many_a_day_wherever_it_is_surely_known(order, store):
    running_campaign(order, store_day_limit=1)
    claimed(order, 0, ConsumerFactory(brand=order.brand), store=store)
    with pytest.raises(StoreDayLimit):
        claimed(order, 1, ConsumerFactory(brand=order.brand), store=store)
    assert claimed(order, 2, ConsumerFactory(brand=order.brand), store=store, confidence=0.4).state == "promised"


@pytest.mark.parametrize(
    ("plan", "refusal"),
    [
        ({"day_budget_fen": 130}, DayBudgetSpent),
        ({"store_budget_fen": 259}, StoreBudgetSpent),
        ({"region_budgets": (RegionShare("510000", 250), RegionShare("000000", 9_000))}, RegionBudgetSpent),
    ],
)
def test_a_narrower_budget_is_never_overspent_and_gets_back_what_lapses_or_fails(order, plan, refusal):
    store = StoreFactory(brand=order.brand, owner=StoreOwnerFactory(brand=order.brand, wallet=""))
    running_campaign(order, owner_share_fen=30, **plan)
    claimed(order, 0, ConsumerFactory(brand=order.brand), store=store)
    with pytest.raises(refusal):
        claimed(order, 1, ConsumerFactory(brand=order.brand), store=store)
    assert set(taken().values()) == {130}
    assert release_lapsed(now=NOON + dt.timedelta(days=400)) == 1
    assert set(taken().values()) == {100}
    settle_batch(bank=ScriptedBank([REFUSED] * 2), tick=Clock(NOON))
    assert (set(taken().values()), Grant.objects.filter(state="released").count()) == ({0}, 2)
    assert ledger_differences(order.brand) == []


def test_a_day_budget_is_there_again_tomorrow_and_thank_yous_take_nothing_of_it(order):
    running_campaign(order, PrizeRow("红包", 100, 10), day_budget_fen=100)
    claimed(order, 0, ConsumerFactory(brand=order.brand))
    late = ConsumerFactory(brand=order.brand)
    with pytest.raises(DayBudgetSpent):
        claimed(order, 1, late)
    assert again(order, 1, late, TOMORROW).state == "promised"


def test_a_held_claim_is_counted_until_it_is_refused(order, consumer, store):
    campaign = running_campaign(order, person_limit=1, store_day_limit=5, day_budget_fen=500)
    rule = RuleFacts(mode="on", thresholds={"person_hour": 1}, review_hours=24, after_time="release")
    set_risk_rule(brand=order.brand, facts=rule, actor=ACTOR, now=NOON)
    with pytest.raises(Held):
        claimed(order, 0, consumer, store=store)
    assert (sorted(taken().values()), list(differences())) == ([1, 1, 100], [])
    refuse_held(brand=order.brand, claim_id=order.first_serial, remark="looked", actor=ACTOR, now=NOON)
    assert (set(taken().values()), balances_of(campaign)["budget"], list(differences())) == ({0}, 10_000, [])


def test_a_spent_budget_counts_nothing(order, consumer):
    campaign = running_campaign(order, PrizeRow("谢谢", 0, 10), person_limit=9, budget_fen=50)
    Campaign.objects.filter(pk=campaign.pk).update(owner_share_fen=60)
    owned = StoreFactory(brand=order.brand)
    with pytest.raises(BudgetExhausted):
        claimed(order, 0, consumer, store=owned)
    assert taken() == {}


def test_the_same_item_claimed_again_is_counted_once(order, consumer):
    running_campaign(order, person_limit=1)
    first = claimed(order, 0, consumer)
    assert again(order, 0, consumer, NOON) == first
    assert list(taken().values()) == [1]


def test_nothing_goes_over_whoever_writes(order, consumer):
    running_campaign(order, person_limit=1)
    claimed(order, 0, consumer)
    for wrong in ({"taken": 2}, {"taken": -1}):
        with pytest.raises(IntegrityError, match="tally"), transaction.atomic():
            Tally.objects.update(**wrong)


def test_a_recount_tells_a_tally_that_says_otherwise_than_its_claims(order, consumer):
    campaign = running_campaign(order, person_limit=3, day_budget_fen=1_000)
    claimed(order, 0, consumer)
    assert list(differences()) == []
    Tally.objects.update(taken=0)
    assert list(differences()) == [
        f"campaign {campaign.pk}: budget_day {NOON.date()} is at 0, its claims took 100",
        f"campaign {campaign.pk}: person {consumer.pk} is at 0, its claims took 1",
    ]


def test_staff_see_how_much_of_the_narrower_budgets_is_used(client, order, consumer):
    campaign = running_campaign(order, day_budget_fen=1_000)
    claimed(order, 0, consumer)
    client.force_login(UserFactory(brand=order.brand, is_superuser=True))
    page = client.get(reverse("admin:rewards_campaign_change", args=[campaign.pk]), headers={"accept-language": "en"})
    assert f"budget of a day  {NOON.date()}: ¥1.00 / ¥10.00" in page.content.decode()


def test_limits_are_sealed_with_the_publication(order):
    campaign = running_campaign(order, person_limit=3, region_budgets=(RegionShare(RegionFactory().code, 500),))
    for worse in ({"person_limit": 2}, {"person_limit": None}, {"is_tallied": False}, {"store_day_limit": 1}):
        with pytest.raises(IntegrityError, match="get worse"), transaction.atomic():
            Campaign.objects.filter(pk=campaign.pk).update(**worse)
    with pytest.raises(IntegrityError, match="sealed"), transaction.atomic():
        RegionBudget.objects.update(amount_fen=1)


def test_limits_that_contradict_each_other_are_told_with_their_remedy(order):
    RegionFactory()
    plan = {
        "person_limit": 2,
        "person_day_limit": 3,
        "day_budget_fen": 10_001,
        "store_budget_fen": 99,
        "region_budgets": (RegionShare("510000", 20_000),),
    }
    campaign = draft(order, **plan)
    with translation.override("en"), pytest.raises(Invalid) as caught:
        submit_campaign(campaign_id=campaign.pk, brand=order.brand, actor=ACTOR, now=EARLIER)
    assert caught.value.fields == {
        "person_day_limit": [
            "A person may open 3 envelopes a day, but only 2 in all. Lower the one or raise the other."
        ],
        "day_budget_fen": ["The budget of a day, 10001 fen, is above the whole one, 10000 fen. Lower it."],
        "store_budget_fen": [
            (
                "The budget of a store, 99 fen, is below the largest prize with its share, 100 fen: nobody could win "
                "it. Raise it."
            )
        ],
        "region_budgets": ["The budget of 四川省, 20000 fen, is above the whole one, 10000 fen. Lower it."],
    }


def test_consumers_read_how_much_there_is(client, order):
    RegionFactory()
    limits = {"person_limit": 9, "person_day_limit": 1, "store_day_limit": 7}
    budgets = {"day_budget_fen": 1_200, "store_budget_fen": 1_300, "region_budgets": (RegionShare("510000", 1_400),)}
    campaign = running_campaign(order, **limits, **budgets)
    page = client.get(f"/campaigns/{campaign.pk}/", headers={"accept-language": "en"}).content.decode()
    for text in ("at most 9 envelopes", "at most 1 envelope a day", "at most 7 envelopes are", "¥12.00", "¥13.00"):
        assert text in page
    assert "¥14.00 are given in 四川省." in page
    chinese = client.get(f"/campaigns/{campaign.pk}/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "每人最多开启 9 个红包" in chinese


def test_partners_set_limits_and_budgets_of_regions(order):
    RegionFactory()
    partner = Partner(order.brand, scopes=["rewards", "campaigns"])
    post = {
        "name": "开瓶有礼",
        "starts_at": "2026-01-01T00:00:00Z",
        "ends_at": "2999-01-01T00:00:00Z",
        "budget_fen": 1_000,
        "orders": [order.pk],
        "prizes": [{"name": "红包", "amount_fen": 100, "quantity": 10}],
    }
    limits = {"person_limit": 3, "day_budget_fen": 500, "region_budgets": [{"region": "510000", "amount_fen": 400}]}
    drafted = partner.send("campaigns", post | limits).json()
    assert {name: drafted[name] for name in limits} == limits
    share = {"region": "510000", "amount_fen": 1}
    for wrong in ([share, share], [share | {"region": "999999"}]):
        assert list(partner.send("campaigns", post | {"region_budgets": wrong}).json()["fields"]) == ["region_budgets"]
