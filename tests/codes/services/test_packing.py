import datetime as dt
import threading

import pytest
from django.db import connection

from codes.formats.serials import SerialRange
from codes.models import Packing
from codes.selectors.contents import children_of
from codes.services.packing import MOST_AT_ONCE, AlreadyPacked, pack
from codes.services.refusals import UnknownUnits, WrongLevel
from codes.services.unpacking import NotPacked, take_out, unpack
from core.errors import Invalid
from core.models import AuditEntry
from tests.factories.codes import make_order
from tests.factories.stores import NOON, BrandFactory
from tests.factories.supply import ACTOR, make_goods, make_packed_goods

pytestmark = pytest.mark.django_db

SAID = {"actor": ACTOR, "now": NOON}


def refusal_of(kind, goods, rows, brand=None):
    before = Packing.objects.count()
    with pytest.raises(kind) as refusal:
        pack(brand=brand or goods.brand, packings=rows, **SAID)
    assert Packing.objects.count() == before
    return refusal.value


def test_a_case_holds_the_items_packed_into_it():
    goods = make_goods()
    pack(brand=goods.brand, packings=[(goods.case(0), goods.item(0), goods.item(5))], **SAID)
    assert children_of(goods.case(0)) == [SerialRange(goods.item(0), goods.item(5))]


def test_one_case_can_be_filled_by_several_rows():
    goods = make_goods()
    rows = [(goods.case(0), goods.item(0), goods.item(1)), (goods.case(0), goods.item(4), goods.item(5))]
    assert pack(brand=goods.brand, packings=rows, **SAID) == 2


def test_packing_is_audited_once_a_call():
    goods = make_packed_goods()
    entry = AuditEntry.objects.get(action="units.packed")
    assert (entry.after, entry.brand_slug) == ({"packings": 6, "children": 28}, goods.brand.slug)


def test_a_child_that_is_packed_already_is_named_with_its_parent():
    goods = make_packed_goods()
    problem = refusal_of(AlreadyPacked, goods, [(goods.case(1), goods.item(3), goods.item(8))])
    assert problem.facts == {"first_offending_serial": goods.item(3), "parent_serial": goods.case(0)}
    assert set(problem.fields) == {"packings.0"}


def test_a_child_named_twice_in_one_call_is_refused():
    goods = make_goods()
    rows = [(goods.case(0), goods.item(6), goods.item(9)), (goods.case(1), goods.item(0), goods.item(6))]
    problem = refusal_of(AlreadyPacked, goods, rows)
    assert problem.facts == {"first_offending_serial": goods.item(6)}


def test_serials_beyond_the_order_are_refused_naming_the_first():
    goods = make_goods()
    last = goods.items.last_serial
    problem = refusal_of(UnknownUnits, goods, [(goods.case(0), last - 1, last + 1)])
    assert problem.facts == {"first_offending_serial": last + 1}


def test_another_brands_items_are_strangers():
    goods, others = make_goods(), make_goods()
    problem = refusal_of(UnknownUnits, goods, [(goods.case(0), others.item(0), others.item(0))])
    assert problem.facts == {"first_offending_serial": others.item(0)}


def test_another_brands_case_is_a_stranger():
    goods, others = make_goods(), make_goods()
    problem = refusal_of(UnknownUnits, goods, [(others.case(0), goods.item(0), goods.item(0))])
    assert problem.facts == {"first_offending_serial": others.case(0)}


def test_a_brand_without_orders_knows_no_units():
    refusal_of(UnknownUnits, make_goods(), [(1, 2, 3)], brand=BrandFactory())


@pytest.mark.parametrize(
    ("parent", "child"), [("pallet", "item"), ("case", "pallet"), ("case", "case"), ("item", "item")]
)
def test_a_parent_is_one_level_above_its_children(parent, child):
    goods = make_goods()
    row = (getattr(goods, parent)(1), getattr(goods, child)(0), getattr(goods, child)(0))
    assert refusal_of(WrongLevel, goods, [row]).facts == {"first_offending_serial": row[0]}


