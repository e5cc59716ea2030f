"""One normal form of an event, whatever notation it came in; and whether two events say the same.

The normal form is a dict of the JSON binding's shape with these differences:

- no `@context`; names of extensions are expanded, `{namespace}local`; values with a declared prefix are full URIs;
- words of the standard vocabularies are web URIs (`https://ref.gs1.org/cbv/BizStep-shipping`);
- moments are in UTC with six digits behind the second; the offset at the place stays in `eventTimeZoneOffset`;
- numbers of EPCIS's own fields are numbers, without a fraction where they have none; scalars inside of extensions are
  text, since XML knows no more of them; a list of one is its member, an empty list or null is left out;
- `certificationInfo` is a list;
- what JSON-LD itself says inside of extensions (`@type`, `@language` …) is left out.

Identifiers stay as they came. `codes.epcis.identifiers.canonical` makes EPC URNs and Digital Links comparable, and
`same_meaning` uses it.
"""

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

from codes.epcis import vocabulary as v
from codes.epcis.contexts import Prefixes, prefixes_of
from codes.epcis.fields import (
    EPC_LISTS,
    NUMBERS,
    PLACES,
    QUANTITY_LISTS,
    REPORT_WORDS,
    TIMES,
    TYPED_LISTS,
    URI_FIELDS,
)
from codes.epcis.identifiers import canonical
from codes.epcis.moments import normal_moment
from codes.epcis.standard import EVENT_TYPES

Event = dict[str, Any]
_OF_ANY_EVENT = frozenset(
    {"type", "eventTime", "recordTime", "eventTimeZoneOffset", "eventID", "certificationInfo", "errorDeclaration"}
)
"""What the schema knows of an event whose type is somebody else's; its other fields are taken as extensions."""


def normal_event(event: Mapping[str, Any], context: object) -> Event:
    """The normal form of a valid event of a document with this context.

    Raises:
        UnknownPrefix: an extension's prefix is not declared.
        ValueError: a moment that is none. `codes.epcis.checking` tells both with their place.
    """
    prefixes = prefixes_of(context, event.get("@context"))
    is_ours = event["type"] in EVENT_TYPES
    return _without_nothing(
        {
            _name(key, prefixes): _value(key, value, prefixes)
            if is_ours or key in _OF_ANY_EVENT
            else extension_value(value, prefixes)
            for key, value in event.items()
        }
    )


