import datetime as dt

import pytest
from django.db import connection

from codes.selectors.custody import custody_of, custody_of_many
from codes.selectors.journey import journey_of
from codes.services.packing import pack
from codes.services.unpacking import unpack
from tests.factories.stores import NOON, DealerFactory, StoreFactory
from tests.factories.supply import ACTOR, make_packed_goods, moved

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def goods():
    return make_packed_goods()


@pytest.fixture
def store(goods):
    return StoreFactory(brand=goods.brand)


def test_an_item_knows_its_case_and_pallet(goods):
    custody = custody_of(goods.item(7))
    assert (custody.case_serial, custody.pallet_serial, custody.movement) == (goods.case(1), goods.pallet(0), None)


def test_a_case_knows_its_pallet(goods):
    custody = custody_of(goods.case(2))
    assert (custody.case_serial, custody.pallet_serial) == (None, goods.pallet(1))


@pytest.mark.parametrize("level", ["item", "case", "pallet"])
def test_custody_of_an_item_follows_a_movement_at_any_level(goods, store, level):
    movement = moved("receive", store, getattr(goods, level)(0))
    custody = custody_of(goods.item(0))
    assert (custody.store_id, custody.received_by_store_id, custody.movement.id, custody.since) == (
        store.pk,
        store.pk,
        movement.pk,
        NOON,
    )


def test_the_newest_movement_on_the_way_up_wins(goods, store):
    dealer = DealerFactory(brand=goods.brand)
    moved("receive", store, goods.case(0), at=NOON + HOUR)
    moved("receive", dealer, goods.pallet(0))
    assert custody_of(goods.item(0)).store_id == store.pk
    assert custody_of(goods.item(6)).dealer_id == dealer.pk


def test_a_movement_reported_late_does_not_overrule_a_newer_one(goods, store):
    moved("receive", store, goods.case(0), at=NOON + HOUR)
    moved("ship", store, goods.case(0))
    assert custody_of(goods.item(0)).movement.kind == "receive"


def test_after_a_return_nobody_has_it(goods, store):
    moved("receive", store, goods.case(0))
    moved("return", store, goods.case(0), at=NOON + HOUR)
    custody = custody_of(goods.item(0))
    assert (custody.store_id, custody.dealer_id, custody.movement.store_id) == (None, None, store.pk)


def test_goods_on_their_way_are_not_received(goods, store):
    moved("ship", store, goods.case(0))
    custody = custody_of(goods.item(0))
    assert (custody.store_id, custody.received_by_store_id) == (store.pk, None)


def test_an_item_taken_out_stays_where_its_case_was(goods, store):
    moved("receive", store, goods.case(0))
    unpack(brand=goods.brand, parents=[goods.case(0)], actor=ACTOR, now=NOON + HOUR)
    custody = custody_of(goods.item(0))
    assert (custody.case_serial, custody.store_id) == (None, store.pk)


def test_an_item_taken_out_does_not_travel_on_with_its_old_case(goods, store):
    unpack(brand=goods.brand, parents=[goods.case(0)], actor=ACTOR, now=NOON)
    moved("receive", store, goods.case(0), at=NOON + HOUR)
    assert custody_of(goods.item(0)).movement is None


def test_an_item_packed_anew_travels_with_its_new_case(goods, store):
    unpack(brand=goods.brand, parents=[goods.case(0), goods.case(3)], actor=ACTOR, now=NOON)
    row = (goods.case(3), goods.item(0), goods.item(5))
    pack(brand=goods.brand, packings=[row], actor=ACTOR, now=NOON + HOUR)
    moved("receive", store, goods.pallet(1), at=NOON + 2 * HOUR)
    custody = custody_of(goods.item(0))
    assert (custody.case_serial, custody.pallet_serial, custody.store_id) == (
        goods.case(3),
        goods.pallet(1),
        store.pk,
    )


def test_custody_can_be_asked_for_an_earlier_moment(goods, store):
    dealer = DealerFactory(brand=goods.brand)
    moved("receive", dealer, goods.case(0))
    moved("receive", store, goods.case(0), at=NOON + 2 * HOUR)
    assert custody_of(goods.item(0), at=NOON + HOUR).dealer_id == dealer.pk


def test_custody_of_many_is_one_statement(goods, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = custody_of_many([goods.item(n) for n in range(24)])
    assert [found[goods.item(n)].case_serial for n in (0, 6, 12, 18)] == [goods.case(n) for n in range(4)]


def test_a_serial_that_was_never_issued_has_no_custody():
    custody = custody_of(999_999)
    assert (custody.case_serial, custody.pallet_serial, custody.movement) == (None, None, None)


def test_a_long_history_of_other_units_is_not_read(goods, store):
    """The plan must go by index: no sequential scan over packings, movements or lines."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO codes_packing "
            "(brand_id, parent_serial, children, packed_by, packed_at, recorded_at, unpacked_by) "
            "SELECT %s, 5000000 + n, int8range(10000000 + n * 6, 10000006 + n * 6), 'x', now(), now(), '' "
            "FROM generate_series(1, 20000) n",
            [goods.brand.pk],
        )
        movement = moved("receive", store, goods.case(0))
        cursor.execute(
            "INSERT INTO codes_movementline (movement_id, serials, items) "
            "SELECT %s, int8range(5000000 + n, 5000001 + n), 6 FROM generate_series(1, 20000) n",
            [movement.pk],
        )
        cursor.execute("ANALYZE codes_packing, codes_movementline, codes_movement")
        cursor.execute("SELECT pg_stat_get_xact_tuples_returned(%s::regclass)", ["codes_packing"])
        before = cursor.fetchone()[0]
        assert custody_of(goods.item(0)).store_id == store.pk
        cursor.execute("SELECT pg_stat_get_xact_tuples_returned(%s::regclass)", ["codes_packing"])
        assert cursor.fetchone()[0] == before  # tuples read by sequential scans


def test_a_journey_tells_packings_and_movements_in_order(goods, store):
    moved("ship", store, goods.pallet(0), at=NOON + HOUR)
    moved("receive", store, goods.case(0), at=NOON + 2 * HOUR)
    unpack(brand=goods.brand, parents=[goods.case(0)], actor=ACTOR, now=NOON + 3 * HOUR)
    moved("return", store, goods.case(0), at=NOON + 4 * HOUR)
    steps = [(step.what, step.serial) for step in journey_of(goods.item(0))]
    assert steps == [
        ("packed", goods.item(0)),
        ("packed", goods.case(0)),
        ("ship", goods.pallet(0)),
        ("receive", goods.case(0)),
        ("unpacked", goods.item(0)),
    ]


def test_a_journey_takes_three_statements_however_long(goods, store, django_assert_num_queries):
    for hour in range(5):
        moved("receive", store, goods.case(0), at=NOON + hour * HOUR)
    with django_assert_num_queries(3):
        assert len(journey_of(goods.item(0))) == 7
