import base64
import datetime as dt
import random

import pytest

from codes.epcis.checking import faults_of
from codes.epcis.histories import EPCS_IN_EVENT
from codes.epcis.normal import normal_event
from codes.epcis.streams import document_of as read_json
from codes.epcis.xml_reading import read_xml_document
from codes.epcis.xml_writing import xml_of
from codes.formats.serials import SerialRange
from codes.models import Movement, Span
from codes.selectors.epcis_events import SETTLED, document_of, events_of, events_of_unit, teller_of
from codes.selectors.epcis_units import Known
from codes.selectors.epcis_units import Span as Serials
from codes.services.exceptions import Finding, solve
from codes.services.movement_lines import Count
from codes.services.packing import pack
from codes.services.revoking import revoke
from codes.services.spans import activate, freeze, recall, void
from codes.services.unpacking import take_out, unpack
from core.errors import Conflict, Invalid
from tests.factories.codes import make_order
from tests.factories.histories import consumer_of, open_item
from tests.factories.stores import NOON, DealerFactory, StoreFactory
from tests.factories.supply import ACTOR, make_goods, make_packed_goods, moved

pytestmark = pytest.mark.django_db
NEGATIVE = '[["-infinity",-1],0,["-infinity",0],0,["-infinity",0],0,["-infinity",0],0]'
LATER = NOON + dt.timedelta(days=30)
HOST = "https://one.example"


@pytest.fixture(autouse=True)
def _host(settings):
    settings.PUBLIC_URL = HOST


def hours(number):
    return NOON + dt.timedelta(hours=number)


def all_of(brand, limit=500):
    events, page = [], None
    while page is None or not page.is_last:
        page = events_of(brand, page.cursor if page else "", limit, now=LATER)
        events += page.events
    return events


def said(event):
    return event.get("bizStep"), event.get("disposition"), event.get("action")


@pytest.fixture
def story():
    """Cases of six, shipped to a dealer and on to a store, one of them frozen, one emptied and sold."""
    goods = make_packed_goods()
    dealer = DealerFactory(brand=goods.brand, number="DEAL")
    store = StoreFactory(brand=goods.brand, number="S/1")
    activate(brand=goods.brand, order_id=goods.items.pk, serials=None, actor=ACTOR, now=hours(1))
    moved("ship", dealer, goods.pallet(0), at=hours(2), reference="N 7/1")
    moved("receive", dealer, goods.pallet(0), at=hours(3))
    moved("receive", store, goods.case(0), at=hours(4))
    moved("return", store, goods.case(1), at=hours(5))
    frozen = freeze(
        brand=goods.brand, order_id=goods.items.pk, serials=SerialRange(goods.item(6), goods.item(11)),
        actor=ACTOR, now=hours(6),
    )  # fmt: skip
    revoke(brand=goods.brand, span_id=frozen.pk, reason="found again", actor=ACTOR, now=hours(7))
    unpack(brand=goods.brand, parents=[goods.case(0)], actor=ACTOR, now=hours(8))
    return goods


def test_a_brands_histories_are_valid_events_in_the_order_in_which_they_were_written(story):
    events = all_of(story.brand)
    assert faults_of(document_of(story.brand, events, now=LATER), hash_ids=True) == []
    assert [said(event) for event in events] == [
        *[("commissioning", "encoded", "ADD")] * 3,
        *[("packing", "in_progress", "ADD")] * 6,
        ("commissioning", "active", "OBSERVE"),
        ("shipping", "in_transit", "OBSERVE"),
        ("receiving", "in_progress", "OBSERVE"),
        ("receiving", "in_progress", "OBSERVE"),
        ("receiving", "returned", "OBSERVE"),
        ("holding", "unavailable", "OBSERVE"),
        (None, "available", "OBSERVE"),
        ("unpacking", "in_progress", "DELETE"),
    ]


def test_events_mean_the_same_in_xml(story):
    document = read_json(document_of(story.brand, all_of(story.brand), now=LATER))
    back = read_xml_document(xml_of(document))
    assert faults_of(back.whole(), hash_ids=True) == []
    assert [normal_event(event, back.envelope.context) for event in back.events] == [
        normal_event(event, document.envelope.context) for event in document.events
    ]


def test_pages_of_any_size_make_the_same_events_with_the_same_ids(story):
    whole = all_of(story.brand)
    assert len({event["eventID"] for event in whole}) == len(whole)
    assert all_of(story.brand, limit=1) == all_of(story.brand, limit=5) == whole


