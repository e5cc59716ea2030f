"""What is counted for market cases, out of the sightings. Each statement answers any number of subjects."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

SEEN_AT_MOST = 5_000
"""More sightings of one cluster than this are not needed to judge it."""

SHIPMENTS = """
    SELECT k.n, count(DISTINCT s.serial) FILTER (WHERE s.here), count(DISTINCT s.person) FILTER (WHERE s.here),
           count(DISTINCT s.serial), count(*) FILTER (WHERE s.here),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY s.distance_m) FILTER (WHERE s.here)
    FROM unnest(%(numbers)s::int[], %(shipments)s::bigint[], %(areas)s::text[], %(sinces)s::timestamptz[],
                %(untils)s::timestamptz[]) AS k(n, shipment, area, since, until)
    CROSS JOIN LATERAL (
        SELECT serial, person, distance_m, cause = 'foreign' AND area_id = k.area AS here FROM codes_sighting
        WHERE shipment_id = k.shipment AND seen_at > k.since AND seen_at <= k.until
    ) s
    GROUP BY k.n
"""
RECEIPTS = """
    SELECT k.n, sum(r.items)::bigint, max(r.distance_m), count(DISTINCT r.store_id)
    FROM unnest(%(numbers)s::int[], %(shipments)s::bigint[], %(areas)s::text[], %(sinces)s::timestamptz[],
                %(untils)s::timestamptz[]) AS k(n, shipment, area, since, until)
    JOIN codes_foreignreceipt r ON r.shipment_id = k.shipment AND r.area_id = k.area
        AND r.received_at > k.since AND r.received_at <= k.until
    GROUP BY k.n
"""
CLUSTERS = f"""
    SELECT k.n, count(DISTINCT s.code), count(DISTINCT s.person), count(*)
    FROM unnest(%(numbers)s::int[], %(brands)s::bigint[], %(causes)s::text[], %(areas)s::text[],
                %(sinces)s::timestamptz[], %(untils)s::timestamptz[]) AS k(n, brand, cause, area, since, until)
    CROSS JOIN LATERAL (
        SELECT code, person FROM codes_sighting
        WHERE brand_id = k.brand AND cause = k.cause AND area_id = k.area AND seen_at > k.since AND seen_at <= k.until
        ORDER BY seen_at DESC LIMIT {SEEN_AT_MOST}
    ) s
    GROUP BY k.n
"""  # noqa: S608 - a constant
SHIPPED_MOSTLY = f"""
    SELECT (SELECT count(*) FROM (
                SELECT FROM codes_sighting WHERE brand_id = %(brand)s AND cause IN ('home', 'foreign')
                AND shipment_id IS NOT NULL AND seen_at > %(since)s LIMIT {SEEN_AT_MOST}) AS shipped)
        >= (SELECT count(*) FROM (
                SELECT FROM codes_sighting WHERE brand_id = %(brand)s AND cause = 'not_shipped'
                AND seen_at > %(since)s LIMIT {SEEN_AT_MOST}) AS not_shipped)
"""  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True)
class Window:
    """The moments counted: after `since`, up to `until`."""

    since: dt.datetime
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class ShipmentAsked:
    """One shipment in one foreign city."""

    shipment: int
    area: str
    window: Window


@dataclass(frozen=True, slots=True)
class ShipmentCounts:
    """See codes.cases.diversion.Shipment; `scans` and `stores` for people to read."""

    units: int = 0
    people: int = 0
    seen_units: int = 0
    scans: int = 0
    distance_m: float | None = None
    received: int = 0
    receipt_m: float | None = None
    stores: int = 0


@dataclass(frozen=True, slots=True)
class ClusterAsked:
    brand_id: int
    cause: str
    area: str
    window: Window


@dataclass(frozen=True, slots=True)
class ClusterCounts:
    """Different codes and people, and scans."""

    codes: int = 0
    people: int = 0
    scans: int = 0


def shipment_counts(asked: Sequence[ShipmentAsked]) -> list[ShipmentCounts]:
    """What was seen and received, in the order asked. Two statements."""
    parameters = numbered([each.window for each in asked]) | {
        "shipments": [each.shipment for each in asked],
        "areas": [each.area for each in asked],
    }
    seen, received = rows_of(SHIPMENTS, parameters), rows_of(RECEIPTS, parameters)
    nothing = (0, 0, 0, 0, None), (0, None, 0)
    return [
        ShipmentCounts(*seen.get(number, nothing[0]), *received.get(number, nothing[1])) for number in range(len(asked))
    ]


def cluster_counts(asked: Sequence[ClusterAsked]) -> list[ClusterCounts]:
    """How many codes and people, in the order asked. One statement."""
    parameters = numbered([each.window for each in asked]) | {
        "brands": [each.brand_id for each in asked],
        "causes": [each.cause for each in asked],
        "areas": [each.area for each in asked],
    }
    found = rows_of(CLUSTERS, parameters)
    return [ClusterCounts(*found.get(number, ())) for number in range(len(asked))]


def reports_shipments(brand_id: int, since: dt.datetime) -> bool:
    """Whether no more goods of the brand are seen without a shipment than with one: else it does not report them."""
    with connection.cursor() as cursor:
        cursor.execute(SHIPPED_MOSTLY, {"brand": brand_id, "since": since})
        return bool(cursor.fetchone()[0])


def numbered(windows: Sequence[Window]) -> dict[str, Any]:
    """The columns that all statements share."""
    return {
        "numbers": list(range(len(windows))),
        "sinces": [window.since for window in windows],
        "untils": [window.until for window in windows],
    }


def rows_of(statement: str, parameters: dict[str, Any]) -> Mapping[int, tuple[Any, ...]]:
    """The rows by their number, which is left out of them."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return {number: tuple(row) for number, *row in cursor.fetchall()}
