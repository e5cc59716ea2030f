"""Short and surplus receipts."""

import datetime as dt

import pytest

from codes.formats.serials import SerialRange
from codes.models import Contradiction, MovementException
from codes.selectors.custody import custody_of
from codes.services.movement_lines import Count, NewMovement
from codes.services.moving import move
from codes.services.refusals import UnknownUnits
from core.errors import Invalid
from tests.factories.stores import NOON, StoreFactory
from tests.factories.supply import ACTOR, make_goods, make_packed_goods, moved

pytestmark = pytest.mark.django_db

LATER = NOON + dt.timedelta(hours=1)


@pytest.fixture
def goods():
    return make_packed_goods()


@pytest.fixture
def store(goods):
    return StoreFactory(brand=goods.brand)


def one(first, last=None):
    return SerialRange(first, first if last is None else last)


def received(store, *spans, **facts):
    new = NewMovement("receive", store, list(spans), happened_at=LATER, **facts)
    return move(brand=store.brand, movement=new, actor=ACTOR, now=LATER)


def told(movement):
    """kind -> (holder, expected, counted, units) of the movement's exceptions."""
    return {
        row.kind: (
            row.holder_serial,
            row.expected,
            row.counted,
            [(line.serials.lower, line.serials.upper - 1) for line in row.lines.order_by("serials")],
        )
        for row in movement.exceptions.all()
    }


def test_a_case_counted_short_brings_what_was_found(goods, store):
    moved("ship", store, goods.case(0))
    movement = received(store, one(goods.case(0)), counts=[Count(goods.case(0), number=5)])
    assert (movement.flag, told(movement)) == ("short", {"short": (goods.case(0), 6, 5, [])})
    line = movement.lines.get()
    assert (line.items, line.counted) == (5, 5)


def test_a_pallet_counted_short_brings_its_share_of_items(goods, store):
    moved("ship", store, goods.pallet(0))
    movement = received(store, one(goods.pallet(0)), counts=[Count(goods.pallet(0), number=1)])
    assert (movement.lines.get().items, told(movement)["short"]) == (6, (goods.pallet(0), 2, 1, []))


@pytest.mark.parametrize(("number", "kinds"), [(6, []), (7, ["surplus"])])
def test_a_count_is_kept_and_only_a_difference_flagged(goods, store, number, kinds):
    moved("ship", store, goods.case(0))
    movement = received(store, one(goods.case(0)), counts=[Count(goods.case(0), number=number)])
    line = movement.lines.get()
    assert (list(told(movement)), line.items, line.counted) == (kinds, 6, number)


def test_named_content_tells_which_are_missing_and_which_too_many(goods, store):
    moved("ship", store, goods.pallet(0))
    counts = [Count(goods.pallet(0), found=[one(goods.case(0)), one(goods.case(2))])]
    movement = received(store, one(goods.pallet(0)), counts=counts)
    assert told(movement) == {
        "short": (goods.pallet(0), 2, 2, [(goods.case(1), goods.case(1))]),
        "surplus": (goods.pallet(0), 2, 2, [(goods.case(2), goods.case(2))]),
        "received_not_shipped": (None, None, None, [(goods.case(2), goods.case(2))]),
    }


def test_what_is_missing_stays_on_its_way_and_what_is_too_many_has_arrived(goods, store):
    moved("ship", store, goods.pallet(0))
    counts = [Count(goods.pallet(0), found=[one(goods.case(0)), one(goods.case(2))])]
    received(store, one(goods.pallet(0)), counts=counts)
    kinds = [custody_of(goods.case(n)).movement.kind for n in range(3)]
    assert kinds == ["receive", "ship", "receive"]


def test_the_whole_of_a_delivery_tells_what_of_its_note_did_not_come(goods, store):
    moved("ship", store, goods.pallet(0), reference="DN-7")
    moved("ship", store, goods.case(2), reference="DN-8")
    movement = received(store, one(goods.case(0)), one(goods.item(18)), reference="DN-7", is_whole=True)
    assert told(movement) == {
        "short": (None, 12, 7, [(goods.case(1), goods.case(1))]),
        "surplus": (None, 12, 7, [(goods.item(18), goods.item(18))]),
        "received_not_shipped": (None, None, None, [(goods.item(18), goods.item(18))]),
    }


def test_what_came_before_under_the_same_note_is_not_missing(goods, store):
    moved("ship", store, goods.pallet(0), reference="DN-7")
    received(store, one(goods.case(0)), reference="DN-7")
    assert received(store, one(goods.case(1)), reference="DN-7", is_whole=True).flag == ""


def test_empty_cases_of_a_delivery_are_compared_as_themselves():
    goods = make_goods()
    store = StoreFactory(brand=goods.brand)
    moved("ship", store, goods.case(0), goods.case(1), reference="DN-7")
    movement = received(store, one(goods.case(0)), reference="DN-7", is_whole=True)
    assert told(movement)["short"][3] == [(goods.case(1), goods.case(1))]


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        ("ship", {"counts": "case"}, "units"),
        ("return", {"is_whole": True, "reference": "DN-7"}, "whole_delivery"),
        ("receive", {"is_whole": True}, "reference"),
        ("receive", {"counts": "other"}, "units"),
        ("receive", {"counts": "twice"}, "units"),
    ],
)
def test_only_single_cases_and_pallets_of_a_receipt_are_counted(goods, store, kind, changes, field):
    counted = {
        "case": [Count(goods.case(0), number=1)],
        "other": [Count(goods.case(1), number=1)],
        "twice": [Count(goods.case(0), number=1), Count(goods.case(0), number=2)],
    }
    facts = changes | ({"counts": counted[changes["counts"]]} if "counts" in changes else {})
    new = NewMovement(kind, store, [one(goods.case(0))], happened_at=NOON, **facts)
    with pytest.raises(Invalid) as refusal:
        move(brand=goods.brand, movement=new, actor=ACTOR, now=NOON)
    assert list(refusal.value.fields) == [field]


def test_an_item_holds_nothing_to_be_counted(goods, store):
    with pytest.raises(Invalid):
        received(store, one(goods.item(0)), counts=[Count(goods.item(0), number=1)])


def test_a_stranger_s_case_is_not_counted(goods, store):
    other = make_packed_goods()
    with pytest.raises(UnknownUnits):
        received(store, one(other.case(0)), counts=[Count(other.case(0), found=[one(goods.case(0))])])


def test_units_with_one_fault_are_one_exception_with_their_ranges_joined(goods, store):
    movement = received(store, one(goods.case(0)), one(goods.case(1)), one(goods.case(3)))
    both = [(goods.case(0), goods.case(1)), (goods.case(3), goods.case(3))]
    assert told(movement) == {"received_not_shipped": (None, None, None, both)}


def test_items_received_before_their_case_are_named(goods, store):
    moved("ship", store, goods.case(0))
    received(store, one(goods.item(2)))
    movement = received(store, one(goods.case(0)))
    assert (movement.flag, movement.lines.get().items) == (Contradiction.RECEIVED_TWICE, 5)
    assert told(movement)["received_twice"][3] == [(goods.item(2), goods.item(2))]


def test_a_fitting_receipt_raises_nothing(goods, store):
    moved("ship", store, goods.case(0))
    received(store, one(goods.case(0)))
    assert not MovementException.objects.exists()
