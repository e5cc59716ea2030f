"""How EPCIS queries are carried out over analysed tables of some size: by indexes, and a bounded number of rows."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from codes.epcis.contexts import prefixes_of
from codes.epcis.standard import CONTEXT_URL
from codes.epcis_query.kinds import Kind
from codes.epcis_query.parameters import read_query
from codes.selectors import epcis_search
from codes.selectors.epcis_found import found
from codes.selectors.epcis_names import names_of
from tests.factories.stores import BrandFactory

EVENTS = 40_000
NS = "https://example.org/ns/"
FILL = """
    INSERT INTO codes_epcisevent (id, brand_id, event_id, key, content, type, action, biz_step, disposition, read_point,
        biz_location, event_at, recorded_at, captured_by, document, normal, written_xid)
    SELECT n, %(brand)s, 'urn:uuid:' || n, md5(n::text)::uuid, md5(n::text)::uuid, 'ObjectEvent', 'OBSERVE', '', '', '',
        '', timestamptz '2026-01-01' + n * interval '1 minute', timestamptz '2026-06-01' + n * interval '1 second', 'x',
        '{"eventID": "urn:uuid:1", "type": "ObjectEvent"}', '{}', n
    FROM generate_series(1, %(events)s) n;
    INSERT INTO codes_epcisterm (brand_id, kind, value, event_at, event_id)
    SELECT %(brand)s, k.kind, k.value, timestamptz '2026-01-01' + n * interval '1 minute', n
    FROM generate_series(1, %(events)s) n CROSS JOIN LATERAL (VALUES
        (1, 'urn:uuid:' || n), (2, 'ObjectEvent'), (3, 'OBSERVE'),
        (4, CASE n %% 3 WHEN 0 THEN 'shipping' ELSE 'receiving' END),
        (8, 'https://example.org/gate/' || n %% 50), (11, 'https://id.gs1.org/01/10614141073464/21/' || n / 4),
        (20, 'po' || E'\\x1f' || 'https://example.org/po/' || n / 10), (5, CASE n %% 2 WHEN 0 THEN 'a' ELSE 'b' END)
    ) AS k(kind, value);
    INSERT INTO codes_epcisfigure (brand_id, field, value, event_id)
    SELECT %(brand)s, 'quantity', n %% 1000, n FROM generate_series(1, %(events)s) n;
    ANALYZE codes_epcisevent; ANALYZE codes_epcisterm; ANALYZE codes_epcisfigure;
"""
ASKED = {
    "one of many texts": {"MATCH_epc": f"https://id.gs1.org/01/10614141073464/21/{EVENTS // 8}"},
    "nothing": {},
    "by time of record": {"orderBy": "recordTime"},
    "ascending": {"orderBy": "eventTime", "orderDirection": "ASC"},
    "a common text": {"EQ_bizStep": "shipping"},
    "two common texts": {"EQ_bizStep": "shipping", "eventType": "ObjectEvent", "EQ_action": "OBSERVE"},
    "either of two": {"EQ_bizStep": "shipping|receiving"},
    "common and rare": {"EQ_action": "OBSERVE", "EQ_bizTransaction_po": "https://example.org/po/7"},
    "a window of time": {
        "EQ_bizStep": "shipping",
        "GE_eventTime": "2026-01-03T00:00:00Z",
        "LT_eventTime": "2026-01-03T02:00:00Z",
    },
    "by time of record, a common text": {"EQ_bizStep": "shipping", "orderBy": "recordTime"},
    "a window of the record": {"GE_recordTime": "2026-06-01T01:00:00Z", "LT_recordTime": "2026-06-01T01:01:00Z"},
    "a rare figure": {"EQ_action": "OBSERVE", "GE_quantity": "995", "LT_quantity": "996"},
    "a common figure": {"GE_quantity": "1"},
    "a place": {"EQ_readPoint": "https://example.org/gate/7", "EQ_bizStep": "receiving"},
    "any EPC": {"MATCH_anyEPC": "https://id.gs1.org/01/10614141073464/21/77"},
}
MOST_ROWS = 12_000
"""Read by all statements of one query: some lookups of 2,000 entries, and a page."""


@pytest.fixture
def brand(db, monkeypatch):
    monkeypatch.setattr(epcis_search, "MOST_MS", 600_000)  # how fast the machine is, is not asked here
    brand = BrandFactory()
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"brand": brand.pk, "events": EVENTS})
    return brand


def plans(queries):
    with connection.cursor() as cursor:
        for query in queries:
            if query["sql"].lstrip().startswith(("SELECT", "WITH")) and "codes_epcis" in query["sql"]:
                cursor.execute("SET LOCAL enable_seqscan = off")
                cursor.execute("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + query["sql"])
                yield query["sql"], cursor.fetchone()[0][0]["Plan"]


def nodes(plan):
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)


def is_whole_scan(node):
    return node["Node Type"] == "Seq Scan" and node["Relation Name"] != "codes_epcisplace"


def read(plan):
    """Rows that the plan's scans looked at, those that they threw away too."""
    return sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in nodes(plan)
        if "Scan" in node["Node Type"] and node["Node Type"] != "Function Scan"
    )


def test_every_sort_of_query_goes_by_indexes_and_reads_few_rows(brand):
    prefixes = prefixes_of(CONTEXT_URL)
    told = {}
    for name, parameters in ASKED.items():
        with CaptureQueriesContext(connection) as queries:
            page = found(brand.pk, read_query(parameters, prefixes), place=None, per_page=30)
        assert page.events, name
        seen = list(plans(queries))
        slow = [sql for sql, plan in seen if any(is_whole_scan(node) for node in nodes(plan))]
        assert slow == [], (name, slow)
        told[name] = sum(read(plan) for _sql, plan in seen)
    assert {name: rows for name, rows in told.items() if rows > MOST_ROWS} == {}


def test_distinct_names_are_found_by_steps_through_the_index(brand):
    with CaptureQueriesContext(connection) as queries:
        assert len(names_of(brand.pk, [Kind.BIZ_STEP, Kind.TYPE], most=31)) == 3
    assert sum(read(plan) for _sql, plan in plans(queries)) < 40


def test_a_query_that_takes_too_long_is_given_up(brand, monkeypatch):
    monkeypatch.setattr(epcis_search, "MOST_MS", 1)
    query = read_query({"EQ_disposition": "in_transit", "EQ_bizStep": "shipping"}, prefixes_of(CONTEXT_URL))
    with pytest.raises(epcis_search.TooComplex), epcis_search.in_time():
        epcis_search.Statement(["SELECT pg_sleep(%s)"], [dt.timedelta(seconds=1).total_seconds()]).rows()
    monkeypatch.undo()
    assert found(brand.pk, query, place=None, per_page=3).events == []