def same_meaning(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two events in normal form say the same: lists have no order, identifiers of one thing are equal."""
    return bool(_meaning(one) == _meaning(other))


def extension_value(value: Any, prefixes: Prefixes) -> Any:
    """A value inside of an extension: text, a dict of expanded names, or a list of several; None for nothing."""
    if isinstance(value, dict):
        if "@value" in value:
            return extension_value(value["@value"], prefixes)
        if set(value) == {"@id"}:
            return prefixes.expand(str(value["@id"]))
        named = {_name(key, prefixes): extension_value(one, prefixes) for key, one in value.items() if key[0] != "@"}
        return _without_nothing(named) or None
    if isinstance(value, list):
        return _flat([extension_value(one, prefixes) for one in value])
    return scalar_text(value)


def scalar_text(value: object) -> str | None:
    """A JSON scalar as XML would write it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(plain_number(value)) if isinstance(value, int | float) else str(value)


LARGEST_WHOLE = 2**63
"""Greater numbers stay as they are: as whole ones no JSON of ours can hold them."""


def plain_number(value: float) -> int | float:
    """Without a fraction where it has none."""
    is_whole = math.isfinite(value) and abs(value) < LARGEST_WHOLE and value == int(value)
    return int(value) if is_whole else value


def _name(key: str, prefixes: Prefixes) -> str:
    return prefixes.name(key) if ":" in key else key


def _without_nothing(found: Event) -> Event:
    found.pop("@context", None)
    return {key: value for key, value in found.items() if value or (value is not None and value not in ([], {}))}


def _flat(values: list[Any]) -> Any:
    flat = [one for value in values if value is not None for one in (value if isinstance(value, list) else [value])]
    return flat[0] if len(flat) == 1 else flat


def _value(key: str, value: Any, prefixes: Prefixes) -> Any:
    """The value of a field of an event, or of a part of one that EPCIS defines."""
    reader = _READERS.get(key)
    if reader is not None:
        return reader(value, prefixes)
    return extension_value(value, prefixes) if ":" in key else value


def _type(value: str, prefixes: Prefixes) -> str:
    return value if value in EVENT_TYPES else prefixes.expand(value)


def _moment(value: str, prefixes: Prefixes) -> str:  # noqa: ARG001 - takes what every reader takes
    return normal_moment(value)


def _offset(value: str, prefixes: Prefixes) -> str:  # noqa: ARG001
    return "+00:00" if value == "-00:00" else value


def _uri(value: str, prefixes: Prefixes) -> str:
    return prefixes.expand(value)


def _uris(value: list[str] | str, prefixes: Prefixes) -> list[str]:
    return [prefixes.expand(one) for one in ([value] if isinstance(value, str) else value)]


def _number(value: float, prefixes: Prefixes) -> int | float:  # noqa: ARG001
    return plain_number(value)


def _word(name: str, value: str, prefixes: Prefixes) -> str:
    """Its own words first: a document may well declare a prefix that EPCIS's context declares too."""
    words = v.vocabulary(name)
    return words.uri(words.uri(value) if words.word(value) in words.uris else prefixes.expand(value))


def _biz_step(value: str, prefixes: Prefixes) -> str:
    return _word(v.BIZ_STEP, value, prefixes)


def _disposition(value: str, prefixes: Prefixes) -> str:
    return _word(v.DISPOSITION, value, prefixes)


def _part(value: Mapping[str, Any], prefixes: Prefixes) -> Event:
    """An object whose fields are EPCIS's or extensions."""
    return _without_nothing({_name(key, prefixes): _value(key, one, prefixes) for key, one in value.items()})


def _parts(value: list[Mapping[str, Any]], prefixes: Prefixes) -> list[Event]:
    return [_part(one, prefixes) for one in value]


def _persistent(value: Mapping[str, list[str]], prefixes: Prefixes) -> Event:
    return {key: [_disposition(one, prefixes) for one in words] for key, words in value.items()}


def _error(value: Mapping[str, Any], prefixes: Prefixes) -> Event:
    found = _part(value, prefixes)
    if "reason" in found:
        found["reason"] = _word(v.ERROR_REASON, found["reason"], prefixes)
    return found


def _typed(name: str, value: list[Mapping[str, str]], prefixes: Prefixes) -> list[Event]:
    return [
        {key: _word(name, one, prefixes) if key == "type" else prefixes.expand(one) for key, one in member.items()}
        for member in value
    ]


def _reports(value: list[Mapping[str, Any]], prefixes: Prefixes) -> list[Event]:
    return [
        _part(report, prefixes)
        | {key: _word(name, report[key], prefixes) for key, name in REPORT_WORDS.items() if key in report}
        for report in value
    ]


def _typed_reader(name: str) -> Any:
    return lambda value, prefixes: _typed(name, value, prefixes)


_READERS: dict[str, Any] = {
    "type": _type,
    "eventTimeZoneOffset": _offset,
    "eventID": _uri,
    "certificationInfo": _uris,
    "correctiveEventIDs": _uris,
    "bizStep": _biz_step,
    "disposition": _disposition,
    "persistentDisposition": _persistent,
    "errorDeclaration": _error,
    "ilmd": _part,
    "sensorElementList": _parts,
    "sensorMetadata": _part,
    "sensorReport": _reports,
}
_READERS |= dict.fromkeys(TIMES, _moment)
_READERS |= dict.fromkeys(NUMBERS, _number)
_READERS |= dict.fromkeys(EPC_LISTS, _uris)
_READERS |= dict.fromkeys((*URI_FIELDS, "id", "epcClass", "deviceID", "deviceMetadata", "rawData"), _uri)
_READERS |= dict.fromkeys(("dataProcessingMethod", "bizRules", "microorganism", "chemicalSubstance"), _uri)
_READERS |= dict.fromkeys(("uriValue", "coordinateReferenceSystem"), _uri)
_READERS |= dict.fromkeys(QUANTITY_LISTS, _parts)
_READERS |= dict.fromkeys(PLACES, _part)
_READERS |= {name: _typed_reader(words) for name, (_, words) in TYPED_LISTS.items()}


def _meaning(value: Any) -> Any:
    """A hashable value that is equal where the meaning is."""
    if isinstance(value, Mapping):
        return frozenset((name, _meaning(one)) for name, one in value.items())
    if isinstance(value, list):
        return frozenset(Counter(_meaning(one) for one in value).items())
    if isinstance(value, str):
        return canonical(value)
    return value