def test_a_unit_cannot_be_in_itself():
    goods = make_goods()
    refusal_of(WrongLevel, goods, [(goods.case(0), goods.case(0), goods.case(0))])


@pytest.mark.parametrize("row", [(1, 5, 4), (1, -1, 4), (2**40, 1, 1), (1, 1, 2**40)])
def test_numbers_that_are_no_serials_are_refused(row):
    goods = make_goods()
    with pytest.raises(Invalid) as refusal:
        pack(brand=goods.brand, packings=[(goods.case(0), goods.item(0), goods.item(0)), row], **SAID)
    assert set(refusal.value.fields) == {"packings.1"}


def test_an_unpacked_case_can_be_packed_anew():
    goods = make_packed_goods()
    unpack(brand=goods.brand, parents=[goods.case(0)], **SAID)
    pack(brand=goods.brand, packings=[(goods.case(0), goods.item(0), goods.item(2))], **SAID)
    assert children_of(goods.case(0)) == [SerialRange(goods.item(0), goods.item(2))]


def test_unpacking_keeps_who_and_when():
    goods = make_packed_goods()
    unpack(brand=goods.brand, parents=[goods.case(0)], **SAID)
    past = Packing.objects.get(parent_serial=goods.case(0))
    assert (past.unpacked_by, past.unpacked_at) == (ACTOR, NOON)


def test_what_was_done_earlier_is_kept_with_both_moments():
    goods, hour = make_goods(), dt.timedelta(hours=1)
    said = {"brand": goods.brand, "actor": ACTOR}
    whole = (goods.case(0), goods.item(0), goods.item(5))
    pack(packings=[whole], now=NOON, happened_at=NOON - 3 * hour, **said)
    take_out(children=[SerialRange(goods.item(2), goods.item(3))], now=NOON, happened_at=NOON - 2 * hour, **said)
    unpack(parents=[goods.case(0)], now=NOON, happened_at=NOON + dt.timedelta(minutes=4), **said)
    out, rows = NOON - 2 * hour, Packing.objects.order_by("id")
    kept = rows.values_list("packed_at", "recorded_at", "unpacked_at", "unpacking_recorded_at")
    assert list(kept) == [(NOON - 3 * hour, NOON, out, NOON), (out, NOON, NOON, NOON), (out, NOON, NOON, NOON)]


def test_a_moment_to_come_or_without_time_zone_is_refused():
    goods = make_packed_goods()
    for moment in (NOON + dt.timedelta(minutes=6), NOON.replace(tzinfo=None)):
        for work, facts in ((pack, {"packings": [(1, 2, 3)]}), (unpack, {"parents": [goods.case(0)]})):
            with pytest.raises(Invalid) as refusal:
                work(brand=goods.brand, happened_at=moment, **facts, **SAID)
            assert set(refusal.value.fields) == {"happened_at"}


def test_nothing_is_packed_while_it_was_elsewhere_nor_unpacked_before_it_was_packed():
    goods, hour = make_packed_goods(), dt.timedelta(hours=1)
    with pytest.raises(NotPacked) as refusal:
        unpack(brand=goods.brand, parents=[goods.case(0)], happened_at=NOON - hour, **SAID)
    assert refusal.value.facts == {"first_offending_serial": goods.item(0)}
    unpack(brand=goods.brand, parents=[goods.case(0)], happened_at=NOON - dt.timedelta(minutes=4), **SAID)
    assert Packing.objects.get(parent_serial=goods.case(0)).unpacked_at == NOON
    row = (goods.case(1), goods.item(2), goods.item(3))
    with pytest.raises(AlreadyPacked) as refusal:
        pack(brand=goods.brand, packings=[row], happened_at=NOON - hour, **SAID)
    assert refusal.value.facts == {"first_offending_serial": goods.item(2), "parent_serial": goods.case(0)}
    assert pack(brand=goods.brand, packings=[row], happened_at=NOON, **SAID) == 1


