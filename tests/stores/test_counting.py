import datetime as dt

import pytest

from codes.models import Binding
from stores.figures import DayKey, Figures
from stores.models import PendingCount, RegionDay, StoreDay
from stores.services.counting import BATCH, count_batch, mark_day, mark_days
from stores.services.region_sums import rehome
from tests.factories.histories import consumer_of, open_item, receive
from tests.factories.stores import NOON, RegionFactory, StoreFactory

pytestmark = pytest.mark.django_db

DAY = NOON.date()
CHAIN = ["000000", "510000", "510100", "510104"]


@pytest.fixture
def store():
    return StoreFactory()


def day_of(store, day=DAY):
    row = StoreDay.objects.get(store=store, day=day)
    return Figures(row.received, row.opened, row.users, row.new_users, row.reward_fen)


def region_days(day=DAY):
    rows = RegionDay.objects.filter(day=day).order_by("region_id")
    return {row.region_id: (row.received, row.opened, row.users, row.new_users, row.moving_stores) for row in rows}


def test_a_marked_day_is_counted_from_the_histories(store):
    consumer = consumer_of(store.brand)
    open_item(store, consumer)
    open_item(store, consumer)
    open_item(store, consumer_of(store.brand))
    receive(store, [6, 12])
    mark_day(store_id=store.pk, day=DAY)
    assert count_batch() == {DayKey(store.pk, DAY)}
    assert day_of(store) == Figures(received=18, opened=3, users=2, new_users=2)


def test_every_region_above_the_store_gets_the_difference(store):
    open_item(store, consumer_of(store.brand))
    receive(store, [6])
    mark_day(store_id=store.pk, day=DAY)
    count_batch()
    assert region_days() == dict.fromkeys(CHAIN, (6, 1, 1, 1, 1))


def test_counting_a_day_again_changes_nothing(store):
    open_item(store, consumer_of(store.brand))
    for _ in range(3):
        mark_day(store_id=store.pk, day=DAY)
        count_batch()
    assert day_of(store) == Figures(opened=1, users=1, new_users=1)
    assert region_days() == dict.fromkeys(CHAIN, (0, 1, 1, 1, 1))


def test_many_marks_of_one_day_are_one_count(store):
    mark_days([DayKey(store.pk, DAY)] * 5)
    for _ in range(5):
        mark_day(store_id=store.pk, day=DAY)
    assert PendingCount.objects.count() == 6
    assert count_batch() == {DayKey(store.pk, DAY)}
    assert PendingCount.objects.count() == 0


def test_no_marks_no_rows(store):
    mark_days([])
    assert PendingCount.objects.count() == 0


def test_a_batch_takes_the_oldest_marks_first(store):
    days = [DAY + dt.timedelta(days=n) for n in (5, 1, 3)]
    for day in days:
        mark_day(store_id=store.pk, day=day)
    assert count_batch(limit=2) == {DayKey(store.pk, days[0]), DayKey(store.pk, days[1])}
    assert count_batch(limit=2) == {DayKey(store.pk, days[2])}
    assert count_batch() == set()


def test_stores_of_one_region_add_up(store):
    other = StoreFactory(brand=store.brand)
    for each in (store, other):
        open_item(each, consumer_of(store.brand))
        mark_day(store_id=each.pk, day=DAY)
    count_batch()
    assert region_days() == dict.fromkeys(CHAIN, (0, 2, 2, 2, 2))


def test_brands_have_their_own_sums_in_the_same_region(store):
    stranger = StoreFactory()
    for each in (store, stranger):
        open_item(each, consumer_of(each.brand))
        mark_day(store_id=each.pk, day=DAY)
    count_batch()
    assert list(RegionDay.objects.filter(region_id="510104").values_list("opened", flat=True)) == [1, 1]


def test_a_late_opening_counts_on_the_day_when_it_happened(store):
    consumer = consumer_of(store.brand)
    open_item(store, consumer, NOON)
    mark_day(store_id=store.pk, day=DAY)
    count_batch()
    open_item(store, consumer, NOON - dt.timedelta(days=3))
    mark_days([DayKey(store.pk, DAY), DayKey(store.pk, DAY - dt.timedelta(days=3))])
    count_batch()
    assert day_of(store) == Figures(opened=1, users=1, new_users=0)
    assert day_of(store, DAY - dt.timedelta(days=3)) == Figures(opened=1, users=1, new_users=1)


def test_a_binding_that_moves_away_leaves_nothing_behind(store):
    other = StoreFactory(brand=store.brand, region=RegionFactory(code="510105"))
    opening = open_item(store, consumer_of(store.brand))
    mark_day(store_id=store.pk, day=DAY)
    count_batch()
    Binding.objects.filter(opening=opening).update(store=other)
    mark_days([DayKey(store.pk, DAY), DayKey(other.pk, DAY)])
    count_batch()
    assert day_of(store) == Figures()
    assert day_of(other) == Figures(opened=1, users=1, new_users=1)
    assert region_days() == dict.fromkeys(CHAIN[:3], (0, 1, 1, 1, 1)) | {
        "510104": (0, 0, 0, 0, 0),
        "510105": (0, 1, 1, 1, 1),
    }


def test_a_store_that_moves_takes_its_past_figures_along(store):
    open_item(store, consumer_of(store.brand))
    mark_day(store_id=store.pk, day=DAY)
    count_batch()
    store.region = RegionFactory(code="510105")
    store.save()
    rehome(store_id=store.pk, from_region="510104", to_region="510105")
    assert region_days() == dict.fromkeys(CHAIN[:3], (0, 1, 1, 1, 1)) | {
        "510104": (0, 0, 0, 0, 0),
        "510105": (0, 1, 1, 1, 1),
    }


def test_a_store_without_figures_moves_without_a_trace(store):
    RegionFactory(code="510105")
    rehome(store_id=store.pk, from_region="510104", to_region="510105")
    assert region_days() == {}


def queries_of_a_count(django_assert_max_num_queries, stores):
    for each in stores:
        mark_day(store_id=each.pk, day=DAY)
    with django_assert_max_num_queries(100) as captured:
        assert len(count_batch()) == len(stores)
    return len(captured)


def test_the_queries_of_a_batch_do_not_grow_with_its_stores(store, django_assert_max_num_queries):
    stores = [store, *StoreFactory.create_batch(7, brand=store.brand)]
    for each in stores:
        open_item(each, consumer_of(store.brand))
        receive(each, [1])
    one = queries_of_a_count(django_assert_max_num_queries, stores[:1])
    assert queries_of_a_count(django_assert_max_num_queries, stores[1:]) == one
    assert BATCH >= 100


def test_the_cost_of_a_mark_is_one_row_whatever_the_history(store, django_assert_num_queries):
    for n in range(20):
        open_item(store, consumer_of(store.brand), NOON - dt.timedelta(days=n))
    with django_assert_num_queries(1):
        mark_day(store_id=store.pk, day=DAY)
