"""Whether a document, a query document or a single event is valid, and what is wrong with it, place by place.

First GS1's schema, with formats asserted; then what the schema can't say (`codes.epcis.event_rules`). The validators
are compiled once per process.

Whether a hash ID is the event's own is asked by `hash_ids=True` alone: the algorithm changed until the standard came
out, always under the name `CBV2.0`, and nearly all of GS1's own examples bear IDs of some draft.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from codes.epcis.contexts import Prefixes, UnknownPrefix, prefixes_of
from codes.epcis.event_rules import NESTED, broken_rules, wrong_hash_id
from codes.epcis.faults import Fault, pointer_of
from codes.epcis.moments import moment_of
from codes.epcis.schema_faults import (
    document_validator,
    event_validator,
    faults_among,
    query_validator,
    schema_faults,
)
from codes.epcis.standard import CONTEXT_URL, EVENT_TYPES, is_standard_context

__all__ = ["DEEPEST", "MOST_FAULTS", "Fault", "event_faults", "faults_of", "query_faults"]

MOST_FAULTS = 100
MOST_PREFIXES = 100
DEEPEST = 48
"""How many objects and lists may lie within each other. GS1's fullest examples need 12."""

Path = tuple[object, ...]
WRAPPERS: dict[str, tuple[str, ...]] = {
    "EPCISDocument": ("epcisBody", "eventList"),
    "EPCISQueryDocument": ("epcisBody", "queryResults", "resultsBody", "eventList"),
}
"""Where the events are."""


def faults_of(document: object, *, hash_ids: bool = False) -> list[Fault]:
    """What is wrong with an EPCISDocument, an EPCISQueryDocument, or an event with its own context; at most 100."""
    if not isinstance(document, dict):
        return [Fault("", "a JSON object is wanted: an EPCISDocument, an EPCISQueryDocument or an event")]
    kind = document.get("type")
    if isinstance(kind, str) and kind not in (*WRAPPERS, *EVENT_TYPES) and ":" not in kind:
        return [
            Fault("/type", f"one of {', '.join((*WRAPPERS, *EVENT_TYPES))} is wanted, or the URI of another event type")
        ]
    if is_too_deep(document):
        return [Fault("", f"objects and lists lie more than {DEEPEST} deep within each other")]
    found = schema_faults(document_validator(), document, MOST_FAULTS)
    if found:
        return found
    context = document.get("@context")
    prefixes = prefixes_of(context)
    faults = list(_envelope(document, context, prefixes))
    for path, event in events_in(document):
        faults += _of_event(event, prefixes, path, hash_ids)
        if len(faults) > MOST_FAULTS:
            break
    return faults_among(faults, MOST_FAULTS)


def event_faults(event: object, context: object, *, hash_ids: bool = False) -> list[Fault]:
    """The same of one event of a document with this context, or its `Prefixes`; pointers are from the event on."""
    if not isinstance(event, dict):
        return [Fault("", "an event is a JSON object")]
    if is_too_deep(event):
        return [Fault("", f"objects and lists lie more than {DEEPEST} deep within each other")]
    found = schema_faults(event_validator(), event, MOST_FAULTS)
    return found or faults_among(_of_event(event, context, (), hash_ids), MOST_FAULTS)


def query_faults(query: object) -> list[Fault]:
    """What is wrong with the definition of a query, by GS1's schema."""
    return schema_faults(query_validator(), query, MOST_FAULTS)


def events_in(document: Mapping[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The events of a valid document with their paths; of a bare event, itself."""
    kind = document.get("type")
    path = WRAPPERS.get(str(kind), ())
    if not path:
        yield (), dict(document)
        return
    events: Any = document
    for step in path:
        events = events[step]
    yield from (((*path, place), event) for place, event in enumerate(events))


def is_too_deep(value: dict[str, Any]) -> bool:
    """Whether objects and lists lie more than DEEPEST within each other; said without recursion."""
    level: list[Any] = [value]
    for _ in range(DEEPEST + 1):
        level = [
            one
            for whole in level
            for one in (whole.values() if isinstance(whole, dict) else whole)
            if isinstance(one, NESTED)
        ]
        if not level:
            return False
    return True


def _envelope(document: Mapping[str, Any], context: object, prefixes: Prefixes) -> Iterator[Fault]:
    """What is around the events."""
    if len(prefixes.namespaces) > MOST_PREFIXES:
        yield Fault("/@context", f"at most {MOST_PREFIXES} prefixes may be declared")
    if not is_standard_context(context):
        yield Fault("/@context", f"the context does not name EPCIS's own, which is {CONTEXT_URL}")
    version = document.get("schemaVersion")
    if version is not None and version.split(".")[0] != "2":
        yield Fault("/schemaVersion", f"this is version {version}; version 2.0 is understood")
    yield from _moment(document, "creationDate")
    if document["type"] in EVENT_TYPES:
        return
    header = document.get("epcisHeader", {})
    yield from _names(document, prefixes, ())
    yield from _names(header, prefixes, ("epcisHeader",))


def _moment(document: Mapping[str, Any], key: str) -> Iterator[Fault]:
    try:
        moment_of(document.get(key, "2000-01-01T00:00:00Z"))
    except (ValueError, OverflowError):
        yield Fault(f"/{key}", f"{document[key]} is no moment of the calendar")


def _names(part: Mapping[str, Any], prefixes: Prefixes, path: Path) -> Iterator[Fault]:
    for key in part:
        if ":" in key:
            try:
                prefixes.name(key)
            except UnknownPrefix as error:
                yield Fault(pointer_of((*path, key)), f"no @context declares the prefix {error}")


def _of_event(event: Mapping[str, Any], context: object, path: Path, hash_ids: bool) -> list[Fault]:
    prefixes = prefixes_of(context, event.get("@context"))
    if "@context" in event and path and len(prefixes.namespaces) > MOST_PREFIXES:
        return [Fault(pointer_of((*path, "@context")), f"at most {MOST_PREFIXES} prefixes may be declared")]
    broken = list(broken_rules(event, prefixes))
    if hash_ids and not broken and event["type"] in EVENT_TYPES:
        broken = list(wrong_hash_id(event, context))
    return [Fault(pointer_of((*path, *place)), said) for place, said in broken]
