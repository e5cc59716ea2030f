"""Scans as they are examined for market cases: newest facts of each, in the order in which they were kept."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from codes.models.scan import Verdict
from stores.earth import Place
from stores.models import Brand

SURE = 0.5
"""A binding of at least this confidence tells where a phone was that did not tell it itself."""

COLUMNS = """
    SELECT s.id, coalesce(s.brand_id, c.brand_id) AS brand_id, s.serial, s.role, s.verdict, s.masked_code,
           coalesce(s.consumer_id::text, s.visitor) AS person, s.latitude, s.longitude, s.accuracy_m, s.region_code,
           s.scanned_at, b.store_id, st.region_id AS store_region, st.latitude AS store_latitude,
           st.longitude AS store_longitude
    FROM chosen s
    LEFT JOIN codes_opening o ON o.scan_id = s.id
    LEFT JOIN codes_binding b ON b.opening_id = o.serial AND b.confidence >= %(sure)s
    LEFT JOIN stores_store st ON st.id = b.store_id
    LEFT JOIN consumers_consumer c ON c.id = s.consumer_id
    ORDER BY s.id
"""
AFTER = f"""
    WITH chosen AS MATERIALIZED (
        SELECT * FROM codes_scan WHERE id > %(after)s AND id < %(before)s ORDER BY id LIMIT %(limit)s
    ) {COLUMNS}
"""  # noqa: S608 - joined from constant texts
NAMED = f"WITH chosen AS (SELECT * FROM codes_scan WHERE id = ANY(%(ids)s)) {COLUMNS}"  # noqa: S608 - as above
NO_SCAN = UUID(int=0)
LAST_SCAN = UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class SeenScan:
    """One scan. `brand_id` None: whose it may be is not known. The place is the phone's, else the bound store's."""

    id: UUID
    brand_id: int | None
    serial: int | None
    role: int | None
    verdict: Verdict
    masked_code: str
    person: str
    place: Place | None
    accuracy_m: float | None
    region_code: str
    scanned_at: dt.datetime
    store_id: int | None

    def __str__(self) -> str:
        """Its name in the log, which has no place for people and places."""
        return f"scan {self.id}"


def scans_after(after: UUID, *, before: UUID = LAST_SCAN, limit: int) -> list[SeenScan]:
    """The next scans by their keys (version 7: in the order of time). One statement along the primary key."""
    return seen(AFTER, {"after": after, "before": before, "limit": limit})


def scans_named(ids: Sequence[UUID]) -> list[SeenScan]:
    """These scans as they are to be examined now."""
    return seen(NAMED, {"ids": list(ids)})


def seen(statement: str, parameters: dict[str, Any]) -> list[SeenScan]:
    """The statement's rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters | {"sure": SURE})
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    only = only_brand() if any(row["brand_id"] is None for row in rows) else None
    return [scan_of(row, only) for row in rows]


def scan_of(row: dict[str, Any], only: int | None) -> SeenScan:
    """A row of COLUMNS."""
    phone, shop = place_of(row["latitude"], row["longitude"]), place_of(row["store_latitude"], row["store_longitude"])
    told = phone is not None and row["region_code"] != ""
    return SeenScan(
        id=row["id"],
        brand_id=only if row["brand_id"] is None else row["brand_id"],
        serial=row["serial"],
        role=row["role"],
        verdict=Verdict(row["verdict"]),
        masked_code=row["masked_code"],
        person=row["person"],
        place=phone if told else shop,
        accuracy_m=row["accuracy_m"] if told else AT_THE_STORE,
        region_code=row["region_code"] if told else row["store_region"] or "",
        scanned_at=row["scanned_at"],
        store_id=row["store_id"],
    )


AT_THE_STORE = 100.0
"""How exactly a store's place tells where its customer stood, metres."""


def place_of(latitude: float | None, longitude: float | None) -> Place | None:
    """A place, where both are known."""
    return None if latitude is None or longitude is None else Place(latitude, longitude)


def only_brand() -> int | None:
    """The brand of codes that name none: the site's default, or the only one. None where there are several."""
    brands = Brand.objects.filter(is_active=True)
    if settings.DEFAULT_BRAND:
        brands = brands.filter(slug=settings.DEFAULT_BRAND)
    found = list(brands.values_list("pk", flat=True)[:2])
    return found[0] if len(found) == 1 else None


def first_key_at(moment: dt.datetime) -> UUID:
    """The least key that a scan kept at this moment may have: 48 bits of milliseconds lead it (RFC 9562, 5.7)."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
