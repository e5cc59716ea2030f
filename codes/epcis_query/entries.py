"""What an event can be found by: exact texts, and figures that compare.

Events come in their normal form (codes.epcis.normal): words of vocabularies and names of extensions in one notation.
Identifiers are brought to one here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from codes.epcis import vocabulary as v
from codes.epcis.identifiers import canonical
from codes.epcis_query.kinds import Kind
from codes.epcis_query.texts import joined, moment_of, number_of, seconds_of, stored, texts_of

Json = Mapping[str, Any]

TOP = ""
INNER = "INNER_"
ILMD = "ILMD_"
DECLARATION = "ERROR_DECLARATION_"
READ_POINT = "readPoint_"
BIZ_LOCATION = "bizLocation_"
SENSOR_ELEMENT = "SENSORELEMENT_"
SENSOR_METADATA = "SENSORMETADATA_"
SENSOR_REPORT = "SENSORREPORT_"

SCALARS = {"eventID": Kind.EVENT_ID, "type": Kind.TYPE, "action": Kind.ACTION}
WORDS = {"bizStep": Kind.BIZ_STEP, "disposition": Kind.DISPOSITION}
URIS = {"transformationID": Kind.TRANSFORMATION, "parentID": Kind.PARENT}
LISTS = {
    "epcList": Kind.EPC,
    "childEPCs": Kind.EPC,
    "inputEPCList": Kind.INPUT_EPC,
    "outputEPCList": Kind.OUTPUT_EPC,
}
QUANTITIES = {
    "quantityList": Kind.EPC_CLASS,
    "childQuantityList": Kind.EPC_CLASS,
    "inputQuantityList": Kind.INPUT_CLASS,
    "outputQuantityList": Kind.OUTPUT_CLASS,
}
TYPED_LISTS = {
    "bizTransactionList": ("bizTransaction", Kind.BIZ_TRANSACTION, v.BIZ_TRANSACTION_TYPE),
    "sourceList": ("source", Kind.SOURCE, v.SOURCE_DESTINATION_TYPE),
    "destinationList": ("destination", Kind.DESTINATION, v.SOURCE_DESTINATION_TYPE),
}
SENSOR_URIS = {
    "deviceID": Kind.DEVICE,
    "dataProcessingMethod": Kind.PROCESSING,
    "microorganism": Kind.MICROORGANISM,
    "chemicalSubstance": Kind.SUBSTANCE,
    "bizRules": Kind.BIZ_RULES,
    "uriValue": Kind.URI_VALUE,
}
SENSOR_TEXTS = {
    "stringValue": Kind.STRING_VALUE,
    "hexBinaryValue": Kind.HEX_VALUE,
    "booleanValue": Kind.BOOLEAN_VALUE,
}
SENSOR_MOMENTS = frozenset({"time", "startTime", "endTime"})
SENSOR_NUMBERS = ("value", "minValue", "maxValue", "meanValue", "sDev", "percValue")
EXISTING = frozenset({"errorDeclaration", "sensorElementList", "ilmd", "persistentDisposition", "certificationInfo"})
MOMENT_MARK = "@"
"""Behind the name of a field whose figure is a moment."""


@dataclass(slots=True)
class Entries:
    """Of one event: `terms` are (kind, text), `figures` (field, number)."""

    terms: set[tuple[int, str]] = field(default_factory=set)
    figures: set[tuple[str, float]] = field(default_factory=set)

    def text(self, kind: Kind, *parts: str) -> None:
        """The event is found by this text."""
        self.terms.add((int(kind), joined(*parts)))

    def figure(self, name: str, value: Any) -> None:
        """The event is compared by this number or moment; anything else is passed over."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            self.figures.add((stored(name), float(value)))
        elif isinstance(value, str):
            moment, number = moment_of(value), number_of(value)
            if moment is not None:
                self.figures.add((stored(name + MOMENT_MARK), seconds_of(moment)))
            elif number is not None:
                self.figures.add((stored(name), number))


def entries_of(event: Json) -> Entries:
    """All that the event can be found by, but for its times and its place in the record."""
    found = Entries()
    _texts(found, event)
    for name in QUANTITIES.keys() & event.keys():
        _quantities(found, QUANTITIES[name], event[name])
    for name in TYPED_LISTS.keys() & event.keys():
        _typed(found, TYPED_LISTS[name], event[name])
    for name in event.keys() & EXISTING:
        found.text(Kind.EXISTS, name)
    _extensions(found, TOP, event)
    _places(found, event)
    _dispositions(found, event.get("persistentDisposition") or {})
    _declaration(found, event.get("errorDeclaration") or {})
    _extensions(found, ILMD, event.get("ilmd") or {})
    _sensors(found, event.get("sensorElementList") or ())
    return found


def _texts(found: Entries, event: Json) -> None:
    for name, value in event.items():
        if name in SCALARS:
            found.text(SCALARS[name], str(value))
        elif name in WORDS:
            found.text(WORDS[name], v.vocabulary(name).word(value))
        elif name in URIS:
            found.text(URIS[name], canonical(value))
        elif name in LISTS:
            for epc in value:
                found.text(LISTS[name], canonical(epc))