def test_unpacking_an_empty_case_empties_none():
    goods = make_packed_goods()
    unpack(brand=goods.brand, parents=[goods.case(1)], **SAID)
    with pytest.raises(NotPacked) as refusal:
        unpack(brand=goods.brand, parents=[goods.case(0), goods.case(1)], **SAID)
    assert refusal.value.facts == {"first_offending_serial": goods.case(1)}
    assert children_of(goods.case(0)) != []


def test_another_brands_case_cannot_be_unpacked():
    goods = make_packed_goods()
    with pytest.raises(NotPacked):
        unpack(brand=BrandFactory(), parents=[goods.case(0)], **SAID)


def test_taking_some_out_leaves_the_others_inside():
    goods = make_packed_goods()
    take_out(brand=goods.brand, children=[SerialRange(goods.item(2), goods.item(7))], **SAID)
    assert children_of(goods.case(0)) == [SerialRange(goods.item(0), goods.item(1))]
    assert children_of(goods.case(1)) == [SerialRange(goods.item(8), goods.item(11))]


def test_taking_out_what_is_in_nothing_is_refused_naming_the_first():
    goods = make_packed_goods()
    unpack(brand=goods.brand, parents=[goods.case(1)], **SAID)
    with pytest.raises(NotPacked) as refusal:
        take_out(brand=goods.brand, children=[SerialRange(goods.item(4), goods.item(13))], **SAID)
    assert refusal.value.facts == {"first_offending_serial": goods.item(6)}


@pytest.mark.parametrize("cases", [10, 2_000])
def test_the_number_of_statements_does_not_grow_with_the_rows(cases, django_assert_num_queries):
    goods = make_goods(items=6 * cases, cases=cases)
    rows = [(goods.case(n), goods.item(6 * n), goods.item(6 * n + 5)) for n in range(cases)]
    with django_assert_num_queries(6):  # blocks, free?, savepoint, insert, audit, release
        pack(brand=goods.brand, packings=rows, **SAID)


@pytest.mark.django_db(transaction=True)
def test_of_two_cases_that_take_one_item_at_once_one_is_refused_by_name():
    goods = make_goods()
    start, outcomes = threading.Barrier(2), []

    def take(case, first):
        start.wait()
        try:
            pack(brand=goods.brand, packings=[(case, first, first + 3)], **SAID)
            outcomes.append("packed")
        except AlreadyPacked as problem:
            outcomes.append(problem.facts["first_offending_serial"])
        finally:
            connection.close()

    threads = [
        threading.Thread(target=take, args=args)
        for args in [(goods.case(0), goods.item(0)), (goods.case(1), goods.item(2))]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str) == [goods.item(2), "packed"]


@pytest.mark.django_db(transaction=True)
def test_the_constraint_speaks_where_the_look_came_too_early(monkeypatch):
    goods = make_packed_goods()
    monkeypatch.setattr("codes.services.packing.check_free", lambda *_: None)
    problem = refusal_of(AlreadyPacked, goods, [(goods.case(1), goods.item(5), goods.item(5))])
    assert problem.facts == {"first_offending_serial": goods.item(5), "parent_serial": goods.case(0)}


@pytest.mark.parametrize("rows", [0, MOST_AT_ONCE + 1])
def test_a_call_holds_at_least_one_packing_and_not_too_many(rows):
    goods = make_goods()
    problem = refusal_of(Invalid, goods, [(goods.case(0), goods.item(0), goods.item(0))] * rows)
    assert set(problem.fields) == {"packings"}


def test_a_range_may_go_over_two_orders_that_touch():
    goods = make_goods(items=2)
    more = make_order(batch=goods.pallets.batch, quantity=4)
    other = make_order(batch=more.batch, quantity=4)
    pack(brand=goods.brand, packings=[(goods.case(0), more.first_serial, other.last_serial)], **SAID)
    assert children_of(goods.case(0)) == [SerialRange(more.first_serial, other.last_serial)]
