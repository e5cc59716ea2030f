"""Rows of our histories, source by source, in the order in which they were written down."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

Key = int | tuple[str, int]
"""Where in a source a row stands: its number, or a moment (ISO 8601) with a number."""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """One history.

    Attributes:
        name: what its rows tell of; `codes.selectors.epcis_events` makes their events.
        columns: of table `t`, what the events need.
        at: column with the moment of writing.
        number: column that tells rows of one moment apart.
        by_number: rows are numbered as they are written; else they are in order of `at`.
        joins: further tables.
        brand: column with the brand.
        narrowed_to: condition on the rows.
    """

    name: str
    table: str
    columns: str
    at: str
    number: str = "id"
    by_number: bool = False
    joins: str = ""
    brand: str = "t.brand_id"
    narrowed_to: str = "true"

    def statement(self, narrowed: bool) -> str:
        """Rows of a brand behind a key; or, narrowed, those of these numbers. Parts of it are constants of ours."""
        key = f"t.{self.number}" if self.by_number else f"t.{self.at}, t.{self.number}"
        behind = f"t.{self.number} > %(number)s" if self.by_number else f"({key}) > (%(moment)s, %(number)s)"
        which = f"t.{self.number} = ANY(%(numbers)s)" if narrowed else behind
        return (
            f"SELECT t.{self.number} AS number, t.{self.at} AS at, {self.columns} FROM {self.table} t {self.joins} "  # noqa: S608
            f"WHERE {self.brand} = %(brand)s AND t.{self.at} IS NOT NULL AND {self.narrowed_to} AND {which} "
            f"ORDER BY {key} LIMIT %(limit)s"
        )

    def key_of(self, row: Row) -> Key:
        """Where the row stands."""
        return int(row["number"]) if self.by_number else (row["at"].isoformat(), int(row["number"]))


_RANGE = "lower(t.{0}) AS first, upper(t.{0}) - 1 AS last"
_STATEMENT = f"t.kind, t.stated_at, t.revoked_at, {_RANGE.format('serials')}"
_PACKING = f"t.parent_serial AS parent, {_RANGE.format('children')}"

# A movement that was corrected by one of another kind had said nothing wrong: what it lacked came later.
_WRONG = "(t.outcome = 'mistake' OR t.outcome = 'corrected' AND m.kind = better.kind)"
MOVEMENTS = Source("movement", "codes_movement", "t.kind, t.reference, t.happened_at", "recorded_at", by_number=True)
SOURCES: tuple[Source, ...] = (
    Source("order", "codes_codeorder", _RANGE.format("serials"), "released_at"),
    Source("packing", "codes_packing", f"{_PACKING}, t.packed_at AS happened_at", "recorded_at", by_number=True),
    Source("unpacking", "codes_packing", f"{_PACKING}, t.unpacked_at AS happened_at", "unpacking_recorded_at"),
    MOVEMENTS,
    Source(
        "opening",
        "codes_opening",
        "t.serial AS first, t.serial AS last, s.number AS store",
        "opened_at",
        number="serial",
        joins="LEFT JOIN codes_binding b ON b.opening_id = t.serial LEFT JOIN stores_store s ON s.id = b.store_id",
    ),
    Source("statement", "codes_span", _STATEMENT, "stated_at", by_number=True),
    Source("taking_back", "codes_span", _STATEMENT, "revoked_at"),
    Source(
        "error",
        "codes_movementsolution",
        "e.movement_id AS movement, e.kind AS exception, t.outcome, t.corrected_by_id AS corrected_by",
        "solved_at",
        by_number=True,
        joins="JOIN codes_movementexception e ON e.id = t.exception_id JOIN codes_movement m ON m.id = e.movement_id "
        "LEFT JOIN codes_movement better ON better.id = t.corrected_by_id",
        brand="e.brand_id",
        narrowed_to=_WRONG,
    ),
)
START: tuple[Key, ...] = tuple(0 if source.by_number else ("-infinity", 0) for source in SOURCES)

PARTNERS = """
    SELECT m.id, CASE WHEN m.store_id IS NULL THEN 'dealer' ELSE 'store' END AS kind,
           coalesce(s.number, d.number) AS number
    FROM codes_movement m LEFT JOIN stores_store s ON s.id = m.store_id LEFT JOIN stores_dealer d ON d.id = m.dealer_id
    WHERE m.id = ANY(%(numbers)s) AND (m.store_id IS NOT NULL OR m.dealer_id IS NOT NULL)
"""
LINES = """
    SELECT l.movement_id AS movement, lower(l.serials) AS first, upper(l.serials) - 1 AS last
    FROM codes_movementline l WHERE l.movement_id = ANY(%(numbers)s) ORDER BY l.id
"""
CAPTURED = """
    SELECT f.movement_id AS movement, v.document
    FROM codes_epciseffect f JOIN codes_epcisevent v ON v.id = f.event_id WHERE f.movement_id = ANY(%(numbers)s)
"""


def rows_behind(source: Source, brand_id: int, key: Key, *, limit: int, until: dt.datetime) -> list[Row]:
    """At most `limit` rows behind this key, up to the first one that was written after `until`."""
    moment, number = ("", key) if isinstance(key, int) else key
    asked = {"brand": brand_id, "moment": moment, "number": number, "limit": limit}
    found = fetched(source.statement(narrowed=False), asked)
    return found[: next((place for place, row in enumerate(found) if row["at"] > until), len(found))]


def rows_numbered(source: Source, brand_id: int, numbers: Sequence[int]) -> list[Row]:
    """The rows of these numbers."""
    asked = {"brand": brand_id, "numbers": list(numbers), "limit": None}
    return fetched(source.statement(narrowed=True), asked) if numbers else []


def fetched(statement: str, asked: Mapping[str, Any]) -> list[Row]:
    """All rows of a statement, by name."""
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
