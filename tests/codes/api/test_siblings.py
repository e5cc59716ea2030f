"""What travelled with a unit, and where a batch has been."""

import datetime as dt

import pytest

from codes.formats.serials import SerialRange, joined, without
from codes.selectors.siblings import page_of
from codes.services.packing import pack
from codes.services.unpacking import take_out
from tests.codes.api.partners import Partner
from tests.factories.stores import NOON, StoreFactory
from tests.factories.supply import ACTOR, make_goods, make_packed_goods, moved

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def goods():
    return make_packed_goods()


@pytest.fixture
def store(goods):
    return StoreFactory(brand=goods.brand)


@pytest.fixture
def partner(goods):
    return Partner(goods.brand, scopes=["supply"])


def told(partner, serial, query=""):
    """(first, last, store, kind) of each piece."""
    page = partner.read(f"units/{serial}/siblings{query}").json()
    return [(each["first"], each["last"], each["store"], each["kind"]) for each in page["siblings"]]


def test_the_others_of_the_case_are_told_with_where_each_is_now(goods, store, partner):
    moved("receive", store, goods.case(0))
    other = StoreFactory(brand=goods.brand)
    moved("receive", other, goods.item(4), at=NOON + HOUR)
    assert told(partner, goods.item(1)) == [
        (goods.item(0), goods.item(0), store.number, "receive"),
        (goods.item(2), goods.item(3), store.number, "receive"),
        (goods.item(4), goods.item(4), other.number, "receive"),
        (goods.item(5), goods.item(5), store.number, "receive"),
    ]


def test_the_other_cases_of_the_pallet_are_told(goods, store, partner):
    moved("ship", store.dealer, goods.pallet(0))
    told_of = partner.read(f"units/{goods.item(1)}/siblings?holder={goods.pallet(0)}").json()
    (other,) = told_of["siblings"]
    assert (other["first"], other["dealer"], other["pallet"]) == (goods.case(1), store.dealer.number, goods.pallet(0))
    assert told(partner, goods.case(0)) == told(partner, goods.item(0), f"?holder={goods.pallet(0)}")


def test_the_rest_of_the_shipment_is_told(goods, store, partner):
    movement = moved("ship", store, goods.case(0), goods.case(2))
    moved("receive", store, goods.case(1), at=NOON + HOUR)
    assert told(partner, goods.item(0), f"?movement={movement.pk}") == [
        (goods.case(1), goods.case(1), store.number, "receive"),
        (goods.case(2), goods.case(2), store.number, "ship"),
    ]
    steps = partner.read(f"units/{goods.item(0)}/trace").json()["steps"]
    assert steps[-1]["movement"] == movement.pk


def test_what_was_in_the_case_only_afterwards_did_not_travel_with_it(goods, partner):
    take_out(brand=goods.brand, children=[SerialRange(goods.item(0), goods.item(0))], actor=ACTOR, now=NOON + HOUR)
    late = make_goods(brand=goods.brand)
    pack(
        brand=goods.brand,
        packings=[(goods.case(0), late.item(0), late.item(0))],
        actor=ACTOR,
        now=NOON + 2 * HOUR,
    )
    assert told(partner, goods.item(0)) == [(goods.item(1), goods.item(5), None, None)]
    assert (late.item(0), late.item(0), None, None) in told(partner, goods.item(1))


def test_who_was_in_nothing_has_no_siblings():
    loose = make_goods()
    assert told(Partner(loose.brand, scopes=["supply"]), loose.item(0)) == []


@pytest.mark.parametrize("query", ["holder={other}", "movement=999999", "movement=0", "holder=x", "first=-1"])
def test_only_steps_of_the_own_trace_are_asked(goods, partner, query):
    answer = partner.read(f"units/{goods.item(0)}/siblings?{query.format(other=goods.case(3))}")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [query.partition("=")[0]])


def test_many_siblings_come_in_pages_that_miss_none(goods, store):
    for number in range(0, 24, 2):
        moved("receive", store, goods.item(number))
    ranges, first, found = [SerialRange(goods.item(0), goods.item(23))], 0, []
    while first is not None:
        page = page_of(ranges, first=first, most=5)
        assert len(page.pieces) <= 5
        found += page.pieces
        first = page.next_serial
    assert joined(piece.serials for piece in found) == ranges
    assert len(found) == 24


def test_ranges_are_joined_and_cut():
    spans = [SerialRange(5, 6), SerialRange(1, 2), SerialRange(3, 3), SerialRange(6, 9)]
    assert joined(spans) == [SerialRange(1, 3), SerialRange(5, 9)]
    assert without(joined(spans), 5) == [SerialRange(1, 3), SerialRange(6, 9)]
    assert without(joined(spans), 2) == [SerialRange(1, 1), SerialRange(3, 3), SerialRange(5, 9)]
    assert without(joined(spans), 9) == [SerialRange(1, 3), SerialRange(5, 8)]


def test_every_store_that_a_batch_has_reached_is_named(goods, store, partner):
    other, third = StoreFactory(brand=goods.brand), StoreFactory(brand=goods.brand)
    moved("receive", store, goods.pallet(0))
    moved("return", store, goods.case(0), at=NOON + HOUR)
    moved("receive", other, goods.case(0), at=NOON + 2 * HOUR)
    moved("receive", other, goods.item(7), at=NOON + 3 * HOUR)
    moved("ship", third, goods.case(3))
    stranger = make_packed_goods(brand=goods.brand)
    moved("receive", third, stranger.case(0))
    batch = goods.items.batch
    reached = partner.read(f"batches/{batch.product.gtin}/{batch.lot}/stores").json()["stores"]
    assert sorted((each["store"], each["receipts"]) for each in reached) == sorted(
        [(store.number, 1), (other.number, 2)]
    )
