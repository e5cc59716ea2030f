"""EPCIS documents in XML 2.0, written event by event.

Extensions keep their namespaces; members of a list become elements of one name. What JSON has and XML has no place for
is left out: the document's own `id`, and the JSON-LD type of an extension's value.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from lxml import etree

from codes.epcis import vocabulary as v
from codes.epcis.contexts import Prefixes, prefixes_of
from codes.epcis.faults import Fault, pointer_of
from codes.epcis.fields import TYPED_LISTS
from codes.epcis.moments import normal_moment
from codes.epcis.normal import Event, extension_value, normal_event, scalar_text
from codes.epcis.streams import Document, Envelope
from codes.epcis.xml_header import header_element
from codes.epcis.xml_names import EPCIS, ERROR_ORDER, MEMBERS, ORDER, QUERY, REQUIRED

_PLACE = "events stand here"


class UnwritableDocument(ValueError):  # noqa: N818 - says what is wrong with the text
    """A document that XML can't say: a name or a text that XML does not allow, an event type that EPCIS has not."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.message)


def xml_of(document: Document) -> bytes:
    """A valid document in XML. Raises `UnwritableDocument`."""
    return b"".join(xml_pieces(document.envelope, document.events))


def xml_pieces(envelope: Envelope, events: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The same in pieces, one an event, so that it is never held as a whole. Raises `UnwritableDocument`."""
    try:
        head, _, tail = _frame(envelope).partition(f"<!--{_PLACE}-->".encode())
    except ValueError as error:
        raise UnwritableDocument(Fault("", f"the document's header can't be said in XML: {error}")) from error
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n' + head
    for number, event in enumerate(events):
        yield etree.tostring(event_element(event, envelope.context, number)) + b"\n"
    yield tail


def event_element(event: Mapping[str, Any], context: object, number: int = 0) -> etree._Element:
    """The element of one valid event. Raises `UnwritableDocument`, naming the event by its number."""
    prefixes = prefixes_of(context, event.get("@context"))
    try:
        return _event(normal_event(event, context), prefixes)
    except ValueError as error:
        fault = Fault(pointer_of(("epcisBody", "eventList", number)), f"this can't be said in XML: {error}")
        raise UnwritableDocument(fault) from error


def _frame(envelope: Envelope) -> bytes:
    """The document with a comment in the place of its events."""
    is_query = envelope.kind == "EPCISQueryDocument"
    space, prefix = (QUERY, "epcisq") if is_query else (EPCIS, "epcis")
    kind = "EPCISQueryDocument" if is_query else "EPCISDocument"
    root = etree.Element(f"{{{space}}}{kind}", nsmap={prefix: space})
    root.set("schemaVersion", str(envelope.header.get("schemaVersion", "2.0")))
    if "creationDate" in envelope.header:
        root.set("creationDate", _plain(envelope.header["creationDate"]))
    header = header_element(envelope.header)
    if header is not None:
        root.append(header)
    body = etree.SubElement(root, "EPCISBody")
    if is_query:
        body = _query_results(body, envelope.header)
    etree.SubElement(body, "EventList").append(etree.Comment(_PLACE))
    prefixes = prefixes_of(envelope.context)
    for key, value in envelope.header.items():
        if ":" in key:
            _extensions(root, {prefixes.name(key): extension_value(value, prefixes)})
    return etree.tostring(root)


def _query_results(body: etree._Element, header: Mapping[str, Any]) -> etree._Element:
    results = etree.SubElement(body, f"{{{QUERY}}}QueryResults")
    for key in ("queryName", "subscriptionID"):
        if key in header:
            etree.SubElement(results, key).text = header[key]
    return etree.SubElement(results, "resultsBody")


def _event(normal: Event, prefixes: Prefixes) -> etree._Element:
    kind = normal["type"]
    if kind not in ORDER:
        raise ValueError(f"{kind} is no event type of EPCIS 2.0")
    spaces = sorted(_namespaces(normal))
    own = {namespace: prefix for prefix, namespace in prefixes.namespaces.items()}
    nsmap = {own.get(space) or f"ext{n}": space for n, space in enumerate(spaces, 1) if space}
    element = etree.Element(kind, nsmap=nsmap)
    for key in ORDER[kind]:
        if key in normal:
            _field(element, key, normal[key])
        elif REQUIRED.get(kind) == key:
            etree.SubElement(element, key)
    _extensions(element, normal)
    return element


def _namespaces(value: Any) -> set[str]:
    if isinstance(value, list):
        return {space for one in value for space in _namespaces(one)}
    if not isinstance(value, Mapping):
        return set()
    own = {key[1:].partition("}")[0] for key in value if key[0] == "{"}
    return own | {space for one in value.values() for space in _namespaces(one)}


def _field(parent: etree._Element, key: str, value: Any) -> None:
    writer = _WRITERS.get(key)
    if writer:
        writer(parent, key, value)
    else:
        etree.SubElement(parent, key).text = _plain(value)


def _plain(value: Any) -> str:
    return scalar_text(value) or ""


def _moment(parent: etree._Element, key: str, value: str) -> None:
    etree.SubElement(parent, key).text = normal_moment(value)


def _word(name: str) -> Callable[[etree._Element, str, str], None]:
    def write(parent: etree._Element, key: str, value: str) -> None:
        etree.SubElement(parent, key).text = v.vocabulary(name).legacy(value)

    return write


def _texts(parent: etree._Element, key: str, value: list[str]) -> None:
    inner = etree.SubElement(parent, key)
    for one in value:
        etree.SubElement(inner, MEMBERS[key]).text = one


def _repeated(parent: etree._Element, key: str, value: list[str]) -> None:
    for one in value:
        etree.SubElement(parent, key).text = one


def _quantities(parent: etree._Element, key: str, value: list[Event]) -> None:
    inner = etree.SubElement(parent, key)
    for one in value:
        element = etree.SubElement(inner, MEMBERS[key])
        for name in ("epcClass", "quantity", "uom"):
            if name in one:
                etree.SubElement(element, name).text = _plain(one[name])


def _typed(parent: etree._Element, key: str, value: list[Event]) -> None:
    name, words = TYPED_LISTS[key]
    inner = etree.SubElement(parent, key)
    for one in value:
        element = etree.SubElement(inner, name)
        element.text = one[name]
        if "type" in one:
            element.set("type", v.vocabulary(words).legacy(one["type"]))


def _place(parent: etree._Element, key: str, value: Event) -> None:
    element = etree.SubElement(parent, key)
    if "id" in value:
        etree.SubElement(element, "id").text = value["id"]
    _extensions(element, value)


def _persistent(parent: etree._Element, key: str, value: Event) -> None:
    inner = etree.SubElement(parent, key)
    for name in ("unset", "set"):
        for one in value.get(name, ()):
            etree.SubElement(inner, name).text = v.vocabulary(v.DISPOSITION).legacy(one)


def _error(parent: etree._Element, key: str, value: Event) -> None:
    element = etree.SubElement(parent, key)
    for name in ERROR_ORDER:
        if name in value:
            _field(element, name, value[name])
    _extensions(element, value)


def _sensors(parent: etree._Element, key: str, value: list[Event]) -> None:
    inner = etree.SubElement(parent, key)
    for one in value:
        element = etree.SubElement(inner, MEMBERS[key])
        if "sensorMetadata" in one:
            _attributes(etree.SubElement(element, "sensorMetadata"), one["sensorMetadata"])
        for report in one["sensorReport"]:
            _attributes(etree.SubElement(element, "sensorReport"), report)
        _extensions(element, one)


def _attributes(element: etree._Element, part: Event) -> None:
    """XML has sensor metadata and reports as attributes; an extension with parts of its own can't be one."""
    for key, value in part.items():
        if not isinstance(value, Mapping | list):
            element.set(key, _plain(value))
    _extensions(element, {key: value for key, value in part.items() if isinstance(value, Mapping | list)})


def _extensions(parent: etree._Element, part: Mapping[str, Any]) -> None:
    for key, value in part.items():
        if key[0] == "{":
            _extension(parent, key, value)


def _extension(parent: etree._Element, key: str, value: Any) -> None:
    if isinstance(value, list):
        for one in value:
            _extension(parent, key, one)
        return
    element = etree.SubElement(parent, key)
    if isinstance(value, Mapping):
        for name, one in value.items():
            _extension(element, name, one)
    else:
        element.text = _plain(value)


_WRITERS: Mapping[str, Callable[[etree._Element, str, Any], None]] = {
    **dict.fromkeys(MEMBERS, _texts),
    **dict.fromkeys(("eventTime", "recordTime", "declarationTime"), _moment),
    **dict.fromkeys(("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"), _quantities),
    **dict.fromkeys(TYPED_LISTS, _typed),
    **dict.fromkeys(("readPoint", "bizLocation", "ilmd"), _place),
    "bizStep": _word(v.BIZ_STEP),
    "disposition": _word(v.DISPOSITION),
    "reason": _word(v.ERROR_REASON),
    "certificationInfo": _repeated,
    "persistentDisposition": _persistent,
    "errorDeclaration": _error,
    "sensorElementList": _sensors,
}
