"""Writing events with what they can be found by, many at once."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from codes.epcis import vocabulary as v
from codes.epcis.contexts import Prefixes
from codes.epcis.hash_ids import event_hash_id
from codes.epcis.moments import moment_of
from codes.epcis.normal import normal_event, same_meaning
from codes.epcis.standard import is_standard_context
from codes.epcis_query.entries import Entries, entries_of

Json = Mapping[str, Any]
APART = ("eventID", "recordTime", "errorDeclaration")
"""Not part of what an event says: two events under one ID that differ in nothing else are the same."""

# The rows come as one JSON text: in arrays, each quote of each document would be escaped by a regular expression.
INSERT = """
    INSERT INTO codes_epcisevent (event_id, key, declaration, content, type, action, biz_step, disposition, read_point,
        biz_location, event_at, document, normal, brand_id, job_id, recorded_at, captured_by, written_xid)
    SELECT k.*, %s::bigint, %s::uuid, %s::timestamptz, %s::text, pg_current_xact_id()::text::bigint
    FROM json_to_recordset(%s::json) AS k(event_id text, key uuid, declaration uuid, content uuid, type text,
        action text, biz_step text, disposition text, read_point text, biz_location text, event_at timestamptz,
        document text, normal text)
    ON CONFLICT (brand_id, key, declaration) DO NOTHING
    RETURNING id, key, declaration
"""
PRESENT = """
    SELECT e.key, e.declaration, e.content, e.normal FROM codes_epcisevent e
    WHERE e.brand_id = %s AND e.key = ANY(%s::uuid[])
"""
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


class Outcome(Enum):
    """What became of an event."""

    CAPTURED = "captured"
    REPEATED = "repeated"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event, ready to be written. `says` is the normal form without what stands APART."""

    event_id: str
    key: UUID
    declaration: UUID | None
    content: UUID
    event_at: dt.datetime
    document: str
    normal: Json
    entries: Entries

    @property
    def name(self) -> tuple[UUID, UUID | None]:
        """What tells it from all others of the brand."""
        return self.key, self.declaration


@dataclass(frozen=True, slots=True)
class Source:
    """Whose events are written, who sent them, under which capture job, and when."""

    brand_id: int
    actor: str
    now: dt.datetime
    job_id: UUID | None = None


def new_event(event: Json, context: object, prefixes: Prefixes | None = None) -> NewEvent:
    """A valid event of a document with this context; one without an ID is named by its hash.

    `prefixes`: what the context declares, for who asks about many events of one.

    Raises:
        ValueError: a time that is none, or a prefix that is not declared.
    """
    normal = normal_event(event, prefixes or context)
    if "eventID" not in normal:
        normal["eventID"] = event_hash_id(event, context)
    declared = normal.get("errorDeclaration")
    return NewEvent(
        event_id=normal["eventID"],
        key=digest(normal["eventID"].encode()),
        declaration=digest(orjson.dumps(declared, option=orjson.OPT_SORT_KEYS)) if declared else None,
        content=digest(orjson.dumps(saying(normal), option=orjson.OPT_SORT_KEYS)),
        event_at=moment_of(normal["eventTime"]),
        document=clean(orjson.dumps(whole(event, context, normal["eventID"]))),
        normal=normal,
        entries=entries_of(normal),
    )


def digest(data: bytes) -> UUID:
    """The first half of the SHA-256."""
    return UUID(bytes=hashlib.sha256(data).digest()[:16])


def saying(normal: Json) -> dict[str, Any]:
    """What the event says, whatever it is called."""
    return {name: value for name, value in normal.items() if name not in APART}


def whole(event: Json, context: object, event_id: str) -> dict[str, Any]:
    """The event as it came, with its ID and the namespaces that its document declares for it."""
    contexts = [
        one for each in (context, event.get("@context")) for one in (each if isinstance(each, list) else [each])
    ]
    own = [one for one in contexts if one is not None and not is_standard_context(one)]
    rest = {name: value for name, value in event.items() if name not in ("@context", "recordTime", "eventID")}
    return ({"@context": own} if own else {}) | rest | {"eventID": event_id}


def clean(text: bytes) -> str:
    """JSON as PostgreSQL can keep it: a NUL in a text is written as the mark of an unknown character."""
    return text.decode().replace("\\u0000", "\\ufffd")


