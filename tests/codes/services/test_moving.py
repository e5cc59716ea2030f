import datetime as dt
import threading

import pytest
from django.db import connection

from codes.formats.serials import SerialRange
from codes.models import Movement, MovementLine
from codes.services.movement_lines import NewMovement
from codes.services.moving import move
from codes.services.packing import pack
from codes.services.refusals import UnknownUnits
from codes.services.unpacking import unpack
from core.errors import Invalid
from stores.models import PendingCount
from tests.factories.stores import NOON, DealerFactory, StoreFactory
from tests.factories.supply import ACTOR, make_goods, make_packed_goods, moved

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def goods():
    return make_packed_goods()


@pytest.fixture
def store(goods):
    return StoreFactory(brand=goods.brand)


def items_of(movement):
    return list(movement.lines.values_list("items", flat=True))


def test_a_case_brings_the_items_inside(goods, store):
    assert items_of(moved("ship", store, goods.case(0))) == [6]


def test_a_pallet_brings_the_items_of_its_cases(goods, store):
    assert items_of(moved("ship", store, goods.pallet(0))) == [12]


def test_loose_items_count_themselves(goods, store):
    assert items_of(moved("ship", store, goods.item(0), goods.item(3))) == [4]


def test_an_emptied_case_brings_nothing(goods, store):
    unpack(brand=goods.brand, parents=[goods.case(0)], actor=ACTOR, now=NOON)
    assert items_of(moved("ship", store, goods.case(0), goods.case(1))) == [6]


def test_a_receipt_has_the_stores_day_counted_anew(goods, store):
    moved("receive", store, goods.case(0), at=dt.datetime(2026, 3, 1, 17, 0, tzinfo=dt.UTC))
    pending = PendingCount.objects.get()
    assert (pending.store_id, pending.day) == (store.pk, dt.date(2026, 3, 2))


@pytest.mark.parametrize("kind", ["ship", "return"])
def test_other_movements_count_no_day(goods, store, kind):
    moved(kind, store, goods.case(0))
    assert not PendingCount.objects.exists()


def test_what_was_sent_to_the_store_is_received_without_a_flag(goods, store):
    moved("ship", store, goods.pallet(0))
    assert moved("receive", store, goods.case(0), at=NOON + HOUR).flag == ""


def test_what_its_own_dealer_had_is_received_without_a_flag(goods, store):
    moved("ship", store.dealer, goods.pallet(0))
    moved("receive", store.dealer, goods.pallet(0), at=NOON + HOUR)
    assert moved("receive", store, goods.case(0), at=NOON + 2 * HOUR).flag == ""


def history_of(goods, store, *kinds):
    """Flag of the last of these movements, an hour apart; a capital letter means another store than `store`."""
    other = StoreFactory(brand=goods.brand)
    names = {"s": "ship", "r": "receive", "b": "return"}
    for number, letter in enumerate(kinds):
        partner = other if letter.isupper() else store
        flag = moved(names[letter.lower()], partner, goods.case(0), at=NOON + number * HOUR).flag
    return flag


@pytest.mark.parametrize(
    ("kinds", "flag"),
    [
        ("s", ""),
        ("sr", ""),
        ("srb", ""),
        ("sb", ""),
        ("srbs", ""),
        ("ss", "shipped_twice"),
        ("sS", "shipped_twice"),
        ("srs", "shipped_twice"),
        ("srS", "shipped_from_a_store"),
        ("r", "received_not_shipped"),
        ("srbr", "received_not_shipped"),
        ("Sr", "received_elsewhere"),
        ("SRr", "received_elsewhere"),
        ("srr", "received_twice"),
        ("b", "returned_not_received"),
        ("SRb", "returned_elsewhere"),
        ("srbb", "returned_twice"),
        ("srbB", "returned_not_received"),
    ],
)
def test_a_contradiction_is_kept_and_flagged(goods, store, kinds, flag):
    assert history_of(goods, store, *kinds) == flag
    assert Movement.objects.count() == len(kinds)


def test_dealers_need_not_confirm_before_sending_on_to_a_store(goods, store):
    moved("ship", store.dealer, goods.case(0))
    assert moved("ship", store, goods.case(0), at=NOON + HOUR).flag == ""


def test_one_case_cannot_be_on_its_way_to_two_dealers(goods):
    one, other = DealerFactory(brand=goods.brand), DealerFactory(brand=goods.brand)
    moved("ship", one, goods.case(0))
    assert moved("ship", other, goods.case(0), at=NOON + HOUR).flag == "shipped_twice"


