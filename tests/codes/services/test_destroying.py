"""Destroyed and sampled units: who has them, what their codes say, and what a recall still counts."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from codes.formats.serials import SerialRange
from codes.models import Movement
from codes.selectors.custody import custody_of
from codes.selectors.destroyed import destroyed_among
from codes.selectors.recall_lists import recall_drill
from codes.selectors.states import state_of
from codes.services.exceptions import Finding, solve
from codes.services.scanning import record_scan
from codes.services.spans import activate, recall
from codes.services.unpacking import UnitDestroyed, take_out, unpack
from consumers.services.identity import sign_in_local
from core.errors import Invalid
from tests.codes.scanning import market as markets
from tests.codes.scanning.market import Market, code, posted
from tests.factories.stores import NOON, DealerFactory, StoreFactory
from tests.factories.supply import ACTOR, make_packed_goods, moved

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
SAID = {"actor": ACTOR, "now": NOON}


@pytest.fixture
def goods():
    return make_packed_goods()


@pytest.fixture
def store(goods):
    return StoreFactory(brand=goods.brand)


@pytest.fixture
def market(db, settings):
    settings.OFFER_SOURCE = "tests.codes.scanning.market.open_source"
    markets.offered.clear()
    return Market()


@pytest.mark.parametrize("kind", ["destroy", "sample"])
def test_after_its_end_nobody_has_a_unit_and_no_count_calls_it_unsold(goods, store, kind):
    moved("receive", store, goods.pallet(0))
    moved(kind, store, goods.case(0), at=NOON + HOUR)
    held = custody_of(goods.item(0))
    assert (held.movement.kind, held.store_id, held.dealer_id, held.received_by_store_id) == (kind, None, None, None)
    drill = recall_drill(goods.items.batch)
    (call,) = drill.calls
    ended = {"destroy": drill.destroyed.items, "sample": drill.sampled.items}
    assert (call.unsold, ended.pop(kind), list(ended.values())) == (6, 6, [0])
    assert (drill.with_brand.items, drill.out) == (12, 6)


def test_the_brand_destroys_its_own_goods_without_naming_a_partner(goods):
    movement = moved("destroy", goods.brand, goods.case(0))
    assert (movement.store, movement.dealer, movement.flag) == (None, None, "")
    assert movement.lines.get().items == 6


def test_the_database_wants_a_partner_of_what_is_sent(goods):
    facts = {"recorded_by": ACTOR, "happened_at": NOON, "recorded_at": NOON}
    with pytest.raises(IntegrityError, match="movement_one_partner"), transaction.atomic():
        Movement.objects.create(brand=goods.brand, kind="ship", **facts)
    with pytest.raises(Invalid) as refusal:
        moved("ship", goods.brand, goods.case(0))
    assert list(refusal.value.fields) == ["store"]


@pytest.mark.parametrize(
    ("before", "kind", "where", "flag"),
    [
        ([], "destroy", "brand", ""),
        ([("ship", "store"), ("return", "store")], "sample", "brand", ""),
        ([("ship", "store")], "destroy", "store", ""),
        ([("ship", "dealer")], "sample", "store", ""),
        ([("ship", "store")], "destroy", "brand", "destroyed_elsewhere"),
        ([], "sample", "store", "sampled_elsewhere"),
        ([("ship", "other")], "destroy", "store", "destroyed_elsewhere"),
        ([("sample", "brand")], "destroy", "brand", ""),
        ([("sample", "brand")], "ship", "store", "moved_after_sampled"),
        ([("destroy", "brand")], "destroy", "brand", "moved_after_destroyed"),
        ([("destroy", "brand")], "receive", "store", "moved_after_destroyed"),
    ],
)
def test_an_end_fits_with_who_has_the_goods_or_is_flagged(goods, store, before, kind, where, flag):
    places = {"brand": goods.brand, "store": store, "dealer": store.dealer, "other": DealerFactory(brand=goods.brand)}
    for number, (earlier, at) in enumerate(before):
        moved(earlier, places[at], goods.case(0), at=NOON + number * HOUR)
    assert moved(kind, places[where], goods.case(0), at=NOON + 9 * HOUR).flag == flag


def test_a_destroyed_unit_is_void_though_it_is_activated_afterwards(goods):
    moved("destroy", goods.brand, goods.case(0))
    activate(brand=goods.brand, order_id=goods.items.pk, serials=None, **SAID)
    assert [state_of(goods.item(n), now=SAID["now"]).state for n in (0, 5, 6)] == ["voided", "voided", "active"]
    recall(brand=goods.brand, order_id=goods.items.pk, serials=None, **SAID)
    assert state_of(goods.item(0), now=SAID["now"]).state == "recalled"


def test_what_turns_up_again_stays_void_until_a_person_accepts_it(goods, store):
    moved("destroy", goods.brand, goods.case(0))
    again = moved("receive", store, goods.case(0), at=NOON + HOUR)
    assert (custody_of(goods.item(0)).store_id, destroyed_among([goods.item(0)])) == (store.pk, [goods.item(0)])
    solve(brand=goods.brand, exception_id=again.exceptions.get().pk, finding=Finding("accepted"), **SAID)
    assert destroyed_among([goods.item(0)]) == []
    moved("destroy", store, goods.case(0), at=NOON + 2 * HOUR)
    assert destroyed_among([goods.item(0), goods.item(6)]) == [goods.item(0)]


def test_nothing_comes_out_of_a_destroyed_case(goods):
    moved("destroy", goods.brand, goods.case(0))
    with pytest.raises(UnitDestroyed) as refusal:
        unpack(brand=goods.brand, parents=[goods.case(1), goods.case(0)], **SAID)
    assert refusal.value.facts["first_offending_serial"] == goods.case(0)
    with pytest.raises(UnitDestroyed):
        take_out(brand=goods.brand, children=[SerialRange(goods.item(2), goods.item(2))], **SAID)


def scanned(market):
    consumer = sign_in_local(brand=market.brand, name="Ann", now=NOON)
    return record_scan(posted(code(1000), consumer=consumer), now=NOON)


def test_a_scan_of_a_destroyed_item_says_void_and_opens_nothing(market):
    market.received_by(market.store())
    market.move("destroy", market.store(), days_ago=0.5)
    for number in range(13):
        market.move("receive", market.store(), days_ago=0.4 - number / 100)
    answer = scanned(market)
    assert (answer.verdict, answer.opened, answer.offer) == ("voided", False, None)


def test_a_scan_of_a_sample_says_genuine_and_opens_nothing(market):
    market.received_by(market.store())
    market.move("sample", market.store(), days_ago=0.5)
    answer = scanned(market)
    assert (answer.verdict, answer.opened, answer.sampled, answer.offer) == ("genuine_first", False, True, None)