def write_events(source: Source, events: Sequence[NewEvent]) -> list[Outcome]:
    """Write those that are new; for each event, in order, what became of it. In the caller's transaction."""
    first: dict[tuple[UUID, UUID | None], NewEvent] = {}
    for event in events:
        first.setdefault(event.name, event)
    present = present_of(source, first)
    # in the order of their keys, so that two captures of the same events wait for one another, and do not deadlock
    fresh = sorted((event for name, event in first.items() if agrees(event, present)), key=lambda event: event.key.int)
    ids = insert(source, fresh)
    if len(ids) < len(fresh):
        present = present_of(source, first)
    index(source, [(ids[event.name], event) for event in fresh if event.name in ids])
    return [outcome_of(event, first, present, ids) for event in events]


def present_of(source: Source, events: Mapping[tuple[UUID, UUID | None], NewEvent]) -> dict[UUID, list[Any]]:
    """What is kept under these events' IDs, error declarations among them: key → rows of PRESENT."""
    with connection.cursor() as cursor:
        cursor.execute(PRESENT, [source.brand_id, list({key for key, _ in events})])
        found: dict[UUID, list[Any]] = {}
        for row in cursor.fetchall():
            found.setdefault(row[0], []).append(row)
    return found


def agrees(event: NewEvent, present: Mapping[UUID, list[Any]]) -> bool:
    """Whether nothing under this ID says anything else."""
    return all(
        content == event.content or same_meaning(saying(orjson.loads(normal)), saying(event.normal))
        for _key, _declaration, content, normal in present.get(event.key, ())
    )


def outcome_of(
    event: NewEvent,
    first: Mapping[tuple[UUID, UUID | None], NewEvent],
    present: Mapping[UUID, list[Any]],
    ids: dict[tuple[UUID, UUID | None], int],
) -> Outcome:
    """What became of one event, after the new ones were written."""
    leader = first[event.name]
    if not agrees(event, present) or (
        leader.content != event.content and not same_meaning(saying(leader.normal), saying(event.normal))
    ):
        return Outcome.CONFLICT
    return Outcome.CAPTURED if leader is event and event.name in ids else Outcome.REPEATED


def insert(source: Source, events: Sequence[NewEvent]) -> dict[tuple[UUID, UUID | None], int]:
    """The rows of the events; the keys of those that were not there by now."""
    if not events:
        return {}
    rows = [row_of(event) for event in events]
    with connection.cursor() as cursor:
        signed = [source.brand_id, source.job_id, source.now, source.actor]
        cursor.execute(INSERT, [*signed, orjson.dumps(rows).decode()])
        return {(key, declaration): pk for pk, key, declaration in cursor.fetchall()}


def row_of(event: NewEvent) -> dict[str, Any]:
    """The columns that INSERT takes."""
    normal = event.normal
    return {
        "event_id": event.event_id,
        "key": event.key,
        "declaration": event.declaration,
        "content": event.content,
        "type": told(normal, "type"),
        "action": told(normal, "action"),
        "biz_step": told(normal, "bizStep"),
        "disposition": told(normal, "disposition"),
        "read_point": place(normal, "readPoint"),
        "biz_location": place(normal, "bizLocation"),
        "event_at": event.event_at,
        "document": event.document,
        "normal": clean(orjson.dumps(normal)),
    }


def told(normal: Json, name: str) -> str:
    """A field as people read it."""
    text = str(normal.get(name, ""))
    return v.vocabulary(name).word(text) if name in (v.BIZ_STEP, v.DISPOSITION) else text


def place(normal: Json, name: str) -> str:
    """The URI of a place."""
    return str(normal.get(name, {}).get("id", ""))


def index(source: Source, events: Sequence[tuple[int, NewEvent]]) -> None:
    """What the events are found by."""
    with connection.cursor() as cursor:
        with cursor.copy("COPY codes_epcisterm (event_id, event_at, brand_id, kind, value) FROM STDIN") as copy:
            copy.write("".join(term_lines(source, events)))
        with cursor.copy("COPY codes_epcisfigure (event_id, brand_id, field, value) FROM STDIN") as copy:
            copy.write("".join(figure_lines(source, events)))


def term_lines(source: Source, events: Sequence[tuple[int, NewEvent]]) -> Iterator[str]:
    """In the text format of COPY, which is quicker than handing over value by value."""
    for pk, event in events:
        lead = f"{pk}\t{event.event_at.isoformat()}\t{source.brand_id}"
        for kind, value in event.entries.terms:
            yield f"{lead}\t{kind}\t{escaped(value)}\n"


def figure_lines(source: Source, events: Sequence[tuple[int, NewEvent]]) -> Iterator[str]:
    """The same."""
    for pk, event in events:
        for name, value in event.entries.figures:
            yield f"{pk}\t{source.brand_id}\t{escaped(name)}\t{value!r}\n"


def escaped(text: str) -> str:
    """As that format wants a text."""
    return text.translate(ESCAPES)
