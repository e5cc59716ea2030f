"""The hash ID of an event: equal where all that the event says of itself is equal, in JSON, in XML, at any place.

Source: Core Business Vocabulary 2.0, section 8.9. An event's values are put into one text, in one order (`pre_hash`);
its SHA-256 makes the ID. When and by whom it was recorded, certified or declared wrong is no part of it, so that an
error declaration bears the ID of the event that it is about.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from codes.epcis.fields import METADATA_FIELDS, NUMBERS, PLACES, REPORT_FIELDS, TIMES, TYPED_LISTS
from codes.epcis.identifiers import canonical
from codes.epcis.moments import in_milliseconds
from codes.epcis.normal import Event, normal_event

HASH_ID = re.compile(
    r"ni:///(?:sha-256;[0-9a-f]{64}|(?!sha-256;)[a-z0-9-]+;[0-9a-f]{16,})\?ver=CBV[0-9]+(?:\.[0-9]+){1,2}"
)
"""The form of hash IDs: RFC 6920 with digits in base 16, as CBV 2.0 has it."""

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
    "ilmd",
)


def event_hash_id(event: Mapping[str, Any], context: object = None) -> str:
    """The ID of a valid event, such as `ni:///sha-256;…?ver=CBV2.0`; `context` is that of its document.

    Raises ValueError as `codes.epcis.normal.normal_event` does.
    """
    return hash_id_of(normal_event(event, context))


def hash_id_of(normal: Event) -> str:
    """The ID of an event in normal form."""
    return f"ni:///sha-256;{hashlib.sha256(pre_hash(normal).encode()).hexdigest()}?ver=CBV2.0"


def pre_hash(normal: Event) -> str:
    """The canonical text that is hashed. `normal`: an event in normal form."""
    fields = "".join(_field(key, normal[key]) for key in _ORDER if key in normal)
    return f"eventType={normal['type']}{fields}{_extensions(normal)}"


def _field(key: str, value: Any) -> str:
    if key in _WRITERS:
        return _WRITERS[key](key, value)
    return f"{key}={_text(key, value)}"


def _text(key: str, value: Any) -> str:
    if key in TIMES:
        return in_milliseconds(value)
    if key in NUMBERS:
        return _number(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return canonical(str(value).strip())


def _number(value: float) -> str:
    """Without an exponent and without zeros at the end."""
    text = f"{Decimal(repr(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _fields(part: Mapping[str, Any], order: Sequence[str]) -> str:
    """The fields of a part of an event in this order, then its extensions."""
    return "".join(f"{key}={_text(key, part[key])}" for key in order if key in part) + _extensions(part)


def _sorted(texts: Sequence[str]) -> str:
    return "".join(sorted(texts))


def _epcs(key: str, value: Sequence[str]) -> str:
    return key + _sorted([f"epc={canonical(one.strip())}" for one in value])


def _quantities(key: str, value: Sequence[Event]) -> str:
    return key + _sorted([f"quantityElement{_fields(one, ('epcClass', 'quantity', 'uom'))}" for one in value])


def _place(key: str, value: Event) -> str:
    return key + _fields(value, ("id",))


def _typed(key: str, value: Sequence[Event]) -> str:
    name, _ = TYPED_LISTS[key]
    return key + _sorted([_fields(one, (name, "type")) for one in value])


def _persistent(key: str, value: Event) -> str:
    return key + "".join(
        _sorted([f"{name}={word}" for word in value[name]]) for name in ("set", "unset") if name in value
    )


def _sensors(key: str, value: Sequence[Event]) -> str:
    return key + _sorted([f"sensorElement{_sensor(one)}" for one in value])


def _sensor(element: Event) -> str:
    metadata = element.get("sensorMetadata")
    first = f"sensorMetadata{_fields(metadata, METADATA_FIELDS)}" if metadata else ""
    reports = [f"sensorReport{_fields(report, REPORT_FIELDS)}" for report in element["sensorReport"]]
    return first + _sorted(reports) + _extensions(element)


def _master_data(key: str, value: Event) -> str:
    return key + _extensions(value)


def _extensions(part: Mapping[str, Any]) -> str:
    """What stands under expanded names; members of a list are elements of the same name, as in XML."""
    return _sorted([text for key, value in part.items() if key[0] == "{" for text in _extension(key, value)])


def _extension(key: str, value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for one in value for text in _extension(key, one)]
    if isinstance(value, Mapping):
        return [key + _extensions(value)]
    return [f"{key}={canonical(value.strip())}"]


_WRITERS: Mapping[str, Callable[[str, Any], str]] = {
    **dict.fromkeys(("epcList", "childEPCs", "inputEPCList", "outputEPCList"), _epcs),
    **dict.fromkeys(("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"), _quantities),
    **dict.fromkeys(PLACES, _place),
    **dict.fromkeys(TYPED_LISTS, _typed),
    "persistentDisposition": _persistent,
    "sensorElementList": _sensors,
    "ilmd": _master_data,
}
