"""The schema's verdict, in words that a partner can act on.

The schema says only that one of several forms failed; here each failure becomes one sentence about the deepest place.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import jsonschema_rs

from codes.epcis import vocabulary as v
from codes.epcis.faults import Fault, pointer_of
from codes.epcis.standard import EVENT_TYPES, query_schema, schema

_WORDS = {
    "bizStep": v.BIZ_STEP,
    "disposition": v.DISPOSITION,
    "set": v.DISPOSITION,
    "unset": v.DISPOSITION,
    "reason": v.ERROR_REASON,
    "exception": v.SENSOR_ALERT,
    "component": v.COMPONENT,
}
_LISTED_TYPES = {
    "bizTransactionList": v.BIZ_TRANSACTION_TYPE,
    "sourceList": v.SOURCE_DESTINATION_TYPE,
    "destinationList": v.SOURCE_DESTINATION_TYPE,
    "sensorReport": v.MEASUREMENT_TYPE,
}
_FORMATS = {
    "uri": "a URI, such as urn:epc:id:sgtin:… or https://…",
    "date-time": "a moment with its offset, such as 2026-01-31T08:00:00.000+08:00",
}
_WHAT = {
    "ObjectEvent": "an ObjectEvent needs epcList, quantityList, or sensorElementList with readPoint",
    "AggregationEvent": "an AggregationEvent that is no DELETE needs childEPCs or childQuantityList",
    "AssociationEvent": "an AssociationEvent that is no DELETE needs childEPCs or childQuantityList",
    "TransactionEvent": "a TransactionEvent that is no DELETE needs epcList or quantityList",
    "TransformationEvent": "a TransformationEvent needs inputs and outputs, or a transformationID and one of them",
}
_VAGUE = frozenset({"anyOf", "oneOf"})
"""Failures that say little: what they are about is told better by others of the same place."""
_SHOWN = 60


@cache
def document_validator() -> jsonschema_rs.Draft7Validator:
    """For documents, query documents and events that carry their own context. Formats are asserted."""
    return jsonschema_rs.Draft7Validator(schema(), validate_formats=True)


@cache
def event_validator() -> jsonschema_rs.Draft7Validator:
    """For one event of a document, which carries no context."""
    whole = schema()
    return jsonschema_rs.Draft7Validator(
        {"$ref": "#/definitions/EPCIS-Document-Event", "definitions": whole["definitions"]}, validate_formats=True
    )


@cache
def query_validator() -> jsonschema_rs.Draft7Validator:
    """For the definition of a named query."""
    return jsonschema_rs.Draft7Validator(query_schema(), validate_formats=True)


def schema_faults(validator: jsonschema_rs.Draft7Validator, instance: object, most: int) -> list[Fault]:
    """At most `most` faults, of each place the most telling one; a place within which another is at fault is silent."""
    try:
        return [] if validator.is_valid(instance) else _found(validator, instance, most)
    except UnicodeEncodeError:
        return [Fault("", "a text holds a half of a surrogate pair, which is no character")]


def _found(validator: jsonschema_rs.Draft7Validator, instance: object, most: int) -> list[Fault]:
    said: dict[tuple[Any, ...], list[tuple[int, str]]] = {}
    for error in validator.iter_errors(instance):
        path, rank, message = _told(error)
        said.setdefault(path, []).append((rank, message))
        if len(said) > most * 4:
            break
    for path in [path for path in said if any(text == "type is missing" for _, text in said[path])]:
        # without its type a thing is held against every type there is: what that finds means nothing
        said = {other: told for other, told in said.items() if other[: len(path)] != path}
        said[path] = [(0, "type is missing")]
    inner = {path[:depth] for path in said for depth in range(len(path))}
    places = [path for path in said if path not in inner or min(said[path])[0] == 0]
    return [Fault(pointer_of(path), min(said[path])[1]) for path in sorted(places, key=str)[:most]]


def _told(error: Any) -> tuple[tuple[Any, ...], int, str]:
    """Where, how telling (0 most), and what."""
    path = tuple(error.instance_path)
    kind = error.kind
    if kind.name == "required":
        return path, 0, f"{kind.property} is missing"
    if kind.name == "propertyNames":
        field = kind.error.instance
        return (*path, field), 0, _unknown_field(str(field), error.instance)
    if kind.name == "additionalProperties":
        field = next(iter(kind.unexpected))
        return (*path, field), 0, f"{_short(field)} is no field here"
    return path, int(kind.name in _VAGUE), _sentence(kind, path, error)


def _unknown_field(field: str, owner: object) -> str:
    kind = owner.get("type") if isinstance(owner, Mapping) else None
    where = f"of {kind}" if kind in EVENT_TYPES else "here"
    return f"{_short(field)} is no field {where}; an extension's name has a prefix that the context declares"


def _sentence(kind: Any, path: tuple[Any, ...], error: Any) -> str:
    if kind.name == "anyOf":
        return _any_of(path, error.instance)
    writer = _SENTENCES.get(kind.name)
    return writer(kind, path, error.instance) if writer else _short(error.message)


def _any_of(path: tuple[Any, ...], value: object) -> str:
    words = word_field(path)
    if words is not None:
        return word_sentence(words, value)
    if isinstance(value, Mapping):
        if value.get("action") not in ("OBSERVE", "ADD", "DELETE", None):
            return "action is one of OBSERVE, ADD, DELETE"
        if "ilmd" in value and value.get("action") != "ADD" and value.get("type") == "ObjectEvent":
            return "only an ObjectEvent whose action is ADD may have ilmd"
        return _WHAT.get(str(value.get("type")), "one of set and unset is missing")
    return f"{_short(value)} is neither a URI nor a list of them"


def word_field(path: tuple[Any, ...]) -> str | None:
    """The vocabulary that the field at this path is of, if any."""
    names = [step for step in path if isinstance(step, str)]
    if not names:
        return None
    if names[-1] == "type" and len(names) > 1:
        return _LISTED_TYPES.get(names[-2])
    return _WORDS.get(names[-1])


def word_sentence(name: str, value: object) -> str:
    """What to write instead of a value that is not of the vocabulary."""
    words = v.vocabulary(name)
    text = str(value)
    if words.word(text) in words.uris:
        return f"in JSON a standard word is written bare: {words.word(text)}, not {_short(text)}"
    near = words.nearest(text)
    hint = f"; perhaps {near}" if near else ""
    return f"{_short(value)} is neither a word of the standard vocabulary nor a URI of another one{hint}"


def _type(kind: Any, path: tuple[Any, ...], value: object) -> str:  # noqa: ARG001 - takes what every writer takes
    wanted = " or ".join(kind.types)
    return f"a value of type {wanted} is wanted, not {_short(value)}"


def _format(kind: Any, path: tuple[Any, ...], value: object) -> str:  # noqa: ARG001
    return f"{_short(value)} is not {_FORMATS.get(kind.format, kind.format)}"


def _enum(kind: Any, path: tuple[Any, ...], value: object) -> str:  # noqa: ARG001
    return f"{_short(value)} is not one of {', '.join(map(str, kind.options))}"


def _pattern(kind: Any, path: tuple[Any, ...], value: object) -> str:  # noqa: ARG001
    field = path[-1] if path else ""
    if field == "eventTimeZoneOffset":
        return f"{_short(value)} is no offset from UTC such as +08:00, between -14:00 and +14:00"
    if field == "uom":
        return f"{_short(value)} is no unit of UN/ECE Recommendation 20, such as KGM"
    return f"{_short(value)} has another form than is wanted here"


def _few(kind: Any, path: tuple[Any, ...], value: object) -> str:  # noqa: ARG001
    return "the list must not be empty"


def _twice(kind: Any, path: tuple[Any, ...], value: object) -> str:  # noqa: ARG001
    return "something stands twice in the list"


_SENTENCES: Mapping[str, Callable[[Any, tuple[Any, ...], object], str]] = {
    "type": _type,
    "format": _format,
    "enum": _enum,
    "pattern": _pattern,
    "minItems": _few,
    "uniqueItems": _twice,
}


def _short(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def faults_among(faults: Iterable[Fault], most: int) -> list[Fault]:
    """The first `most` of them, each once, in order of their places."""
    return sorted(set(faults), key=lambda fault: (fault.pointer, fault.message))[:most]