def test_a_unit_is_named_by_its_serial_and_never_by_a_code(story):
    naming, events = teller_of(story.brand).naming, all_of(story.brand)
    gtin = story.items.batch.product.gtin
    packing = next(event for event in events if event.get("bizStep") == "packing")
    assert packing["parentID"] == f"{HOST}/epcis/obj/{story.case(0)}"
    assert packing["childEPCs"] == [f"{HOST}/01/{gtin}/21/{story.item(n)}" for n in range(6)]
    assert [naming.unit_named(uri).serial for uri in packing["childEPCs"]] == [story.item(n) for n in range(6)]


def test_a_movement_names_its_partner_its_paper_and_when_it_was_there(story):
    shipped, received = [event for event in all_of(story.brand) if event.get("bizStep") in ("shipping", "receiving")][
        :2
    ]
    slug = story.brand.slug
    assert (shipped["eventTime"], shipped["eventTimeZoneOffset"]) == ("2026-03-02T14:00:00.000+08:00", "+08:00")
    assert shipped["epcList"] == [f"{HOST}/epcis/obj/{story.pallet(0)}"]
    assert shipped["bizTransactionList"] == [{"bizTransaction": f"{HOST}/epcis/bt/{slug}.N%207%2F1"}]
    assert shipped["destinationList"] == [
        {"type": "possessing_party", "destination": f"{HOST}/epcis/party/dealer.{slug}.DEAL"},
        {"type": "location", "destination": f"{HOST}/epcis/loc/dealer.{slug}.DEAL"},
    ]
    assert "readPoint" not in shipped
    assert received["readPoint"] == received["bizLocation"] == {"id": f"{HOST}/epcis/loc/dealer.{slug}.DEAL"}


def test_what_comes_back_comes_from_a_partner_to_the_brand(story):
    returned = next(event for event in all_of(story.brand) if event.get("disposition") == "returned")
    assert returned["sourceList"] == [
        {"type": "possessing_party", "source": f"{HOST}/epcis/party/store.{story.brand.slug}.S%2F1"}
    ]
    assert returned["bizLocation"] == {"id": f"{HOST}/epcis/loc/brand.{story.brand.slug}"}


def test_a_statement_over_many_units_is_one_event_of_a_few_lines():
    order = make_order(quantity=20_000_000)
    events = all_of(order.brand)
    product = order.batch.product
    assert [event["quantityList"] for event in events] == [
        [{"epcClass": f"{HOST}/01/{product.gtin}/10/{order.batch.lot}", "quantity": 20_000_000}]
    ]
    assert events[0]["onecode:serials"] == [
        {"onecode:first": str(order.first_serial), "onecode:last": str(order.last_serial)}
    ]
    assert faults_of(document_of(order.brand, events, now=LATER), hash_ids=True) == []


def test_up_to_a_number_each_unit_is_named():
    order = make_order(quantity=EPCS_IN_EVENT)
    assert len(all_of(order.brand)[0]["epcList"]) == EPCS_IN_EVENT


def test_many_children_and_a_lot_that_gs1_does_not_know_are_told_by_private_classes():
    goods = make_goods(items=EPCS_IN_EVENT + 1)
    goods.items.batch.lot = "批 1"
    goods.items.batch.save()
    pack(brand=goods.brand, packings=[(goods.case(0), goods.item(0), goods.item(EPCS_IN_EVENT))], actor=ACTOR, now=NOON)
    events = all_of(goods.brand)
    gtin = goods.items.batch.product.gtin
    assert events[-1]["childQuantityList"] == [
        {"epcClass": f"{HOST}/epcis/class/item.{gtin}.%E6%89%B9%201", "quantity": EPCS_IN_EVENT + 1}
    ]
    assert faults_of(document_of(goods.brand, events, now=LATER), hash_ids=True) == []


def test_an_activation_that_is_taken_back_is_declared_an_error_under_the_same_id():
    order = make_order()
    span = activate(brand=order.brand, order_id=order.pk, serials=None, actor=ACTOR, now=hours(1))
    before = all_of(order.brand)[-1]
    revoke(brand=order.brand, span_id=span.pk, reason="found again", actor=ACTOR, now=hours(2))
    *_others, first, error = all_of(order.brand)
    assert first == before
    assert error == before | {
        "errorDeclaration": {"declarationTime": "2026-03-02T14:00:00.000+08:00", "reason": "did_not_occur"}
    }


def test_a_lifted_recall_is_an_event_of_its_own():
    order = make_order()
    span = recall(brand=order.brand, order_id=order.pk, serials=None, actor=ACTOR, now=hours(1))
    revoke(brand=order.brand, span_id=span.pk, reason="found again", actor=ACTOR, now=hours(2))
    recalled, lifted = all_of(order.brand)[-2:]
    assert (recalled["disposition"], recalled["persistentDisposition"]) == ("recalled", {"set": ["recalled"]})
    assert lifted["persistentDisposition"] == {"unset": ["recalled"]}
    assert lifted["eventID"] != recalled["eventID"]