def _quantities(found: Entries, kind: Kind, quantities: Sequence[Json]) -> None:
    for one in quantities:
        found.text(kind, canonical(one["epcClass"]))
        if "quantity" in one:
            for name in ("quantity", *([f"quantity_{one['uom']}"] if one.get("uom") else [])):
                found.figure(name, one["quantity"])
                for text in texts_of(one["quantity"]):
                    found.text(Kind.FIELD, name, text)


def _typed(found: Entries, spec: tuple[str, Kind, str], elements: Sequence[Json]) -> None:
    name, kind, words = spec
    for one in elements:
        found.text(kind, v.vocabulary(words).word(one.get("type", "")), canonical(one[name]))


def _places(found: Entries, event: Json) -> None:
    for name, kind, section in (
        ("readPoint", Kind.READ_POINT, READ_POINT),
        ("bizLocation", Kind.BIZ_LOCATION, BIZ_LOCATION),
    ):
        place = event.get(name)
        if place:
            found.text(kind, canonical(place["id"]))
            _extensions(found, section, place)


def _dispositions(found: Entries, persistent: Json) -> None:
    for name, kind in (("set", Kind.DISPOSITION_SET), ("unset", Kind.DISPOSITION_UNSET)):
        for value in persistent.get(name) or ():
            found.text(kind, v.vocabulary(v.DISPOSITION).word(value))


def _declaration(found: Entries, declaration: Json) -> None:
    found.figure("errorDeclarationTime", declaration.get("declarationTime"))
    if "reason" in declaration:
        found.text(Kind.ERROR_REASON, v.vocabulary(v.ERROR_REASON).word(declaration["reason"]))
    for corrective in declaration.get("correctiveEventIDs") or ():
        found.text(Kind.CORRECTIVE_EVENT, str(corrective))
    _extensions(found, DECLARATION, declaration)


def _sensors(found: Entries, elements: Sequence[Json]) -> None:
    for element in elements:
        _extensions(found, SENSOR_ELEMENT, element)
        metadata = element.get("sensorMetadata") or {}
        _extensions(found, SENSOR_METADATA, metadata)
        _sensor(found, metadata)
        for report in element.get("sensorReport") or ():
            _extensions(found, SENSOR_REPORT, report)
            _sensor(found, report)


def _sensor(found: Entries, facts: Json) -> None:
    if "type" in facts:
        found.text(Kind.SENSOR_TYPE, v.vocabulary(v.MEASUREMENT_TYPE).word(facts["type"]))
    for name in SENSOR_URIS.keys() & facts.keys():
        found.text(SENSOR_URIS[name], canonical(facts[name]))
    for name in SENSOR_TEXTS.keys() & facts.keys():
        for text in texts_of(facts[name]):
            found.text(SENSOR_TEXTS[name], text)
    for name in SENSOR_MOMENTS & facts.keys():
        found.figure(name, facts[name])
    _measured(found, facts)


def _measured(found: Entries, facts: Json) -> None:
    """Measured values are told with their unit of measure."""
    named = {"percRank": "percRank"}
    if facts.get("uom"):
        named |= {name: f"{name}_{facts['uom']}" for name in SENSOR_NUMBERS}
    for name in named.keys() & facts.keys():
        found.figure(named[name], facts[name])
        for text in texts_of(facts[name]):
            found.text(Kind.FIELD, named[name], text)


def _extensions(found: Entries, section: str, facts: Json) -> None:
    for name, value in facts.items():
        if name.startswith("{"):
            _extension(found, section, name, value)


def _extension(found: Entries, section: str, name: str, value: Any) -> None:
    """A field of an extension, and what is inside of it at any depth."""
    _field(found, f"{section}{name}", value)
    for inner_name, inner in _inside(value):
        _field(found, f"{INNER}{section}{inner_name}", inner)


def _field(found: Entries, name: str, value: Any) -> None:
    found.text(Kind.EXISTS, name)
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, Mapping):
            _attributes(found, name, one)
        elif not isinstance(one, list):
            found.figure(name, one)
            for text in texts_of(one):
                found.text(Kind.FIELD, name, text)


def _attributes(found: Entries, name: str, held: Json) -> None:
    """What stands in an element of XML as an attribute is a member of the object in JSON."""
    for attribute, value in held.items():
        if not isinstance(value, Mapping | list) and value is not None:
            found.text(Kind.HAS_ATTRIBUTE, name, attribute)
            for text in texts_of(value):
                found.text(Kind.ATTRIBUTE, name, attribute, text)


def _inside(value: Any) -> Iterator[tuple[str, Any]]:
    """The fields inside of a value, at any depth."""
    if isinstance(value, list):
        for one in value:
            yield from _inside(one)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if name.startswith("{"):
                yield name, inner
            yield from _inside(inner)
