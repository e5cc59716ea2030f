import datetime as dt

import pytest
from django.utils import translation

from stores.ladder import Step, Thresholds
from stores.models import LadderRule, StepChange, Store, StoreDay, StoreStanding
from stores.selectors.reasons import readings, reason
from stores.selectors.windows import peer_medians, window_figures
from stores.services.counting import count_batch, mark_day
from stores.services.evaluating import evaluate_brand, raise_steps
from stores.tasks import count_pending, evaluate_ladder
from tests.factories.histories import consumer_of, open_item
from tests.factories.stores import NOON, BrandFactory, RegionFactory, StoreFactory

pytestmark = pytest.mark.django_db

TODAY = NOON.date()
DAY = dt.timedelta(days=1)


@pytest.fixture
def store():
    return StoreFactory()


def opened(store, *days_ago, each=1, **more):
    StoreDay.objects.bulk_create([StoreDay(store=store, day=TODAY - n * DAY, opened=each, **more) for n in days_ago])


def standing(store):
    row = StoreStanding.objects.get(store=store)
    return row.get_step_display(), row.failed_evaluations


def evaluate(store, days_later=0):
    return evaluate_brand(brand=store.brand, now=NOON + days_later * DAY)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def test_a_store_without_openings_stands_silent(store):
    assert evaluate(store) == 0
    assert standing(store) == ("silent", 0)
    assert StepChange.objects.count() == 0


def test_a_step_up_is_written_with_its_figures_and_its_reason(store):
    rule = LadderRule.objects.create(
        brand=store.brand, version=1, thresholds={"active_days": 2}, in_force=True, created_at=NOON
    )
    opened(store, *range(14))
    assert evaluate(store) == 1
    change = StepChange.objects.get(store=store)
    assert (change.from_step, change.to_step, change.day, change.happened_at, change.rule) == (
        Step.SILENT, Step.ACTIVE, TODAY, NOON, rule,
    )  # fmt: skip
    assert change.figures["opened"] == 14
    assert change.figures["facts"] == [{"name": "active_days", "have": 7, "need": 2}]
    assert reason(change.figures["facts"], rose=True) == (
        "days with an opening in the weaker of the last weeks 7, asked for 2"
    )
    assert change.reason


def test_the_standing_tells_why_and_what_the_next_step_asks(store):
    opened(store, 0)
    evaluate(store)
    row = StoreStanding.objects.get(store=store)
    assert (row.since, row.evaluated_on) == (TODAY, TODAY)
    assert row.figures == {
        "last_day": "2026-03-02",
        "window_days": 28,
        "opened": 1,
        "received": 0,
        "opening_rate": None,
        "users": 0,
        "new_users": 0,
        "repeat_rate": None,
        "velocity": 0.143,
        "growth": None,
        "holds": [{"name": "opened", "have": 1, "need": 1}],
        "next": [{"name": "active_days", "have": 0, "need": 3}],
    }


def test_a_step_down_needs_failures_on_two_days_running(store):
    opened(store, 0)
    evaluate(store)
    assert evaluate(store, 28) == 0
    assert standing(store) == ("lit", 1)
    assert evaluate(store, 28) == 0
    assert standing(store) == ("lit", 1)
    assert evaluate(store, 29) == 1
    assert standing(store) == ("silent", 0)
    change = StepChange.objects.order_by("-pk")[0]
    assert (change.from_step, change.to_step) == (Step.LIT, Step.SILENT)
    assert reason(change.figures["facts"], rose=False) == "openings in the window 0, asked for 1"


def test_a_day_on_which_the_rule_holds_again_clears_the_failure(store):
    opened(store, 0)
    evaluate(store)
    evaluate(store, 28)
    StoreDay.objects.create(store=store, day=TODAY + 29 * DAY, opened=1)
    evaluate(store, 29)
    assert standing(store) == ("lit", 0)


def test_an_evaluation_that_finds_nothing_new_writes_nothing(store, django_assert_num_queries):
    opened(store, 0)
    evaluate(store)
    with django_assert_num_queries(12) as captured:
        evaluate(store)
    assert not [query for query in captured if query["sql"].startswith("UPDATE")]


def test_the_queries_do_not_grow_with_the_stores(store, django_assert_max_num_queries):
    with django_assert_max_num_queries(30) as one:
        evaluate(store)
    more = StoreFactory.create_batch(9, brand=store.brand)
    for each in more:
        opened(each, 0, 1)
    with django_assert_max_num_queries(len(one) + 2) as ten:
        evaluate(store)
    assert len(ten) <= len(one) + 2
    assert StoreStanding.objects.filter(step=Step.LIT).count() == 9


def test_closed_stores_and_other_brands_are_left_alone(store):
    closed = StoreFactory(brand=store.brand, is_active=False)
    stranger = StoreFactory()
    evaluate(store)
    assert set(StoreStanding.objects.values_list("store_id", flat=True)).isdisjoint({closed.pk, stranger.pk})


def test_the_light_evaluation_lifts_a_store_within_its_count(store):
    open_item(store, consumer_of(store.brand))
    mark_day(store_id=store.pk, day=TODAY)
    count_batch()
    assert raise_steps(store_ids={store.pk}, now=NOON) == 1
    assert standing(store) == ("lit", 0)


def test_the_light_evaluation_neither_lowers_nor_counts_failures(store):
    opened(store, 0)
    evaluate(store)
    assert raise_steps(store_ids={store.pk}, now=NOON + 40 * DAY) == 0
    assert standing(store) == ("lit", 0)


