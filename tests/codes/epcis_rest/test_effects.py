import datetime as dt

import pytest
from django.utils import timezone

from codes.ciphers import code_cipher
from codes.epcis.moments import moment_of
from codes.formats.code_text import Role
from codes.models import EpcisEffect, EpcisEvent, Movement, MovementException, Packing
from codes.selectors.custody import custody_of
from codes.services.epcis_effects import ACTOR, decide, naming_of, take_down
from codes.services.epcis_following import follow_all
from codes.services.exceptions import Finding, solve
from tests.codes.epcis_rest.conftest import Repository, document, event
from tests.factories.stores import StoreFactory
from tests.factories.supply import make_goods, make_packed_goods, moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods():
    return make_packed_goods()


@pytest.fixture
def repository(goods):
    return Repository(goods.brand)


@pytest.fixture
def store(goods):
    return StoreFactory(brand=goods.brand, number="S.1")


def unit(goods, serial, level="case"):
    return naming_of(goods.brand).unit(level, goods.items.batch.product.gtin, serial)


def to_store(goods, store):
    return [{"type": "location", "destination": naming_of(goods.brand).place("store", store.number)}]


def at_store(goods, store):
    return {"id": naming_of(goods.brand).place("store", store.number)}


def shipped(goods, store, *serials, number=1, **facts):
    cases = {"epcList": [unit(goods, serial) for serial in serials]}
    return event(number, bizStep="shipping", destinationList=to_store(goods, store), **cases) | facts


def carried_out():
    now = timezone.now()
    assert take_down(clock=lambda: now, until=now + dt.timedelta(minutes=1)) is False
    return list(EpcisEffect.objects.order_by("event_id").values_list("state", "code"))


def test_shipments_receipts_and_returns_go_into_the_movements_once(repository, goods, store):
    cases = [goods.case(0), goods.case(1)]
    received = event(2, bizStep="receiving", bizLocation=at_store(goods, store), epcList=[unit(goods, cases[0])])
    party = naming_of(goods.brand).party("store", store.number)
    returned = event(3, bizStep="receiving", disposition="returned", epcList=[unit(goods, cases[0])])
    returned["sourceList"] = [{"type": "possessing_party", "source": party}]
    paper = [{"type": "desadv", "bizTransaction": "urn:epcglobal:cbv:bt:0614141073467:DN-7"}]
    sent = document(returned, shipped(goods, store, *cases, bizTransactionList=paper), received)
    for _ in range(2):
        repository.capture(sent)
        assert carried_out() == [("done", "")] * 3
    told = Movement.objects.order_by("id").values_list("kind", "store__number", "reference", "flag")
    assert list(told) == [("ship", "S.1", "DN-7", ""), ("receive", "S.1", "", ""), ("return", "S.1", "", "")]
    assert custody_of(goods.item(7)).store_id == store.pk
    assert custody_of(goods.item(0)).store_id is None


def test_a_contradiction_with_custody_is_kept_and_flagged(repository, goods, store):
    moved("receive", StoreFactory(brand=goods.brand), goods.case(0))
    repository.capture(document(shipped(goods, store, goods.case(0), number=24 * 300)))
    assert carried_out() == [("done", "")]
    assert Movement.objects.latest("id").flag != ""


def test_a_unit_may_be_named_by_the_link_with_its_code(repository, goods, store):
    code = code_cipher().encode(Role.ITEM_OUTER, goods.item(3))
    link = f"https://id.example.org/01/{goods.items.batch.product.gtin}/21/{code}"
    repository.capture(document(shipped(goods, store, epcList=[link])))
    assert carried_out() == [("done", "")]
    assert Movement.objects.get().lines.get().serials.lower == goods.item(3)


def test_a_unit_of_ours_under_another_products_gtin_is_not_taken_for_it(repository, goods, store):
    own, other = goods.items.batch.product.gtin, make_goods(brand=goods.brand).items.batch.product.gtin
    code = code_cipher().encode(Role.ITEM_OUTER, goods.item(3))
    named = [naming_of(goods.brand).unit("item", other, goods.item(2)), f"https://id.example.org/01/{other}/21/{code}"]
    sound = f"https://id.example.org/01/{own.lstrip('0')}/21/{code}"
    mixed = [[unit(goods, goods.item(1), "item"), name] for name in named]
    for number, names in enumerate([*mixed, [sound]], 1):
        repository.capture(document(shipped(goods, store, number=number, epcList=names)))
    assert carried_out() == [("refused", "foreign_units")] * 2 + [("done", "")]
    assert [line.serials.lower for line in Movement.objects.get().lines.all()] == [goods.item(3)]
    assert other in EpcisEffect.objects.earliest("event_id").detail


@pytest.mark.parametrize("count", [1, 6])
def test_the_statements_of_an_effect_do_not_grow_with_its_units(
    repository, goods, store, count, django_assert_num_queries
):
    items = [unit(goods, goods.item(4 * n), "item") for n in range(count)]
    repository.capture(document(shipped(goods, store, epcList=items)))
    effect = EpcisEffect.objects.get()
    with django_assert_num_queries(18):
        assert decide(effect.pk, now=timezone.now())
    effect.refresh_from_db()
    assert effect.state == "done"


