"""Capturing EPCIS events, and querying them."""

import datetime as dt
import random
import time

import orjson
from django.db import connection

from bench.rows import Row, row_of
from codes.epcis.contexts import prefixes_of
from codes.epcis.standard import CONTEXT_URL
from codes.epcis_query.parameters import read_query
from codes.selectors.epcis_found import found, shown
from codes.services.epcis_capturing import Sent, accept, capture_waiting
from core import clock
from stores.models import Brand

DOCUMENT = 5_000
"""Events of one document."""
EVENTS = 20_000
QUERIES = 200
BEGUN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
STEPS = ("shipping", "receiving", "storing")


def measure(events: int = EVENTS) -> list[Row]:
    """How many are captured in a second, and how long a query among them takes."""
    brand = Brand.objects.create(slug="epcis-bench", name="EPCIS")
    captured, plain = capture(brand, events)
    waits = sorted(queries(brand, events))
    p50, p99 = (waits[int(len(waits) * share)] * 1000 for share in (0.5, 0.99))
    rate = row_of(
        name="EPCIS events captured" if events == EVENTS else f"EPCIS events captured, {events:,} in all",
        unit="events/s",
        value=captured,
        floor=("their JSON copied into a bare table", plain),
        limit="checking and normal form, in one Python process",
        aim="≥ 2,000",
    )
    query = row_of(
        name=f"EPCIS query, a page of 30 among {events:,} events",
        unit="ms (p99)",
        value=p99,
        floor=("SELECT 1", bare_ms()),
        limit="the lookups of each text, and JSON",
        aim="< 100",
    )
    return [rate, query | {"p50_ms": round(p50, 1), "p99_ms": round(p99, 1)}]


def capture(brand: Brand, events: int) -> tuple[float, float]:
    """Events a second, and rows a second of a bare table, in turns."""
    spent = bare = 0.0
    for first in range(0, events, DOCUMENT):
        sent = [event(first + number) for number in range(DOCUMENT)]
        accept(brand=brand, sent=Sent(document(sent), False, "rollback"), actor="client:bench", now=clock.now())
        begun = time.perf_counter()
        capture_waiting(clock=clock.now, until=clock.now() + dt.timedelta(minutes=5))
        spent += time.perf_counter() - begun
        begun = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE bare_events (body text)")
            with cursor.copy("COPY bare_events FROM STDIN") as copy:
                for one in sent:
                    copy.write_row((orjson.dumps(one).decode(),))
            cursor.execute("DROP TABLE bare_events")
        bare += time.perf_counter() - begun
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE codes_epcisevent; ANALYZE codes_epcisterm; ANALYZE codes_epcisfigure")
    return events / spent, events / bare


def queries(brand: Brand, events: int) -> list[float]:
    """Seconds of each query, told as JSON-LD."""
    dice, prefixes = random.Random(7), prefixes_of(CONTEXT_URL)
    waits = []
    for _ in range(QUERIES):
        begun = time.perf_counter()
        page = found(brand.pk, read_query(asked(dice, events), prefixes), place=None, per_page=30)
        shown(page.events, as_links=True)
        waits.append(time.perf_counter() - begun)
    return waits


def asked(dice: random.Random, events: int) -> dict[str, str]:
    number = dice.randrange(events)
    at = (BEGUN + dt.timedelta(seconds=number)).isoformat().replace("+00:00", "Z")
    return dice.choice(
        [
            {"MATCH_epc": f"urn:epc:id:sgtin:0614141.107346.{number}"},
            {"EQ_bizStep": dice.choice(STEPS), "GE_eventTime": at},
            {"EQ_bizTransaction_po": f"https://example.org/po/{number // 40}"},
            {"EQ_readPoint": f"https://example.org/gate/{number % 50}", "EQ_bizStep": dice.choice(STEPS)},
            {"eventType": "ObjectEvent", "EQ_action": "OBSERVE", "orderBy": "recordTime"},
        ]
    )


def bare_ms() -> float:
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        for _ in range(QUERIES):
            cursor.execute("SELECT 1")
    return (time.perf_counter() - begun) / QUERIES * 1000


def event(number: int) -> dict[str, object]:
    return {
        "eventID": f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "eventTime": (BEGUN + dt.timedelta(seconds=number)).isoformat(),
        "eventTimeZoneOffset": "+08:00",
        "epcList": [f"urn:epc:id:sgtin:0614141.107346.{number}"],
        "bizStep": STEPS[number % 3],
        "disposition": "in_transit",
        "readPoint": {"id": f"https://example.org/gate/{number % 50}"},
        "bizTransactionList": [{"type": "po", "bizTransaction": f"https://example.org/po/{number // 40}"}],
    }


def document(events: list[dict[str, object]]) -> bytes:
    return orjson.dumps(
        {
            "@context": CONTEXT_URL,
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-01-01T00:00:00Z",
            "epcisBody": {"eventList": events},
        }
    )
