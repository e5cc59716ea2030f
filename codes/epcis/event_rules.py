"""What the standard asks of an event and its JSON schema can't say: path and sentence of what breaks a rule.

Sources: EPCIS 2.0, sections 7.3 and 7.4; CBV 2.0, sections 7 and 8.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from codes.epcis import vocabulary as v
from codes.epcis.contexts import Prefixes, UnknownPrefix
from codes.epcis.fields import EPC_LISTS, PLACES, QUANTITY_LISTS, TIMES, TYPED_LISTS
from codes.epcis.hash_ids import HASH_ID, hash_id_of
from codes.epcis.identifiers import fault_of
from codes.epcis.moments import moment_of
from codes.epcis.normal import normal_event
from codes.epcis.schema_faults import word_field, word_sentence
from codes.epcis.standard import EVENT_TYPES

NESTED = (dict, list)
_URI_STARTS = ("urn:", "http")
Path = tuple[object, ...]
Broken = Iterator[tuple[Path, str]]


def broken_rules(event: Mapping[str, Any], prefixes: Prefixes) -> Broken:
    """Path within the event, and sentence. The event is valid by the schema."""
    yield from _names(event, prefixes)
    if event["type"] not in EVENT_TYPES:
        yield from _of_any_event(event)
        return
    for path, key, value in _standard_fields(event):
        if key in TIMES:
            yield from _moment(path, key, value)
        elif _may_be_a_uri(value):
            yield from _words(path, key, value)
    for rule in _RULES:
        yield from rule(event)


def _names(event: Mapping[str, Any], prefixes: Prefixes) -> Broken:
    """Every prefixed name has a declared prefix; inside of an extension every name has one."""
    parts: list[tuple[Path, Any, bool]] = [((), event, False)]
    while parts:
        path, part, inside = parts.pop()
        if isinstance(part, list):
            parts += [((*path, place), one, inside) for place, one in enumerate(part) if isinstance(one, NESTED)]
            continue
        for key, one in part.items():
            if key == "@context":
                continue
            if ":" in key or inside:
                yield from _name(key, prefixes, path)
            if isinstance(one, NESTED):
                parts.append(((*path, key), one, inside or ":" in key))


def _name(key: str, prefixes: Prefixes, path: Path) -> Broken:
    """A name with a prefix, or one inside of an extension."""
    if ":" in key:
        try:
            prefixes.name(key)
        except UnknownPrefix as error:
            yield (*path, key), f"no @context declares the prefix {error}; add {{{str(error)!r}: a namespace}}"
    elif not key.startswith("@"):
        yield (*path, key), "inside of an extension too a name has a prefix that the context declares"


def _of_any_event(event: Mapping[str, Any]) -> Broken:
    """An event type of somebody else's: the schema has looked at what all events have, and at no more."""
    for key in TIMES & event.keys():
        yield from _moment((), key, event[key])
    if "errorDeclaration" in event:
        yield from _moment(("errorDeclaration",), "declarationTime", event["errorDeclaration"]["declarationTime"])


def _moment(path: Path, key: str, value: str) -> Broken:
    try:
        moment_of(value)
    except (ValueError, OverflowError):
        yield (*path, key), f"{value} is no moment of the calendar"


def _may_be_a_uri(value: Any) -> bool:
    """Whether a text, or one of a list, begins as the URI of a standard word does."""
    if isinstance(value, str):
        return value.startswith(_URI_STARTS)
    return isinstance(value, list) and any(isinstance(one, str) and one.startswith(_URI_STARTS) for one in value)


def _words(path: Path, key: str, value: str | list[Any]) -> Broken:
    """Standard words are written bare or with their prefix; the schema lets some of their whole URIs pass."""
    name = word_field((*path, key))
    if name is None:
        return
    words = v.vocabulary(name)
    for place, one in enumerate(value if isinstance(value, list) else [value]):
        if one.startswith(_URI_STARTS) and words.word(one) in words.uris:
            yield (*path, key, place) if isinstance(value, list) else (*path, key), word_sentence(name, one)


def _identifiers(event: Mapping[str, Any]) -> Broken:
    for path, uri in _uris(event):
        wrong = fault_of(uri)
        if wrong:
            yield path, wrong


