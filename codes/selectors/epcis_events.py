"""Our histories as EPCIS events: a brand's, page by page, and one unit's.

A page costs a statement for each source of rows and three more, however many events are on it. Every event is made from
rows that never change, so it has the same content and the same ID whenever it is asked for.
"""

import base64
import binascii
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

from codes.epcis import histories
from codes.epcis.histories import Declaration, Event, Moved, Partner, Teller
from codes.epcis.naming import Naming
from codes.epcis.standard import SCHEMA_VERSION
from codes.selectors.epcis_errors import Mistaken, errors_about, mistaken_of, reason_of
from codes.selectors.epcis_rows import LINES, PARTNERS, SOURCES, START, Key, Row, fetched, rows_behind, rows_numbered
from codes.selectors.epcis_units import Known, Span, known_orders
from codes.selectors.journey import MOVEMENTS, rows
from codes.selectors.way import WAY
from core.errors import Invalid
from stores.models import Brand

MOST_EVENTS = 500
SETTLED = dt.timedelta(minutes=1)
"""What was written within the last minute may still have company that is not committed; a page ends before it."""

PACKINGS = f"""
    WITH RECURSIVE {WAY}
    SELECT DISTINCT p.id FROM way CROSS JOIN LATERAL (
        SELECT id, packed_at FROM codes_packing WHERE children @> way.serial AND unpacked_at IS NULL
        UNION ALL
        SELECT id, packed_at FROM codes_packing WHERE children @> way.serial AND unpacked_at IS NOT NULL
    ) p
    WHERE way.until IS NULL OR p.packed_at <= way.until
    UNION
    SELECT id FROM codes_packing WHERE parent_serial = ANY(%(serials)s)
"""  # noqa: S608 - joined from constant texts
SPANS = "SELECT id FROM codes_span WHERE serials @> (%(serials)s::bigint[])[1]"
ORDERS = "SELECT id FROM codes_codeorder WHERE serials @> (%(serials)s::bigint[])[1]"


@dataclass(frozen=True, slots=True)
class Page:
    """Events in the order in which they were written down.

    Attributes:
        cursor: where the next page begins; to be asked for again later where this page is not full.
        is_last: nothing more is settled at present.
    """

    events: list[Event]
    cursor: str
    is_last: bool


@dataclass(frozen=True, slots=True)
class RowPage:
    """Rows with the names of their sources, in the order in which they were written down; else as Page."""

    rows: list[tuple[str, Row]]
    cursor: str
    is_last: bool


def teller_of(brand: Brand) -> Teller:
    """How the brand's things are named."""
    return Teller(Naming(settings.PUBLIC_URL, brand.slug), brand.timezone)


def events_of(brand: Brand, after: str = "", limit: int = 100, *, now: dt.datetime) -> Page:
    """The brand's events behind a cursor ("" for its first ones), at most `limit` (1 to 500).

    Raises:
        Invalid: no cursor of ours, or another limit.
    """
    if not 1 <= limit <= MOST_EVENTS:
        raise Invalid(fields={"limit": [_("Between 1 and %(most)d.") % {"most": MOST_EVENTS}]})
    page = rows_of(brand, after, limit, now=now)
    return Page(told(brand, page.rows), page.cursor, page.is_last)


def rows_of(brand: Brand, after: str, limit: int, *, now: dt.datetime) -> RowPage:
    """The rows that `events_of` tells of. Raises Invalid: no cursor of ours."""
    keys = list(keys_of(after))
    found = []
    for place, source in enumerate(SOURCES):
        latest = dt.datetime.min.replace(tzinfo=dt.UTC)
        for row in rows_behind(source, brand.pk, keys[place], limit=limit + 1, until=now - SETTLED):
            latest = max(latest, row["at"])
            found.append((latest, place, row))
    found.sort(key=lambda one: one[:2])  # stable: rows of one source stay in their order
    page = found[:limit]
    for _at, place, row in page:
        keys[place] = SOURCES[place].key_of(row)
    named = [(SOURCES[place].name, row) for _at, place, row in page]
    return RowPage(named, cursor_of(keys), is_last=len(found) <= limit)


def events_of_unit(brand: Brand, serial: int) -> list[Event]:
    """What happened to a unit of the brand and to all that it was in at the time, oldest first."""
    asked: dict[str, Any] = {"serials": [serial], "moments": [None]}
    packings = [number for (number,) in rows(PACKINGS, asked)]
    spans = [number for (number,) in rows(SPANS, asked)]
    movements = [number for number, _serial in rows(MOVEMENTS, asked)]
    numbers = {
        "order": [number for (number,) in rows(ORDERS, asked)],
        "packing": packings,
        "unpacking": packings,
        "movement": movements,
        "opening": [serial],
        "statement": spans,
        "taking_back": spans,
        "error": errors_about(movements),
    }
    found = [
        (source.name, row)
        for source in SOURCES
        for row in rows_numbered(source, brand.pk, sorted(set(numbers[source.name])))
    ]
    return told(brand, sorted(found, key=lambda one: one[1].get("happened_at") or one[1]["at"]))


