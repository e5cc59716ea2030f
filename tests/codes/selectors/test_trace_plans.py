"""Journeys, custody and drills go by indexes however long the histories are. No time is measured."""

import datetime as dt
import re

import pytest
from django.db import connection

from bench.trade import PER_CASE, PER_PALLET, Trade, fill
from codes.formats.code_text import Role
from codes.selectors.custody import CUSTODY, custody_of
from codes.selectors.epcis_events import PACKINGS as UNITS_PACKINGS
from codes.selectors.epcis_events import events_of, events_of_unit
from codes.selectors.epcis_rows import LINES, PARTNERS, SOURCES
from codes.selectors.journey import MOVEMENTS, PACKINGS, journey_of
from codes.selectors.leaks import BEFORE_SHIPPING
from codes.selectors.newest import AMONG, FORMER, KINDS, PRESENT
from codes.selectors.newest import LINES as LINES_OF_UNITS
from codes.selectors.newest import MOVEMENTS as MOVEMENTS_OF_UNITS
from codes.selectors.recall_lists import recall_drill
from codes.selectors.recalls import APART, OPENED
from tests.conftest import kept_for_the_module
from tests.factories.codes import BatchFactory, make_order
from tests.factories.histories import consumer_of
from tests.factories.stores import NOON, DealerFactory, StoreFactory
from tests.factories.supply import make_packed_goods

pytestmark = pytest.mark.django_db
CASES = 4_000
LONG = {"codes_packing", "codes_movement", "codes_movementline", "codes_opening"}


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    with kept_for_the_module(django_db_blocker):
        yield made_trade()


@pytest.fixture
def trade(filled, db):
    return filled


def made_trade():
    batch = BatchFactory()
    brand = batch.product.brand
    made = Trade(
        items=make_order(batch=batch, roles=(Role.ITEM_OUTER, Role.ITEM_INNER), quantity=CASES * PER_CASE),
        cases=make_order(batch=batch, roles=(Role.CASE_OUTER,), quantity=CASES),
        pallets=make_order(batch=batch, roles=(Role.PALLET,), quantity=CASES // PER_PALLET),
        stores=[StoreFactory(brand=brand) for _ in range(3)],
        dealer=DealerFactory(brand=brand),
        consumer_id=consumer_of(brand).pk,
    )
    fill(made, cases=CASES)
    return made


def read_whole(statement, parameters):
    """Long tables that the plan reads from end to end."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}", parameters)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    return LONG & set(re.findall(r"Seq Scan on (\w+)", plan))


@pytest.mark.parametrize("statement", [CUSTODY, MOVEMENTS, PACKINGS], ids=["custody", "movements", "packings"])
def test_the_way_up_from_an_item_goes_by_indexes(trade, statement):
    asked = {"serials": [trade.items.first_serial + 777], "moments": [None]}
    assert read_whole(statement, asked) == set()


def test_leak_forensics_date_the_units_of_a_file_by_indexes(trade):
    asked = {"ids": [1], "firsts": [trade.items.first_serial], "ends": [trade.items.last_serial + 1]}
    assert read_whole(BEFORE_SHIPPING, asked | {"slices": 16, "each": 250}) == set()


def test_the_drill_of_a_small_batch_among_many_goes_by_indexes(trade):
    goods = make_packed_goods(brand=trade.items.brand)
    cases, items = f"{{[{goods.case(0)},{goods.case(3)}]}}", f"{{[{goods.item(0)},{goods.item(23)}]}}"
    asked = [(statement, {"asked": cases}) for statement in (PRESENT, FORMER, LINES_OF_UNITS)]
    asked += [(PRESENT, {"asked": items}), (OPENED, {"asked": items})]
    asked += [(APART, {"packed": items, "batch": goods.items.batch_id})]
    asked += [(MOVEMENTS_OF_UNITS + AMONG, {"kinds": KINDS, "ids": [1, 2, 3]})]
    assert [statement for statement, parameters in asked if read_whole(statement, parameters)] == []


def test_the_trade_is_what_the_services_would_have_made_of_it(trade):
    serial = trade.items.first_serial + 5
    custody = custody_of(serial)
    assert (custody.case_serial, custody.pallet_serial) == (trade.cases.first_serial, trade.pallets.first_serial)
    assert [step.what for step in journey_of(serial)] == ["packed", "packed", "ship", "receive"]


def test_the_drill_counts_the_whole_trade(trade):
    drill = recall_drill(trade.items.batch)
    assert (drill.issued, drill.out, drill.opened) == (CASES * PER_CASE, CASES * PER_CASE, CASES * PER_CASE // 20)
    assert sorted(call.number for call in drill.calls) == sorted(store.number for store in trade.stores)


def test_epcis_events_go_by_indexes_wherever_a_page_begins_and_whatever_unit_is_asked_for(trade):
    brand = trade.items.brand_id
    start = {"brand": brand, "moment": "-infinity", "number": 0, "limit": 100}
    later = {"brand": brand, "moment": (NOON + dt.timedelta(hours=1)).isoformat(), "number": 2_000, "limit": 100}
    narrowed = {"brand": brand, "numbers": [5, 7], "limit": None}
    asked = [(source.statement(narrowed=False), page) for source in SOURCES for page in (start, later)]
    asked += [(source.statement(narrowed=True), narrowed) for source in SOURCES]
    asked += [(statement, {"numbers": [5, 7]}) for statement in (LINES, PARTNERS)]
    asked += [(UNITS_PACKINGS, {"serials": [trade.items.first_serial + 777], "moments": [None]})]
    assert [statement for statement, parameters in asked if read_whole(statement, parameters)] == []


def test_epcis_events_tell_the_trade_page_by_page_and_unit_by_unit(trade):
    brand, now = trade.items.brand, NOON + dt.timedelta(days=900)
    first = events_of(brand, limit=50, now=now)
    second = events_of(brand, first.cursor, 50, now=now)
    ids = [event["eventID"] for event in (*first.events, *second.events)]
    assert (len(set(ids)), second.is_last) == (100, False)
    steps = [event["bizStep"] for event in events_of_unit(brand, trade.items.first_serial + 5)]
    assert steps == ["commissioning", "packing", "packing", "shipping", "receiving"]