def _uris(event: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """The fields that name things, classes, places, parties and documents."""
    for key, value in event.items():
        if key in EPC_LISTS:
            yield from (((key, place), uri) for place, uri in enumerate(value))
        elif key in QUANTITY_LISTS:
            yield from (((key, place, "epcClass"), one["epcClass"]) for place, one in enumerate(value))
        elif key in TYPED_LISTS:
            name = TYPED_LISTS[key][0]
            yield from (((key, place, name), one[name]) for place, one in enumerate(value))
        elif key in PLACES:
            yield (key, "id"), value["id"]
        elif key in ("parentID", "transformationID"):
            yield (key,), value


def _places(event: Mapping[str, Any]) -> Broken:
    for key in PLACES:
        for name in event.get(key, ()):
            if name != "id" and ":" not in name:
                yield (key, name), "a place has an id and extensions, whose names have a prefix"


def _quantities(event: Mapping[str, Any]) -> Broken:
    for key in QUANTITY_LISTS:
        for place, one in enumerate(event.get(key, ())):
            quantity = one.get("quantity")
            if quantity is None and "uom" in one:
                yield (key, place, "uom"), "a unit needs a quantity beside it"
            if quantity is not None and quantity < 0:
                yield (key, place, "quantity"), "a quantity is not negative"
            elif quantity is not None and "uom" not in one and quantity != int(quantity):
                yield (key, place, "quantity"), "without uom a quantity counts pieces, and is whole"


def _family(event: Mapping[str, Any]) -> Broken:
    """Parents and children."""
    kind, children = event["type"], event.get("childEPCs", [])
    if kind == "AggregationEvent" and event["action"] != "OBSERVE" and "parentID" not in event:
        yield (), "parentID is missing; only an AggregationEvent whose action is OBSERVE may do without"
    seen: set[str] = set()
    for place, child in enumerate(children):
        if child in seen:
            yield ("childEPCs", place), "the child stands twice in the list"
        if child == event.get("parentID"):
            yield ("childEPCs", place), "nothing is its own child"
        seen.add(child)


def _dispositions(event: Mapping[str, Any]) -> Broken:
    said = event.get("persistentDisposition", {})
    put = frozenset(said.get("set", ()))
    for place, word in enumerate(said.get("unset", ())):
        if word in put:
            yield ("persistentDisposition", "unset", place), f"{word} is set and unset at once"


def _sensors(event: Mapping[str, Any]) -> Broken:
    for place, element in enumerate(event.get("sensorElementList", ())):
        metadata = element.get("sensorMetadata", {})
        if "startTime" in metadata and "endTime" in metadata:
            yield from _span(metadata, ("sensorElementList", place, "sensorMetadata"))
        for number, report in enumerate(element["sensorReport"]):
            if ("percRank" in report) != ("percValue" in report):
                path = ("sensorElementList", place, "sensorReport", number)
                yield path, "percRank and percValue go together"


def _span(metadata: Mapping[str, str], path: Path) -> Broken:
    try:
        backwards = moment_of(metadata["endTime"]) < moment_of(metadata["startTime"])
    except (ValueError, OverflowError):
        return  # `_moment` tells
    if backwards:
        yield (*path, "endTime"), "endTime lies before startTime"


def _hash_id(event: Mapping[str, Any]) -> Broken:
    """An ID that claims to be a hash has the form of one. Whether it is the event's own: `wrong_hash_id`."""
    said = event.get("eventID", "")
    if said.startswith("ni:") and HASH_ID.fullmatch(said) is None:
        yield ("eventID",), "a hash ID is ni:///, an algorithm such as sha-256, ;, hexadecimal digits, and ?ver=CBV2.0"


def wrong_hash_id(event: Mapping[str, Any], context: object) -> Broken:
    """Where a valid event's eventID claims to be its SHA-256 by CBV 2.0, it is that."""
    said = event.get("eventID", "")
    if said.startswith("ni:///sha-256;"):
        right = hash_id_of(normal_event(event, context))
        if said != right:
            yield ("eventID",), f"this is not the event's hash ID by CBV 2.0, which is {right}"


def _standard_fields(part: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, str, Any]]:
    """EPCIS's own fields at every depth; extensions and ILMD are not gone into."""
    for key, value in part.items():
        if ":" in key or key in ("ilmd", "@context"):
            continue
        yield path, key, value
        if isinstance(value, dict):
            yield from _standard_fields(value, (*path, key))
        elif isinstance(value, list):
            for place, one in enumerate(value):
                if isinstance(one, dict):
                    yield from _standard_fields(one, (*path, key, place))


_RULES: tuple[Callable[[Mapping[str, Any]], Broken], ...] = (
    _identifiers,
    _places,
    _quantities,
    _family,
    _dispositions,
    _sensors,
    _hash_id,
)