def test_the_light_evaluation_leaves_breakthrough_to_the_full_one(store):
    LadderRule.objects.create(
        brand=store.brand, version=1, in_force=True, created_at=NOON,
        thresholds={"kocs_at_least": 0, "repeat_rate": 0, "peer_factor": 0.5},
    )  # fmt: skip
    for n in range(28):
        open_item(store, consumer_of(store.brand), NOON - n * DAY)
        mark_day(store_id=store.pk, day=TODAY - n * DAY)
    count_batch()
    raise_steps(store_ids={store.pk}, now=NOON)
    assert standing(store) == ("active", 0)
    evaluate(store)
    assert standing(store) == ("breakthrough", 0)
    assert StoreStanding.objects.get(store=store).figures["next"] == []


def test_the_tasks_count_and_lift_what_is_marked(store, time_machine):
    time_machine.move_to(NOON)
    open_item(store, consumer_of(store.brand))
    mark_day(store_id=store.pk, day=TODAY)
    count_pending()
    assert standing(store) == ("lit", 0)


def test_a_long_queue_is_handed_to_another_run(store, monkeypatch):
    rung = []
    monkeypatch.setattr("stores.tasks.BATCHES", 1)
    monkeypatch.setattr("stores.tasks.ring", rung.append)
    mark_day(store_id=store.pk, day=TODAY)
    count_pending()
    assert rung == [count_pending]


def test_the_ladder_task_evaluates_every_active_brand(store):
    stranger = StoreFactory()
    asleep = StoreFactory(brand=BrandFactory(is_active=False))
    evaluate_ladder()
    assert set(StoreStanding.objects.values_list("store_id", flat=True)) == {store.pk, stranger.pk}
    assert asleep.pk


def test_a_brand_that_cannot_be_evaluated_keeps_no_other_waiting(store, monkeypatch):
    stranger = StoreFactory()

    def evaluate(*, brand, now):
        if brand == store.brand:
            raise RuntimeError("broken")
        evaluate_brand(brand=brand, now=now)

    monkeypatch.setattr("stores.tasks.evaluate_brand", evaluate)
    evaluate_ladder()
    assert set(StoreStanding.objects.values_list("store_id", flat=True)) == {stranger.pk}


def test_window_figures_read_the_days_of_each_window(store):
    opened(store, 0, 27, 28, each=2, new_users=1)
    StoreDay.objects.create(store=store, day=TODAY - 14 * DAY, received=10)
    StoreDay.objects.create(store=store, day=TODAY - 41 * DAY, received=20)
    StoreDay.objects.create(store=store, day=TODAY - 42 * DAY, received=40)
    StoreDay.objects.create(store=store, day=TODAY - 13 * DAY, received=80)
    for moment in (NOON, NOON - 3 * DAY):
        open_item(store, consumer_of(store.brand), moment)
    found = window_figures([store.pk], today=TODAY, thresholds=Thresholds(), medians={})[store.pk]
    assert (sum(found.opened), found.opened[0], found.opened[-1], sum(found.new_users)) == (4, 2, 2, 2)
    assert (found.received, found.users, found.repeat_users) == (30, 2, 0)
    assert found.peer_medians == (0.0,) * 4


def test_peers_are_moving_stores_of_the_same_kind_in_the_same_city(store):
    district = RegionFactory(code="510105")
    peers = StoreFactory.create_batch(4, brand=store.brand, kind=store.kind, region=district)
    for number, each in enumerate([store, *peers]):
        opened(each, 0, each=number)
        opened(each, 7, each=10)
    opened(StoreFactory(brand=store.brand, kind=Store.Kind.RESTAURANT), 0, each=50)
    opened(StoreFactory(brand=store.brand, kind=store.kind, region=RegionFactory(code="370102")), 0, each=50)
    silent = StoreFactory(brand=store.brand, kind=store.kind)
    medians = peer_medians(store.brand_id, today=TODAY, thresholds=Thresholds())
    assert medians[store.pk] == medians[silent.pk] == (2.0, 10.0, 0.0, 0.0)


def test_with_few_peers_in_the_city_those_of_the_brand_count(store):
    far = StoreFactory(brand=store.brand, kind=store.kind, region=RegionFactory(code="370102"))
    opened(store, 0, each=2)
    opened(far, 0, each=5)
    opened(StoreFactory(kind=store.kind), 0, each=100)
    medians = peer_medians(store.brand_id, today=TODAY, thresholds=Thresholds())
    assert medians == {store.pk: (3.5, 0.0, 0.0, 0.0), far.pk: (3.5, 0.0, 0.0, 0.0)}


def test_a_kind_without_any_moving_store_has_no_median(store):
    assert peer_medians(store.brand_id, today=TODAY, thresholds=Thresholds()) == {store.pk: (0.0,) * 4}


def test_facts_are_read_as_words_with_shares_in_percent():
    facts = [
        {"name": "repeat_rate", "have": None, "need": 0.25},
        {"name": "growth", "have": 0.6, "need": 1.2},
        {"name": "kocs", "have": 0, "need": 0},
    ]
    told = [(each.words, each.have, each.need, each.holds, each.percent) for each in readings(facts)]
    assert told == [
        ("share of users who came back", "not known", "25%", False, 0),
        ("growth of the last week against the three before", "0.6", "1.2", False, 50),
        ("key opinion consumers", "0", "0", True, 100),
    ]


def test_a_fall_whose_own_rule_is_in_order_is_still_explained():
    assert reason([], rose=False) == "the rule of the step before no longer held"
