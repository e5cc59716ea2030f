"""Keeping the evidence of a market case: each scan and each receipt once, as it was known then."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from codes.models import CaseEvidence, MarketCase
from codes.selectors.case_figures import Window

MOST_EVIDENCE = 500
"""Rows kept of one case; its figures count on."""

INSERT = """
    INSERT INTO codes_caseevidence (case_id, scan_id, movement_id, serial, store_id, dealer_id, shipment_id, items,
        region_code, latitude, longitude, accuracy_m, distance_m, happened_at, noted_at)
"""
COLUMNS = """
    SELECT %(case)s, s.scan_id, NULL::bigint, s.serial, s.store_id, s.dealer_id, s.shipment_id, 0, s.region_code,
           s.latitude, s.longitude, s.accuracy_m, s.distance_m, s.seen_at, %(now)s
    FROM codes_sighting s
"""
FRESH = """
    AND s.seen_at > %(since)s AND s.seen_at <= %(until)s
    AND NOT EXISTS (SELECT FROM codes_caseevidence e WHERE e.case_id = %(case)s AND e.scan_id = s.scan_id)
    ORDER BY s.seen_at LIMIT %(room)s
    ON CONFLICT DO NOTHING
"""
SEEN_OF_SHIPMENT = f"""
    {INSERT} {COLUMNS} WHERE s.shipment_id = %(shipment)s AND s.cause = 'foreign' AND s.area_id = %(area)s {FRESH}
"""
SEEN_IN_CLUSTER = f"""
    {INSERT} {COLUMNS} WHERE s.brand_id = %(brand)s AND s.cause = %(cause)s AND s.area_id = %(area)s {FRESH}
"""
RECEIVED = f"""
    {INSERT}
    SELECT %(case)s, NULL::uuid, r.movement_id, NULL::bigint, r.store_id, r.dealer_id, r.shipment_id, r.items,
           st.region_id, st.latitude, st.longitude, NULL::float8, r.distance_m, r.received_at, %(now)s
    FROM codes_foreignreceipt r JOIN stores_store st ON st.id = r.store_id
    WHERE r.shipment_id = %(shipment)s AND r.area_id = %(area)s
      AND r.received_at > %(since)s AND r.received_at <= %(until)s
      AND NOT EXISTS (SELECT FROM codes_caseevidence e WHERE e.case_id = %(case)s AND e.movement_id = r.movement_id)
    ORDER BY r.received_at LIMIT %(room)s
    ON CONFLICT DO NOTHING
"""  # noqa: S608 - a constant
SCANNED = f"""
    {INSERT}
    SELECT %(case)s, s.id, NULL::bigint, s.serial, s.store_id, NULL::bigint, NULL::bigint, 0, s.region_code,
           s.latitude, s.longitude, s.accuracy_m, NULL::float8, s.scanned_at, %(now)s
    FROM codes_scan s WHERE s.id = ANY(%(scans)s)
      AND NOT EXISTS (SELECT FROM codes_caseevidence e WHERE e.case_id = %(case)s AND e.scan_id = s.id)
    ORDER BY s.id LIMIT %(room)s
    ON CONFLICT DO NOTHING
"""  # noqa: S608 - a constant


def keep_shipment(case: MarketCase, window: Window, *, now: dt.datetime) -> None:
    """What was seen and received of the case's shipment in its city."""
    named = {"shipment": case.shipment_id, "area": case.region_id, "since": window.since, "until": window.until}
    insert(case, RECEIVED, named, now)
    insert(case, SEEN_OF_SHIPMENT, named, now)


def keep_cluster(case: MarketCase, window: Window, *, now: dt.datetime) -> None:
    """The codes of the case's kind that were seen in its city."""
    named = {"brand": case.brand_id, "cause": case.kind, "area": case.region_id}
    insert(case, SEEN_IN_CLUSTER, named | {"since": window.since, "until": window.until}, now)


def keep_scans(case: MarketCase, scan_ids: Sequence[UUID], *, now: dt.datetime) -> None:
    """These scans."""
    insert(case, SCANNED, {"scans": list(scan_ids)}, now)


def insert(case: MarketCase, statement: str, named: dict[str, Any], now: dt.datetime) -> None:
    """Insert what is not there yet, as long as there is room. The case is locked by its subject."""
    room = MOST_EVIDENCE - CaseEvidence.objects.filter(case=case).count()
    with connection.cursor() as cursor:
        cursor.execute(statement, named | {"case": case.pk, "now": now, "room": max(room, 0)})