def test_the_gravest_contradiction_of_all_units_is_told(goods, store):
    other = StoreFactory(brand=goods.brand)
    moved("ship", other, goods.case(1))
    assert moved("receive", store, goods.case(0), goods.case(1), at=NOON + HOUR).flag == "received_elsewhere"


def test_a_case_received_before_brings_no_more_items(goods, store):
    moved("receive", store, goods.case(0))
    again = moved("receive", store, goods.case(0), goods.case(1), at=NOON + HOUR)
    assert items_of(again) == [6]


def test_a_pallet_brings_no_items_of_a_case_that_was_received_before_it(goods, store):
    moved("receive", store, goods.case(0))
    assert items_of(moved("receive", store, goods.pallet(0), at=NOON + HOUR)) == [6]


def test_goods_that_came_back_from_the_store_count_again(goods, store):
    moved("receive", store, goods.case(0))
    moved("return", store, goods.case(0), at=NOON + HOUR)
    assert items_of(moved("receive", store, goods.case(0), at=NOON + 2 * HOUR)) == [6]


def test_a_late_report_is_judged_by_what_was_so_at_its_time(goods, store):
    other = StoreFactory(brand=goods.brand)
    moved("ship", store, goods.case(0))
    moved("ship", other, goods.case(0), at=NOON + 5 * HOUR)
    assert moved("receive", store, goods.case(0), at=NOON + HOUR).flag == ""


def test_a_late_report_of_a_receipt_that_is_known_brings_no_more_items(goods, store):
    moved("receive", store, goods.case(0), at=NOON + 5 * HOUR)
    late = moved("receive", store, goods.case(0))
    assert (late.flag, items_of(late)) == ("received_twice", [0])


def refused(goods, partner, **changes):
    facts = {"kind": "ship", "spans": [SerialRange(goods.case(0), goods.case(0))], "happened_at": NOON} | changes
    with pytest.raises(Invalid) as refusal:
        move(brand=goods.brand, movement=NewMovement(partner=partner, **facts), actor=ACTOR, now=NOON)
    assert not Movement.objects.exists()
    return refusal.value


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "lend"}, "kind"),
        ({"spans": []}, "units"),
        ({"happened_at": NOON + HOUR}, "happened_at"),
        ({"happened_at": dt.datetime(2026, 3, 2)}, "happened_at"),  # noqa: DTZ001
    ],
)
def test_what_is_wrong_by_itself_is_refused_by_field(goods, store, changes, field):
    assert set(refused(goods, store, **changes).fields) == {field}


def test_units_named_twice_are_refused(goods, store):
    spans = [SerialRange(goods.case(0), goods.case(2)), SerialRange(goods.case(2), goods.case(3))]
    assert set(refused(goods, store, spans=spans).fields) == {"units"}


def test_a_store_of_another_brand_is_refused(goods):
    assert set(refused(goods, StoreFactory()).fields) == {"store"}


def test_another_brands_units_are_strangers(goods, store):
    others = make_goods()
    problem = refused(goods, store, spans=[SerialRange(others.case(0), others.case(1))])
    assert isinstance(problem, UnknownUnits)
    assert problem.facts == {"first_offending_serial": others.case(0)}


def test_a_range_over_two_levels_is_refused(goods, store):
    problem = refused(goods, store, spans=[SerialRange(goods.items.last_serial, goods.case(0))])
    assert problem.facts == {"first_offending_serial": goods.case(0)}


@pytest.mark.parametrize("cases", [2, 60])
def test_the_number_of_statements_does_not_grow_with_the_units(cases, django_assert_num_queries):
    goods = make_goods(items=6 * cases, cases=cases)
    store = StoreFactory(brand=goods.brand)
    rows = [(goods.case(n), goods.item(6 * n), goods.item(6 * n + 5)) for n in range(cases)]
    pack(brand=goods.brand, packings=rows, actor=ACTOR, now=NOON)
    spans = [SerialRange(goods.case(n), goods.case(n)) for n in range(cases)]
    new = NewMovement("receive", store, spans, happened_at=NOON)
    with django_assert_num_queries(15):  # two of them for what was received and never sent
        move(brand=goods.brand, movement=new, actor=ACTOR, now=NOON)


@pytest.mark.django_db(transaction=True)
def test_a_receipt_sent_twice_at_once_counts_once():
    goods = make_packed_goods()
    store = StoreFactory(brand=goods.brand)
    start = threading.Barrier(2)

    def receive():
        start.wait()
        try:
            moved("receive", store, goods.case(0))
        finally:
            connection.close()

    threads = [threading.Thread(target=receive) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(MovementLine.objects.values_list("items", flat=True)) == [0, 6]
