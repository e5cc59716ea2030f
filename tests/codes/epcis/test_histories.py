import datetime as dt

import pytest

from codes.epcis import histories
from codes.epcis.checking import faults_of
from codes.epcis.histories import MOVES, RELEASES, STATEMENTS, Moved, Partner, Teller, Units
from codes.epcis.naming import Naming

AT = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)
NAMING = Naming("https://one.example/", "moutai")
TELLER = Teller(NAMING, "Asia/Shanghai")
ITEMS = Units("item", "06901234567892", "L1", 7, 12)
CASE = Units("case", "06901234567892", "L1", 100, 100)
STORE = Partner("store", "S/1")


def moved(kind, partner=STORE):
    return histories.moved(TELLER, Moved(kind, [CASE], AT, partner, "N1"))


def faults(event):
    document = {
        "@context": NAMING.context(),
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-02T04:00:00Z",
        "epcisBody": {"eventList": [event]},
    }
    return faults_of(document, hash_ids=True)


@pytest.mark.parametrize("kind", MOVES)
def test_every_kind_of_movement_is_a_valid_event(kind):
    assert faults(moved(kind)) == []


@pytest.mark.parametrize("kind", STATEMENTS)
def test_every_kind_of_statement_is_a_valid_event_and_so_is_its_taking_back(kind):
    one, other = histories.stated(TELLER, kind, [ITEMS], AT), histories.taken_back(TELLER, kind, [ITEMS], AT, AT)
    assert (faults(one), faults(other)) == ([], [])
    assert (one["eventID"] == other["eventID"]) == (kind not in RELEASES)


@pytest.mark.parametrize(("kind", "word"), [("destroy", "destroying"), ("sample", "sampling")])
def test_what_ends_at_the_brand_itself_is_told_there(kind, word):
    event = moved(kind, partner=None)
    assert (event["bizStep"], event["readPoint"]) == (word, {"id": "https://one.example/epcis/loc/brand.moutai"})


def test_the_same_facts_are_the_same_event():
    assert histories.packed(TELLER, CASE, [ITEMS], AT) == histories.packed(TELLER, CASE, [ITEMS], AT)
    other = histories.packed(TELLER, CASE, [ITEMS], AT + dt.timedelta(milliseconds=1))
    assert other["eventID"] != histories.packed(TELLER, CASE, [ITEMS], AT)["eventID"]


def test_of_many_units_each_class_is_counted_once():
    many = [Units("item", "06901234567892", "L1", n * 1_000, n * 1_000 + 99) for n in range(3)]
    event = histories.unpacked(TELLER, CASE, many, AT)
    assert event["childQuantityList"] == [{"epcClass": "https://one.example/01/06901234567892/10/L1", "quantity": 300}]
    assert len(event["onecode:serials"]) == 3
    assert faults(event) == []


@pytest.mark.parametrize(
    ("uri", "named"),
    [
        (NAMING.unit("item", "06901234567892", 12), (12, "06901234567892")),
        (NAMING.unit("case", "06901234567892", 12), (12, "")),
        ("https://one.example/01/06901234567892/21/1ABCDEFGHJKMNPQRS", None),
        ("https://one.example/01/06901234567892/10/12", None),
        (f"https://one.example/epcis/obj/{2**40}", None),
        ("https://two.example/epcis/obj/12", None),
        ("urn:epc:id:sgtin:0614141.107346.12", None),
    ],
)
def test_a_units_name_is_read_back(uri, named):
    assert NAMING.unit_named(uri) == named


def test_an_items_code_is_in_none_of_its_names():
    names = [NAMING.unit("item", ITEMS.gtin, 7), NAMING.unit_class("item", ITEMS.gtin, "批1")]
    assert names == [
        "https://one.example/01/06901234567892/21/7",
        "https://one.example/epcis/class/item.06901234567892.%E6%89%B91",
    ]


def test_commissioned_units_are_told_with_their_lot_and_a_sold_item_with_its_store_if_known():
    assert faults(histories.commissioned(TELLER, [ITEMS], AT)) == []
    item = Units("item", ITEMS.gtin, "L1", 7, 7)
    known, unknown = histories.sold(TELLER, item, STORE, AT), histories.sold(TELLER, item, None, AT)
    assert (faults(known), faults(unknown)) == ([], [])
    assert ("bizLocation" in known, "bizLocation" in unknown) == (True, False)


def test_a_movement_without_a_paper_names_none():
    event = histories.moved(TELLER, Moved("receive", [CASE], AT, STORE))
    assert "bizTransactionList" not in event
    assert faults(event) == []


def test_a_movement_of_many_units_counts_them():
    many = Units("item", ITEMS.gtin, "L1", 1, 1_000)
    event = histories.moved(TELLER, Moved("receive", [many], AT, STORE))
    assert event["quantityList"] == [{"epcClass": "https://one.example/01/06901234567892/10/L1", "quantity": 1_000}]
    assert "epcList" not in event