def test_packing_and_unpacking_go_into_the_packings():
    goods = make_goods()
    repository = Repository(goods.brand)
    parent, items = unit(goods, goods.case(0)), [unit(goods, goods.item(n), "item") for n in range(3)]
    base = event(1, type="AggregationEvent", parentID=parent, childEPCs=items, action="ADD", bizStep="packing")
    del base["epcList"]
    out = base | {"eventID": event(2)["eventID"], "eventTime": event(2)["eventTime"], "action": "DELETE"}
    out |= {"bizStep": "unpacking", "childEPCs": items[:1]}
    empty = out | {"eventID": event(3)["eventID"], "eventTime": event(3)["eventTime"]}
    del empty["childEPCs"]
    repository.capture(document(base, out))
    assert carried_out() == [("done", "")] * 2
    present = Packing.objects.filter(unpacked_at=None)
    assert [row.children.lower for row in present] == [goods.item(1)]
    packed = Packing.objects.get(unpacked_by=ACTOR)
    assert [packed.packed_at, packed.unpacked_at] == [moment_of(one["eventTime"]) for one in (base, out)]
    repository.capture(document(empty))
    assert carried_out() == [("done", "")] * 3
    assert not present.all().exists()


def test_what_the_services_refuse_is_kept_with_its_reason(repository, goods, store):
    stranger = make_goods()
    events = [
        shipped(goods, store, goods.case(0), number=1, destinationList=[]),
        shipped(goods, store, stranger.case(0), number=2),
        shipped(goods, store, number=3, epcList=[unit(goods, goods.case(0)), "urn:epc:id:sgtin:0614141.107346.3"]),
        event(4, type="AggregationEvent", parentID=unit(goods, goods.case(1)), action="ADD", bizStep="packing")
        | {"childEPCs": [unit(goods, goods.item(0), "item")]},
        event(5, type="TransactionEvent", bizStep="shipping", epcList=[unit(goods, goods.case(1))])
        | {"bizTransactionList": [{"type": "po", "bizTransaction": "https://example.org/po/1"}]},
    ]
    del events[0]["destinationList"]
    del events[3]["epcList"]
    repository.capture(document(*events))
    carried_out()
    told = EpcisEffect.objects.order_by("event__event_at").values_list("state", "code")
    assert list(told) == [
        ("refused", "unknown_partner"),
        ("refused", "unknown_units"),
        ("refused", "foreign_units"),
        ("refused", "already_packed"),
        ("refused", "foreign_units"),
    ]
    assert not Movement.objects.exists()
    assert EpcisEvent.objects.count() == 5


def test_foreign_events_have_no_effect_and_an_error_declared_of_nothing_is_refused(repository, goods, store):
    declared = {"errorDeclaration": {"declarationTime": "2026-02-01T00:00:00Z"}}
    events = [event(1, bizStep="shipping"), shipped(goods, store, goods.case(0), number=2) | declared]
    repository.capture(document(*events, shipped(goods, store, goods.case(0), number=3, bizStep="storing")))
    assert carried_out() == [("refused", "nothing_declared")]


def test_a_captured_movement_declared_an_error_is_an_exception_for_a_person_who_may_find_it_a_mistake(
    repository, goods, store
):
    sent = shipped(goods, store, goods.case(0), goods.case(1))
    declared = [sent | {"errorDeclaration": {"declarationTime": f"2026-02-0{day}T00:00:00Z"}} for day in (1, 2)]
    repository.capture(document(sent, *declared))
    assert carried_out() == [("done", "")] * 3
    exception = MovementException.objects.get()
    movement = Movement.objects.get()
    assert (exception.kind, exception.movement, exception.brand) == ("declared_an_error", movement, goods.brand)
    assert [line.serials.lower for line in exception.lines.all()] == [goods.case(0)]
    now = timezone.now()
    solve(brand=goods.brand, exception_id=exception.pk, finding=Finding("mistake"), actor="user:a", now=now)
    later = now + dt.timedelta(minutes=5)
    assert follow_all(clock=lambda: later, until=later + dt.timedelta(minutes=1)) is False
    told = repository.events(path=f"events/{sent['eventID']}")
    assert [one.get("errorDeclaration", {}).get("reason") for one in told] == [None, None, None, "did_not_occur"]
    assert {one["eventID"] for one in told} == {sent["eventID"]}


def test_our_own_histories_answer_queries_and_captured_ones_are_not_told_twice(repository, goods, store):
    moved("ship", store, goods.pallet(0))
    repository.capture(document(shipped(goods, store, goods.case(2), number=5)))
    carried_out()
    later = timezone.now() + dt.timedelta(minutes=5)
    for _ in range(2):
        assert follow_all(clock=lambda: later, until=later + dt.timedelta(minutes=1)) is False
    found = repository.events({"EQ_bizStep": "shipping"})
    assert len(found) == 2
    steps = {one["bizStep"] for one in repository.events({"perPage": "1000"})}
    assert steps == {"commissioning", "packing", "shipping"}
    pallet = unit(goods, goods.pallet(0), "pallet")
    of_pallet = repository.events({"MATCH_anyEPC": pallet})
    assert sorted(one["bizStep"] for one in of_pallet) == ["commissioning", "packing", "shipping"]
    store_is = naming_of(goods.brand).place("store", store.number)
    assert len(repository.ids({"EQ_destination_location": store_is})) == 2
