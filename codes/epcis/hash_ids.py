"""The hash ID of an event: equal where all that the event says of itself is equal, in JSON, in XML, at any place.

Source: Core Business Vocabulary 2.0, section 8.9, as the reference implementation that it names
(RalphTro/epcis-event-hash-generator) reads it for `CBV2.0`; its published values are among our tests. An event's values
are put into one text, in one order (`pre_hash`); its SHA-256 makes the ID. When and by whom the event was recorded,
certified or declared wrong is no part of it, so that an error declaration bears the ID of the event that it is about.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from codes.epcis.fields import METADATA_FIELDS, PLACES, REPORT_FIELDS, TIMES, TYPED_LISTS
from codes.epcis.identifiers import canonical
from codes.epcis.moments import in_milliseconds
from codes.epcis.normal import Event, normal_event
from codes.epcis.standard import EVENT_TYPES

HASH_ID = re.compile(
    r"ni:///(?:sha-256;[0-9a-f]{64}|(?!sha-256;)[a-z0-9-]+;[0-9a-f]{16,})\?ver=CBV[0-9]+(?:\.[0-9]+){1,2}"
)
"""The form of hash IDs: RFC 6920 with digits in base 16, as CBV 2.0 has it."""

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_TERMS, _HASHED_TERMS = "https://gs1.org/voc/", "https://ref.gs1.org/voc/"
_ORDER = (
    "eventTime",
    "eventTimeZoneOffset",
    "epcList",
    "parentID",
    "inputEPCList",
    "childEPCs",
    "quantityList",
    "childQuantityList",
    "inputQuantityList",
    "outputEPCList",
    "outputQuantityList",
    "action",
    "transformationID",
    "bizStep",
    "disposition",
    "persistentDisposition",
    "readPoint",
    "bizLocation",
    "bizTransactionList",
    "sourceList",
    "destinationList",
    "sensorElementList",
)


def event_hash_id(event: Mapping[str, Any], context: object = None) -> str:
    """The ID of a valid event, such as `ni:///sha-256;…?ver=CBV2.0`; `context` is that of its document.

    Raises ValueError as `codes.epcis.normal.normal_event` and `pre_hash` do.
    """
    return hash_id_of(normal_event(event, context))


def hash_id_of(normal: Event) -> str:
    """The ID of an event in normal form. Raises ValueError as `pre_hash` does."""
    return f"ni:///sha-256;{hashlib.sha256(pre_hash(normal).encode(errors='surrogatepass')).hexdigest()}?ver=CBV2.0"


def pre_hash(normal: Event) -> str:
    """The canonical text that is hashed. Raises ValueError for an event type that is not EPCIS's own."""
    if normal["type"] not in EVENT_TYPES:
        raise ValueError(f"{normal['type']} is no event type of EPCIS 2.0, and has no hash ID")
    fields = "".join(_field(key, normal[key]) for key in _ORDER if key in normal)
    return f"eventType={normal['type']}{fields}{_sorted([*_extended_parts(normal), *_extensions(normal)])}"


def _field(key: str, value: Any) -> str:
    if key in _WRITERS:
        return _WRITERS[key](key, value)
    return f"{key}={_text(key, value)}"


def _text(key: str, value: Any) -> str:
    if key in TIMES:
        return in_milliseconds(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return _canonical(str(value) if isinstance(value, str) else f"{Decimal(repr(value)):f}")


def _canonical(text: str) -> str:
    """What looks like a number has no zeros to spare; GS1's terms are at `ref.gs1.org`, its keys at `id.gs1.org`."""
    bare = text.strip()
    if _NUMBER.fullmatch(bare):
        plain = f"{Decimal(bare):f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    if bare.startswith(_TERMS):
        return _HASHED_TERMS + bare.removeprefix(_TERMS)
    return canonical(bare)


def _fields(part: Mapping[str, Any], order: Sequence[str]) -> str:
    return "".join(f"{key}={_text(key, part[key])}" for key in order if key in part)


def _sorted(texts: Iterable[str]) -> str:
    return "".join(sorted(texts))


def _epcs(key: str, value: Sequence[str]) -> str:
    return key + _sorted(f"epc={_canonical(one)}" for one in value)


def _quantities(key: str, value: Sequence[Event]) -> str:
    return key + _sorted(f"quantityElement{_fields(one, ('epcClass', 'quantity', 'uom'))}" for one in value)


def _place(key: str, value: Event) -> str:
    return key + _fields(value, ("id",))


def _typed(key: str, value: Sequence[Event]) -> str:
    name, _ = TYPED_LISTS[key]
    return key + _sorted(_fields(one, ("type", name)) for one in value)


def _persistent(key: str, value: Event) -> str:
    return key + "".join(
        _sorted(f"{name}={word}" for word in value[name]) for name in ("set", "unset") if name in value
    )


def _sensors(key: str, value: Sequence[Event]) -> str:  # noqa: ARG001 - the list's own name is no part of the text
    return _sorted(f"sensorElement{_sensor(one)}" for one in value)


def _sensor(element: Event) -> str:
    metadata = element.get("sensorMetadata")
    first = f"sensorMetadata{_fields(metadata, METADATA_FIELDS)}" if metadata else ""
    return first + _sorted(f"sensorReport{_fields(report, REPORT_FIELDS)}" for report in element["sensorReport"])


def _extended_parts(normal: Event) -> Iterator[str]:
    """Extensions inside of EPCIS's own fields, under the names of these; they stand among those of the event itself."""
    for key in (*PLACES, "ilmd"):
        if extended := _extensions(normal.get(key, {})):
            yield key + _sorted(extended)
    for element in normal.get("sensorElementList", ()):
        parts = [("sensorMetadata", element.get("sensorMetadata", {}))]
        parts += [("sensorReport", report) for report in element["sensorReport"]]
        named = [name + _sorted(extended) for name, part in parts if (extended := _extensions(part))]
        if inner := [*named, *_extensions(element)]:
            yield "sensorElement" + _sorted(inner)


def _extensions(part: Mapping[str, Any]) -> list[str]:
    """What stands under expanded names; members of a list are elements of the same name, as in XML."""
    return [text for key, value in part.items() if key[0] == "{" for text in _extension(key, value)]


def _extension(key: str, value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for one in value for text in _extension(key, one)]
    if isinstance(value, Mapping):
        return [key + _sorted(text for name, one in value.items() for text in _extension(name, one))]
    return [f"{key}={_canonical(value)}"]


_WRITERS: Mapping[str, Callable[[str, Any], str]] = {
    **dict.fromkeys(("epcList", "childEPCs", "inputEPCList", "outputEPCList"), _epcs),
    **dict.fromkeys(("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"), _quantities),
    **dict.fromkeys(PLACES, _place),
    **dict.fromkeys(TYPED_LISTS, _typed),
    "persistentDisposition": _persistent,
    "sensorElementList": _sensors,
}
