import datetime as dt
import random

import pytest

from codes.selectors.figures import CodeFigures
from codes.services.counted import days_touched_by
from stores.figures import DayKey, Figures, WindowUsers
from tests.factories.histories import consumer_of, open_item, receive
from tests.factories.stores import NOON, BrandFactory, StoreFactory

pytestmark = pytest.mark.django_db

DAY = NOON.date()
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def store():
    return StoreFactory()


def counted(store, day=DAY):
    return CodeFigures().of_days([DayKey(store.pk, day)]).get(DayKey(store.pk, day), Figures())


def test_a_day_without_events_is_left_out(store):
    assert CodeFigures().of_days([DayKey(store.pk, DAY)]) == {}


def test_a_receipt_counts_on_the_business_day_of_the_brands_zone(store):
    receive(store, [6], dt.datetime(2026, 3, 2, 15, 59, tzinfo=dt.UTC))
    receive(store, [12], dt.datetime(2026, 3, 2, 16, 0, tzinfo=dt.UTC))
    assert counted(store, dt.date(2026, 3, 2)).received == 6
    assert counted(store, dt.date(2026, 3, 3)).received == 12


def test_each_store_is_counted_in_its_own_brands_zone(store):
    abroad = StoreFactory(brand=BrandFactory(timezone="America/New_York"))
    night = dt.datetime(2026, 3, 3, 4, 30, tzinfo=dt.UTC)
    receive(store, [6], night)
    receive(abroad, [6], night)
    assert counted(store, dt.date(2026, 3, 3)).received == 6
    assert counted(abroad, dt.date(2026, 3, 2)).received == 6


def test_only_receipts_count_as_received(store):
    receive(store, [6], kind="ship")
    receive(store, [6], kind="return")
    assert counted(store) == Figures()


def test_a_consumer_is_new_with_the_first_opening_of_the_brand_only(store):
    consumer = consumer_of(store.brand)
    open_item(StoreFactory(brand=store.brand), consumer, NOON - HOUR)
    open_item(store, consumer, NOON)
    assert counted(store) == Figures(opened=1, users=1, new_users=0)


def test_of_two_openings_at_one_moment_the_lower_serial_is_the_first(store):
    consumer = consumer_of(store.brand)
    other = StoreFactory(brand=store.brand)
    open_item(other, consumer, NOON)
    open_item(store, consumer, NOON)
    assert (counted(other).new_users, counted(store).new_users) == (1, 0)


def test_an_opening_without_a_store_counts_nowhere_but_is_the_first(store):
    consumer = consumer_of(store.brand)
    open_item(None, consumer, NOON - HOUR)
    open_item(store, consumer, NOON)
    assert counted(store) == Figures(opened=1, users=1, new_users=0)


def test_a_recount_of_the_brand_equals_the_counts_of_its_days(store):
    rng = random.Random(7)
    stores = [store, *StoreFactory.create_batch(3, brand=store.brand)]
    consumers = [consumer_of(store.brand) for _ in range(6)]
    for _ in range(60):
        moment = NOON + rng.randrange(100) * HOUR
        open_item(rng.choice([*stores, None]), rng.choice(consumers), moment)
        receive(rng.choice(stores), [rng.randrange(12)] * rng.randrange(3), moment, rng.choice(["receive", "ship"]))
    stranger = StoreFactory()
    open_item(stranger, consumer_of(stranger.brand))

    summed = {}
    rows = list(CodeFigures().of_brand(store.brand_id))
    for key, figures in rows:
        summed[key] = summed.get(key, Figures()) + figures
    keys = [DayKey(each.pk, DAY + dt.timedelta(days=n)) for each in stores for n in range(-1, 6)]
    nothing = Figures()
    assert {key: one for key, one in summed.items() if one != nothing} == {
        key: one for key, one in CodeFigures().of_days(keys).items() if one != nothing
    }
    assert [key for key, _ in rows] == sorted(key for key, _ in rows)
    assert sum(one.opened for one in summed.values()) > 30


def test_users_of_a_window_are_distinct_and_repeat_on_another_day(store):
    twice_a_day, on_two_days = consumer_of(store.brand), consumer_of(store.brand)
    for moment in (NOON, NOON + HOUR):
        open_item(store, twice_a_day, moment)
    for moment in (NOON, NOON - 24 * HOUR, NOON - 240 * HOUR):
        open_item(store, on_two_days, moment)
    source = CodeFigures()
    assert source.users_in_window([store.pk], DAY - dt.timedelta(days=2), DAY) == {store.pk: WindowUsers(2, 1)}
    assert source.users_in_window([store.pk], DAY, DAY) == {store.pk: WindowUsers(2, 0)}
    assert source.users_in_window([], DAY, DAY) == {}


def test_an_opening_touches_its_own_day(store):
    assert days_touched_by(open_item(store, consumer_of(store.brand))) == [DayKey(store.pk, DAY)]


def test_an_opening_without_a_store_touches_no_day(store):
    assert days_touched_by(open_item(None, consumer_of(store.brand))) == []


def test_a_later_opening_touches_its_own_day_alone(store):
    consumer = consumer_of(store.brand)
    open_item(store, consumer, NOON - 48 * HOUR)
    assert days_touched_by(open_item(store, consumer, NOON)) == [DayKey(store.pk, DAY)]


def test_a_late_first_opening_touches_the_day_that_was_first_before(store):
    consumer, other = consumer_of(store.brand), StoreFactory(brand=store.brand)
    open_item(other, consumer, NOON)
    open_item(other, consumer, NOON + 24 * HOUR)
    late = open_item(store, consumer, NOON - 48 * HOUR)
    assert days_touched_by(late) == [DayKey(store.pk, DAY - dt.timedelta(days=2)), DayKey(other.pk, DAY)]