def test_an_opening_is_a_sale_at_the_store_that_it_was_bound_to():
    store = StoreFactory(number="S1")
    opening = open_item(store, consumer_of(store.brand, "王芳"))
    unknown = open_item(None, consumer_of(store.brand))
    known_to = {opening.serial: {"id": f"{HOST}/epcis/loc/store.{store.brand.slug}.S1"}, unknown.serial: None}
    opening.order.serials = (0, 1_000)
    opening.order.save()
    events = [event for event in all_of(store.brand) if event["bizStep"] == "retail_selling"]
    found = {int(event["epcList"][0].rpartition("/")[2]): event.get("bizLocation") for event in events}
    assert found == known_to
    assert all(event["disposition"] == "retail_sold" and "王芳" not in str(event) for event in events)


def test_packing_and_unpacking_are_told_at_the_time_when_they_happened():
    goods = make_goods()
    said = {"brand": goods.brand, "actor": ACTOR, "now": hours(9)}
    pack(packings=[(goods.case(0), goods.item(0), goods.item(5))], happened_at=hours(1), **said)
    unpack(parents=[goods.case(0)], happened_at=hours(2), **said)
    packed, unpacked = all_of(goods.brand)[-2:]
    assert [packed["eventTime"], unpacked["eventTime"]] == [
        "2026-03-02T13:00:00.000+08:00",
        "2026-03-02T14:00:00.000+08:00",
    ]


def test_nothing_of_another_brand_is_told(story):
    other = make_packed_goods()
    serials = {story.item(n) for n in range(24)}
    naming = teller_of(other.brand).naming
    told = {naming.unit_named(epc).serial for event in all_of(other.brand) for epc in event.get("childEPCs", [])}
    assert told.isdisjoint(serials)
    assert events_of_unit(other.brand, story.item(0)) == []


def test_what_was_written_just_now_is_told_later():
    order = make_order(now=NOON)
    soon = events_of(order.brand, now=NOON + SETTLED - dt.timedelta(seconds=1))
    assert (soon.events, soon.is_last) == ([], True)
    assert len(events_of(order.brand, soon.cursor, now=NOON + SETTLED).events) == 1


@pytest.mark.parametrize("after", ["x", "!", "WzFd", "bnVsbA", "W10"])
def test_a_cursor_of_somebody_else_is_refused(after):
    with pytest.raises(Invalid):
        events_of(make_order().brand, after, now=LATER)


@pytest.mark.parametrize(
    "bad", ['[["x",0],0,["-infinity",0],0,["-infinity",0],0,["-infinity",0],0]', "[-1]", "{}", NEGATIVE]
)
def test_a_cursor_with_other_keys_is_refused(bad):
    with pytest.raises(Invalid):
        events_of(make_order().brand, base64.urlsafe_b64encode(bad.encode()).decode(), now=LATER)


@pytest.mark.parametrize("limit", [0, 501])
def test_a_page_has_one_to_five_hundred_events(limit):
    with pytest.raises(Invalid):
        events_of(make_order().brand, limit=limit, now=LATER)


def test_a_pages_statements_do_not_grow_with_its_events(story, django_assert_num_queries):
    with django_assert_num_queries(11):
        events_of(story.brand, limit=1, now=LATER)
    with django_assert_num_queries(11):
        assert len(events_of(story.brand, limit=500, now=LATER).events) == 17


def mistaken(movement, kind, outcome="mistake", **facts):
    exception = movement.exceptions.get(kind=kind)
    solve(
        brand=movement.brand, exception_id=exception.pk, finding=Finding(outcome, **facts), actor=ACTOR, now=hours(14)
    )


def declared_of(event):
    told = event["errorDeclaration"]
    return told["reason"], told.get("correctiveEventIDs")


def test_movements_found_to_be_mistakes_are_declared_errors_under_the_ids_of_their_events(
    story, django_assert_num_queries
):
    store = StoreFactory(brand=story.brand, number="S2")
    short = moved("receive", store, story.case(2), at=hours(10), counts=[Count(story.case(2), number=5)])
    once = moved("ship", store, story.case(3), at=hours(11))
    twice = moved("ship", store, story.case(3), at=hours(12))
    better = moved("receive", store, story.case(2), at=hours(13))
    before = all_of(story.brand)
    mistaken(short, "short")
    mistaken(short, "received_not_shipped", "corrected", corrected_by=better.pk)
    mistaken(twice, "shipped_twice")
    mistaken(better, "received_twice", "corrected", corrected_by=once.pk)
    with django_assert_num_queries(13):
        events = events_of(story.brand, limit=500, now=LATER).events
    ids = [one["eventID"] for one in before[-4:]]
    errors = events[len(before) :]
    assert [(one["eventID"], *declared_of(one)) for one in errors] == [
        (ids[0], "incorrect_data", None),
        (ids[0], "incorrect_data", [ids[3]]),
        (ids[2], "did_not_occur", None),
    ]
    document = document_of(story.brand, events, now=LATER)
    assert faults_of(document, hash_ids=True) == []
    back = read_xml_document(xml_of(read_json(document)))
    assert [normal_event(one, back.envelope.context) for one in back.events][-3:] == [
        normal_event(one, document["@context"]) for one in errors
    ]
    assert [one for one in events_of_unit(story.brand, story.case(3)) if "errorDeclaration" in one] == errors[2:]


