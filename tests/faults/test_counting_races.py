import datetime as dt
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from codes.services.counted import days_touched_by
from stores.figures import DayKey
from stores.models import PendingCount, RegionDay, StoreDay
from stores.selectors.recount import differences
from stores.services.counting import count_batch, lock_days, mark_day, mark_days
from stores.services.region_sums import rehome
from tests.factories.histories import consumer_of, open_item, order_of, receive
from tests.factories.stores import NOON, RegionFactory, StoreFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

DAY = NOON.date()


@pytest.fixture(autouse=True)
def _receipts_and_openings_alone(settings):
    settings.FIGURE_SOURCES = ["codes.selectors.figures.CodeFigures"]
    settings.RECOUNTS = []


@pytest.fixture
def store():
    store = StoreFactory()
    order_of(store.brand)
    return store


def in_threads(*works):
    """Run all at once, each on a connection of its own; raises what any of them raised."""

    def run(work):
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, work) for work in works]]


def sell(store, consumer, moment):
    with transaction.atomic():
        mark_days(days_touched_by(open_item(store, consumer, moment)))


def test_openings_while_days_are_being_counted_are_neither_lost_nor_counted_twice(store):
    stores = [store, *[StoreFactory(brand=store.brand, region=RegionFactory(code=c)) for c in ("510105", "510106")]]
    consumers = [consumer_of(store.brand) for _ in range(5)]
    selling = threading.Event()
    selling.set()

    def sell_some(seed):
        rng = random.Random(seed)
        for _ in range(25):
            moment = NOON - dt.timedelta(hours=rng.randrange(96))
            sell(rng.choice(stores), rng.choice(consumers), moment)
            if rng.random() < 0.3:
                with transaction.atomic():
                    place = rng.choice(stores)
                    receive(place, [6], moment)
                    mark_day(store_id=place.pk, day=(moment + dt.timedelta(hours=8)).date())

    def count_some():
        while selling.is_set():
            count_batch(limit=3)

    def sell_all():
        try:
            in_threads(*[lambda n=n: sell_some(n) for n in range(4)])
        finally:
            selling.clear()

    in_threads(sell_all, count_some, count_some, count_some)
    while count_batch():
        continue
    assert list(differences()) == []
    assert sum(StoreDay.objects.values_list("opened", flat=True)) == 100
    assert sum(StoreDay.objects.values_list("new_users", flat=True)) == 5
    assert sum(RegionDay.objects.filter(region_id="000000").values_list("opened", flat=True)) == 100


def test_a_count_that_had_to_wait_sees_what_was_committed_meanwhile(store):
    consumer = consumer_of(store.brand)
    mark_day(store_id=store.pk, day=DAY)
    lock_days([DayKey(store.pk, DAY)])
    with transaction.atomic():
        lock_days([DayKey(store.pk, DAY)])
        counting = threading.Thread(target=lambda: in_threads(count_batch))
        counting.start()
        wait_for_a_waiter()
        in_threads(lambda: open_item(store, consumer))
    counting.join(timeout=30)
    assert StoreDay.objects.get(store=store).opened == 1


def wait_for_a_waiter():
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def test_of_two_first_openings_at_one_time_the_second_to_be_written_sees_the_other(store):
    consumer = consumer_of(store.brand)
    with transaction.atomic():
        mark_days(days_touched_by(open_item(store, consumer, NOON - dt.timedelta(days=3))))
        later = threading.Thread(target=lambda: in_threads(lambda: sell_and_count(store, consumer, NOON)))
        later.start()
        wait_for_a_waiter()
    later.join(timeout=30)
    while count_batch():
        continue
    assert list(differences()) == []
    assert dict(StoreDay.objects.values_list("day", "new_users")) == {DAY - dt.timedelta(days=3): 1, DAY: 0}


def sell_and_count(store, consumer, moment):
    sell(store, consumer, moment)
    count_batch()


def test_a_store_that_moves_while_it_is_counted_leaves_right_sums(store):
    RegionFactory(code="510105")

    def move_to(there, back):
        for _ in range(10):
            for old, new in ((back, there), (there, back)):
                with transaction.atomic():
                    type(store).objects.filter(pk=store.pk).update(region_id=new)
                    rehome(store_id=store.pk, from_region=old, to_region=new)

    def sell_and_count_some():
        for n in range(20):
            sell_and_count(store, consumer, NOON - dt.timedelta(days=n % 4))

    consumer = consumer_of(store.brand)
    in_threads(lambda: move_to("510105", "510104"), sell_and_count_some)
    while count_batch():
        continue
    assert list(differences()) == []


class Killed(Exception):  # noqa: N818 - stands in for a death of the process
    pass


def test_a_count_that_dies_at_any_statement_changes_nothing_and_loses_nothing(store):
    open_item(store, consumer_of(store.brand))
    receive(store, [6])
    mark_day(store_id=store.pk, day=DAY)
    statement = 0
    while not dies_at(statement):
        assert PendingCount.objects.count() == 1
        assert StoreDay.objects.count() == 0
        assert RegionDay.objects.count() == 0
        statement += 1
    assert statement > 8
    assert PendingCount.objects.count() == 0
    assert StoreDay.objects.get(store=store).opened == 1
    assert list(differences()) == []


def dies_at(statement):
    """Count, but die before the statement of this number; whether the count came to its end instead."""
    seen = 0

    def die(execute, sql, params, many, context):
        nonlocal seen
        if seen == statement:
            raise Killed
        seen += 1
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(die):
            count_batch()
    except Killed:
        return False
    return True
