"""A large JSON-LD document event by event.

The body is parsed as a whole, by orjson: that takes about five times its bytes, so that memory is bounded by the limit
on a body's size, MOST_BYTES. What comes after (checking, normal forms, writing) goes event by event and keeps none.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from codes.epcis.checking import WRAPPERS, Path, event_faults, faults_of
from codes.epcis.contexts import prefixes_of
from codes.epcis.faults import Fault, pointer_of
from codes.epcis.standard import CONTEXT_URL, is_standard_context

MOST_BYTES = 32 * 1024 * 1024
"""The largest body that is read; some 30,000 events of average size."""
QUERY_FIELDS = ("queryName", "subscriptionID")


class UnreadableDocument(ValueError):  # noqa: N818 - says what is wrong with the text
    """A body that is no EPCIS document at all; `faults` say what is wrong with what surrounds the events."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__(faults[0].message)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What surrounds a document's events.

    Attributes:
        kind: EPCISDocument, EPCISQueryDocument, or the type of a bare event.
        context: the document's `@context`, as it came.
        header: every other field of the document but `epcisBody`; of a query document also queryName, subscriptionID.
    """

    kind: str
    context: object
    header: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """A document whose envelope is valid. Its events are not checked yet."""

    envelope: Envelope
    events: list[Any]
    path: Path

    def whole(self) -> dict[str, Any]:
        """The document as one JSON object."""
        if not self.path:
            return dict(self.events[0])
        body: Any = self.events
        inner = {key: self.envelope.header[key] for key in QUERY_FIELDS if key in self.envelope.header}
        for step in reversed(self.path):
            body = {step: body} | (inner if step == "resultsBody" else {})
        header = {key: value for key, value in self.envelope.header.items() if key not in QUERY_FIELDS}
        found: dict[str, Any] = {"@context": self.envelope.context, "type": self.envelope.kind} | header | body
        return found

    def checked(self) -> Iterator[tuple[int, dict[str, Any], list[Fault]]]:
        """Number, event, and its faults, whose pointers are from the document on."""
        prefixes = prefixes_of(self.envelope.context)
        for number, event in enumerate(self.events):
            faults = event_faults(event, prefixes)
            lead = pointer_of((*self.path, number)) if self.path else ""
            yield number, event, [Fault(lead + fault.pointer, fault.message) for fault in faults]


def read_document(body: bytes) -> Document:
    """The envelope and the events of a JSON body.

    Raises:
        UnreadableDocument: too large, no JSON, no EPCIS document, or the envelope is wrong.
    """
    if len(body) > MOST_BYTES:
        raise UnreadableDocument([Fault("", f"a document has at most {MOST_BYTES} bytes, this one has {len(body)}")])
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise UnreadableDocument([Fault("", f"no JSON: {error}")]) from error
    return document_of(found)


def document_of(found: object) -> Document:
    """The same of parsed JSON."""
    if isinstance(found, dict) and isinstance(found.get("type"), str) and found["type"] in WRAPPERS:
        return _of_wrapper(found)
    faults = _faults_of_bare(found)
    if faults or not isinstance(found, dict):
        raise UnreadableDocument(faults)
    return Document(Envelope(str(found["type"]), found.get("@context")), [found], ())


def _faults_of_bare(found: object) -> list[Fault]:
    """Whether this may be an event that stands alone."""
    if not isinstance(found, dict) or not isinstance(found.get("type"), str):
        return [Fault("", "an EPCISDocument, an EPCISQueryDocument or an event is wanted")]
    if not is_standard_context(found.get("@context")):
        return [Fault("/@context", f"an event that stands alone names its context, {CONTEXT_URL}")]
    return []


def _of_wrapper(found: dict[str, Any]) -> Document:
    """The envelope is checked with an empty list in the place of the events."""
    path = WRAPPERS[found["type"]]
    parents: list[Any] = [found]
    for step in path[:-1]:
        below = parents[-1].get(step)
        if not isinstance(below, dict):
            raise UnreadableDocument(faults_of(found))
        parents.append(below)
    events = parents[-1].get(path[-1])
    if not isinstance(events, list):
        raise UnreadableDocument(faults_of(found))
    shell: Any = []
    for parent, step in zip(reversed(parents), reversed(path), strict=True):
        shell = parent | {step: shell}
    faults = faults_of(shell)
    if faults:
        raise UnreadableDocument(faults)
    header = {key: value for key, value in found.items() if key not in ("@context", "type", "epcisBody")}
    header |= {key: parents[-2][key] for key in QUERY_FIELDS if key in parents[-2]}
    return Document(Envelope(found["type"], found["@context"], header), events, path)
