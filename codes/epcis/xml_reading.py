"""EPCIS documents out of XML 2.0, in the shape of their JSON binding, so that one checking serves both.

The parser loads nothing from anywhere; a document that declares entities, or names a DTD elsewhere, is refused before
anything in it is expanded. Event by event is read and let go of, so that the tree is never held as a whole.

An extension becomes a field with the prefix that the XML uses, which the JSON's context declares; elements that stand
several times become a list; an attribute becomes a member of its element, whose text is then its `rdf:value`. What has
no namespace gets that of the element around it, since JSON-LD knows no bare names there. What
`xsi:type` says of a value is let go: in XML as in JSON an extension's value is text.
"""

import math
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree

from codes.epcis import vocabulary as v
from codes.epcis.checking import WRAPPERS
from codes.epcis.contexts import CBVMDA, standard_namespaces
from codes.epcis.faults import Fault
from codes.epcis.fields import NUMBERS, REPORT_WORDS, TYPED_LISTS
from codes.epcis.normal import plain_number
from codes.epcis.standard import CONTEXT_URL, EVENT_TYPES
from codes.epcis.streams import MOST_BYTES, Document, Envelope, UnreadableDocument
from codes.epcis.xml_header import header_fields
from codes.epcis.xml_names import EPCIS, MEMBERS, QUERY, XML, XSI

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_ROOTS = {f"{{{EPCIS}}}EPCISDocument": "EPCISDocument", f"{{{QUERY}}}EPCISQueryDocument": "EPCISQueryDocument"}
_WORDS = {"bizStep": v.BIZ_STEP, "disposition": v.DISPOSITION, "reason": v.ERROR_REASON}
_SILENT = (f"{{{XSI}}}", f"{{{XML}}}")


class Names:
    """Prefixes for the namespaces of a document as they turn up: its own ones, unless two namespaces want one."""

    def __init__(self) -> None:
        self.declared: dict[str, str] = {}
        self._prefixes = {namespace: prefix for prefix, namespace in standard_namespaces().items()}
        self._prefixes[CBVMDA] = "cbvmda"

    def key(self, tag: str, hint: str | None, around: str = "") -> str:
        """The name in JSON of an element or attribute with this tag; without a namespace, in that of what it is in."""
        space, _, local = tag[1:].partition("}") if tag[0] == "{" else (around, "", tag)
        if not space:
            return local
        if space not in self._prefixes:
            taken = self._prefixes.values()
            prefix = hint if hint and hint not in taken else f"ns{len(self.declared) + 1}"
            self._prefixes[space] = prefix
            self.declared[prefix] = space
        return f"{self._prefixes[space]}:{local}"

    def context(self) -> list[Any]:
        """The JSON-LD context that declares them."""
        return [CONTEXT_URL, *([self.declared] if self.declared else [])]


def read_xml_document(body: bytes) -> Document:
    """The envelope and the events of an XML body; what is wrong with them, their checking tells.

    Raises:
        UnreadableDocument: too large, not well-formed, with entities, no EPCIS 2.0 document.
    """
    if len(body) > MOST_BYTES:
        raise UnreadableDocument([Fault("", f"a document has at most {MOST_BYTES} bytes, this one has {len(body)}")])
    try:
        return _read(body)
    except etree.XMLSyntaxError as error:
        raise UnreadableDocument([Fault("", f"no well-formed XML: {error.msg}")]) from error


def _read(body: bytes) -> Document:
    names, events, header = Names(), list[Any](), dict[str, Any]()
    root, kind = None, ""
    for step, element in _steps(body):
        if root is None:
            root, kind = element, _kind(element)
        elif step == "end" and _is_event(element):
            events.append(_event(element, names))
            element.clear()
    assert root is not None
    header |= _header(root, kind, names)
    return Document(Envelope(kind, names.context(), header), events, WRAPPERS[kind])