def test_a_units_events_are_those_of_all_that_it_was_in_at_the_time(story):
    events = events_of_unit(story.brand, story.item(0))
    assert [event.get("bizStep") for event in events] == [
        "commissioning", "packing", "packing", "commissioning", "shipping", "receiving", "receiving", "unpacking",
    ]  # fmt: skip
    ids = {event["eventID"] for event in all_of(story.brand)}
    assert {event["eventID"] for event in events} <= ids


def test_a_cases_events_tell_what_was_put_into_it(story):
    steps = [event.get("bizStep") for event in events_of_unit(story.brand, story.case(0))]
    assert steps.count("packing") == 2
    assert steps.count("unpacking") == 1


def test_what_was_destroyed_or_taken_as_a_sample_is_told_where_it_was():
    goods = make_packed_goods()
    moved("sample", goods.brand, goods.item(0), at=hours(1))
    moved("destroy", DealerFactory(brand=goods.brand, number="DEAL"), goods.case(1), at=hours(2))
    sampled, destroyed = all_of(goods.brand)[-2:]
    assert said(sampled) == ("sampling", "non_sellable_other", "OBSERVE")
    assert said(destroyed) == ("destroying", "destroyed", "DELETE")
    slug = goods.brand.slug
    assert [event["readPoint"]["id"] for event in (sampled, destroyed)] == [
        f"{HOST}/epcis/loc/brand.{slug}",
        f"{HOST}/epcis/loc/dealer.{slug}.DEAL",
    ]


def happen(chance, goods, partners):
    """Something, at some time, that may well contradict what was before; refusals are history too."""
    at, first = hours(chance.randint(1, 99)), chance.randrange(24)
    span = SerialRange(goods.item(first), goods.item(chance.randint(first, 23)))
    brand, order = goods.brand, goods.items.pk
    which = chance.randrange(6)
    if which == 0:
        kind = chance.choice(Movement.Kind.values)
        moved(
            kind, chance.choice(partners), goods.case(chance.randrange(4)), at=at, reference=chance.choice(["", "N1"])
        )
    elif which == 1:
        say = chance.choice([activate, void, freeze, recall])
        say(brand=brand, order_id=order, serials=span, actor=ACTOR, now=at)
    elif which == 2:
        spans = list(Span.objects.filter(brand=brand, revoked_at=None).exclude(kind=Span.Kind.VOIDED))
        if spans:
            revoke(brand=brand, span_id=chance.choice(spans).pk, reason="found again", actor=ACTOR, now=at)
    elif which == 3:
        unpack(brand=brand, parents=[goods.case(chance.randrange(4))], actor=ACTOR, now=at)
    elif which == 4:
        take_out(brand=brand, children=[span], actor=ACTOR, now=at)
    else:
        pack(brand=brand, packings=[(goods.case(chance.randrange(4)), span.first, span.last)], actor=ACTOR, now=at)


@pytest.mark.parametrize("seed", range(3))
def test_any_history_is_told_in_valid_events_whose_ids_never_change(seed):
    chance = random.Random(seed)
    goods = make_packed_goods()
    partners = [StoreFactory(brand=goods.brand), DealerFactory(brand=goods.brand)]
    earlier = []
    for _ in range(40):
        try:
            happen(chance, goods, partners)
        except Conflict:
            continue
        if chance.randrange(10) == 0:
            earlier.append([event["eventID"] for event in all_of(goods.brand)])
    events = all_of(goods.brand, limit=7)
    assert faults_of(document_of(goods.brand, events, now=LATER), hash_ids=True) == []
    ids = [event["eventID"] for event in events]
    assert all(set(before) <= set(ids) for before in earlier)


def test_serials_of_no_order_are_left_out_and_ranges_are_cut_where_orders_end():
    orders = [(1, 5, "item", "g", "L1"), (6, 9, "item", "g", "L2"), (20, 30, "case", "h", "L3")]
    pieces = Known(orders).units([Serials(18, 21), Serials(4, 7), Serials(12, 13), Serials(5, 6)])
    assert [(one.lot, one.first, one.last) for one in pieces] == [("L1", 4, 5), ("L2", 6, 7), ("L3", 20, 21)]