def document_of(brand: Brand, events: Sequence[Event], *, now: dt.datetime) -> dict[str, Any]:
    """An EPCISDocument of these events."""
    return {
        "@context": teller_of(brand).naming.context(),
        "type": "EPCISDocument",
        "schemaVersion": SCHEMA_VERSION,
        "creationDate": now.isoformat(timespec="milliseconds"),
        "epcisBody": {"eventList": list(events)},
    }


def told(brand: Brand, found: Sequence[tuple[str, Row]]) -> list[Event]:
    """The events of rows, each with the name of its source. Three statements; five where there are errors."""
    mistaken = mistaken_of(brand.pk, [row for name, row in found if name == "error"])
    moved = [*(row["number"] for name, row in found if name == "movement"), *mistaken.rows]
    partners = {row["id"]: Partner(row["kind"], row["number"]) for row in fetched(PARTNERS, {"numbers": moved})}
    lines: dict[int, list[Span]] = {}
    for row in fetched(LINES, {"numbers": moved}):
        lines.setdefault(row["movement"], []).append(Span(row["first"], row["last"]))
    spans = [span for _name, row in found for span in spans_of(row)]
    known = known_orders(brand.pk, [*spans, *(span for these in lines.values() for span in these)])
    narrator = Narrator(teller_of(brand), known, partners, lines, mistaken)
    return [narrator.event(name, row) for name, row in found]


def spans_of(row: Row) -> Iterable[Span]:
    """The serials that a row itself names."""
    if "first" in row:
        yield Span(row["first"], row["last"])
    if "parent" in row:
        yield Span(row["parent"], row["parent"])


@dataclass(frozen=True, slots=True)
class Narrator:
    """Makes events of rows, given what else they need to know."""

    teller: Teller
    known: Known
    partners: dict[int, Partner]
    lines: dict[int, list[Span]]
    mistaken: Mistaken

    def event(self, name: str, row: Row) -> Event:
        """The event of one row of the source of this name."""
        if name in ("movement", "error"):
            return self._movement(row) if name == "movement" else self._error(row)
        units = self.known.units([Span(row["first"], row["last"])])
        if name == "order":
            return histories.commissioned(self.teller, units, row["at"])
        if name == "opening":
            store = Partner("store", row["store"]) if row["store"] else None
            return histories.sold(self.teller, units[0], store, row["at"])
        if name == "statement":
            return histories.stated(self.teller, row["kind"], units, row["at"])
        if name == "taking_back":
            return histories.taken_back(self.teller, row["kind"], units, row["stated_at"], row["at"])
        parent = self.known.units([Span(row["parent"], row["parent"])])[0]
        tell = histories.packed if name == "packing" else histories.unpacked
        return tell(self.teller, parent, units, row["happened_at"])

    def _movement(self, row: Row) -> Event:
        number = row["number"]
        movement = Moved(
            kind=row["kind"],
            units=self.known.units(self.lines.get(number, [])),
            at=row["happened_at"],
            partner=self.partners.get(number),
            reference=row["reference"],
        )
        return histories.moved(self.teller, movement)

    def _error(self, row: Row) -> Event:
        corrective = [self._told_of(row["corrected_by"])["eventID"]] if row["corrected_by"] else []
        declaration = Declaration(row["at"], reason_of(row), corrective)
        return histories.declared(self.teller, self._told_of(row["movement"]), declaration)

    def _told_of(self, movement: int) -> Event:
        """The event that told of a mistaken movement: the captured one, or else our own."""
        captured = self.mistaken.captured.get(movement)
        return self._movement(self.mistaken.rows[movement]) if captured is None else captured


def cursor_of(keys: Sequence[Key]) -> str:
    """The keys as one opaque text."""
    return base64.urlsafe_b64encode(orjson.dumps(list(keys))).decode().rstrip("=")


def keys_of(cursor: str) -> tuple[Key, ...]:
    """The keys of a cursor.

    Raises:
        Invalid: it is none of ours.
    """
    if not cursor:
        return START
    try:
        found = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return tuple(_key(one, source.by_number) for one, source in zip(found, SOURCES, strict=True))
    except (ValueError, TypeError, binascii.Error) as error:
        raise Invalid(fields={"after": [_("This is no cursor of ours.")]}) from error


def _key(found: Any, by_number: bool) -> Key:
    if by_number:
        return _number(found)
    moment, number = found
    if moment != "-infinity":
        dt.datetime.fromisoformat(moment)
    return str(moment), _number(number)


def _number(found: object) -> int:
    if type(found) is not int or not 0 <= found < 2**63:
        raise ValueError(found)
    return found