def _steps(body: bytes) -> Iterator[tuple[str, etree._Element]]:
    """Starts and ends of elements."""
    return iter(
        etree.iterparse(
            BytesIO(body),
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
    )


def _kind(root: etree._Element) -> str:
    """The kind of the document, at its root's start: nothing but the prolog has been read."""
    about: Any = root.getroottree().docinfo
    declared: Any = about.internalDTD
    if about.system_url or about.public_id or (declared is not None and any(declared.iterentities())):
        raise UnreadableDocument([Fault("", "a document type with entities or an address is not read")])
    if root.tag not in _ROOTS:
        message = f"{{{EPCIS}}}EPCISDocument is wanted, not {root.tag}; EPCIS 1.x is not read"
        raise UnreadableDocument([Fault("", message)])
    return _ROOTS[root.tag]


def _is_event(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "EventList"


def _header(root: etree._Element, kind: str, names: Names) -> dict[str, Any]:
    found: dict[str, Any] = {
        key: root.get(key) for key in ("schemaVersion", "creationDate") if root.get(key) is not None
    }
    header = root.find("EPCISHeader")
    if header is not None:
        found |= header_fields(header)
    if kind == "EPCISQueryDocument":
        found |= {key: text for key in ("queryName", "subscriptionID") if (text := _text_anywhere(root, key))}
    foreign = [one for one in root if one.tag[0] == "{" and not one.tag.startswith((f"{{{EPCIS}}}", f"{{{QUERY}}}"))]
    return found | _members(foreign, names)


def _text_anywhere(root: etree._Element, name: str) -> str:
    found = next(root.iter(name), None)
    return "" if found is None else _text(found)


def _text(element: etree._Element) -> str:
    return (element.text or "").strip()


def _event(element: etree._Element, names: Names) -> dict[str, Any]:
    if element.tag not in EVENT_TYPES:
        raise UnreadableDocument([Fault("", f"{element.tag} is no event type of EPCIS 2.0")])
    return {"type": element.tag} | _fields(element, names)


def _fields(element: etree._Element, names: Names) -> dict[str, Any]:
    """EPCIS's own fields of an element, and its extensions."""
    own = [one for one in element if one.tag[0] != "{"]
    found: dict[str, Any] = {}
    for one in own:
        value = _field(one, names)
        if one.tag == "certificationInfo":
            found.setdefault(one.tag, []).append(value)
        elif one.tag in ("extension", "baseExtension"):
            found |= _fields(one, names)
        elif value != [] or one.tag == "epcList":
            found[one.tag] = value
    return found | _members([one for one in element if one.tag[0] == "{"], names)


def _field(element: etree._Element, names: Names) -> Any:
    key = str(element.tag)
    if key in TYPED_LISTS:
        return [_typed(one, *TYPED_LISTS[key]) for one in element]
    if key == "sensorElementList":
        return [_sensor(one, names) for one in element]
    if key in MEMBERS:
        return [_fields(one, names) if len(one) else _text(one) for one in element]
    if key == "persistentDisposition":
        words = v.vocabulary(v.DISPOSITION)
        return {
            name: [words.word(_text(one)) for one in element.iterfind(name)]
            for name in ("set", "unset")
            if element.find(name) is not None
        }
    if key in ("readPoint", "bizLocation", "errorDeclaration", "ilmd"):
        return _fields(element, names)
    return _scalar(key, _text(element))


def _scalar(key: str, text: str) -> Any:
    if key in _WORDS:
        return v.vocabulary(_WORDS[key]).word(text)
    if key in NUMBERS:
        return _number(text)
    return text


def _number(text: str) -> Any:
    """A number, or the text that is none, for the checking to find."""
    try:
        value = float(text)
    except ValueError:
        return text
    return plain_number(value) if math.isfinite(value) else text


def _typed(element: etree._Element, name: str, words: str) -> dict[str, str]:
    kind = element.get("type")
    return ({} if kind is None else {"type": v.vocabulary(words).word(kind)}) | {name: _text(element)}


def _sensor(element: etree._Element, names: Names) -> dict[str, Any]:
    found: dict[str, Any] = {}
    metadata = element.find("sensorMetadata")
    if metadata is not None:
        found["sensorMetadata"] = _attributed(metadata, names)
    found["sensorReport"] = [_report(one, names) for one in element.iterfind("sensorReport")]
    return found | _members([one for one in element if one.tag[0] == "{"], names)


def _report(element: etree._Element, names: Names) -> dict[str, Any]:
    found = _attributed(element, names)
    for key in NUMBERS & found.keys():
        found[key] = _number(found[key])
    for key, words in REPORT_WORDS.items():
        if key in found:
            found[key] = v.vocabulary(words).word(found[key])
    if found.get("booleanValue") in ("true", "false", "1", "0"):
        found["booleanValue"] = found["booleanValue"] in ("true", "1")
    return found


def _attributed(element: etree._Element, names: Names) -> dict[str, Any]:
    return _attributes(element, names) | _members([one for one in element if one.tag[0] == "{"], names)


def _attributes(element: etree._Element, names: Names) -> dict[str, Any]:
    hints = {space: prefix for prefix, space in element.nsmap.items()}
    around = _space(str(element.tag))
    return {
        names.key(key, hints.get(_space(key) or around), around): value
        for key, value in ((str(key), str(value)) for key, value in element.attrib.items())
        if not key.startswith(_SILENT)
    }


def _space(tag: str) -> str:
    return tag[1:].partition("}")[0] if tag[0] == "{" else ""


def _members(elements: list[etree._Element], names: Names, around: str = "") -> dict[str, Any]:
    """Extensions by name; of one name several are a list."""
    found: dict[str, Any] = {}
    for one in elements:
        key, value = names.key(str(one.tag), one.prefix, around), _value(one, names, around)
        if key not in found:
            found[key] = value
        elif isinstance(found[key], list):
            found[key].append(value)
        else:
            found[key] = [found[key], value]
    return found


def _value(element: etree._Element, names: Names, around: str) -> Any:
    attributes = _attributes(element, names)
    text = element.text or ""
    if not len(element) and not attributes:
        return text
    own = {names.key(f"{{{RDF}}}value", "rdf"): text} if text.strip() else {}
    return attributes | own | _members(list(element), names, _space(str(element.tag)) or around)
