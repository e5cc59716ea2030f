"""The header of an XML document: who sent it to whom (SBDH), and master data; and back into JSON's fields."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from codes.epcis.xml_names import SBDH

_PLACES = {
    "sender": ("Sender", "Identifier"),
    "receiver": ("Receiver", "Identifier"),
    "instanceIdentifier": ("DocumentIdentification", "InstanceIdentifier"),
}
Fields = dict[str, Any]


def header_element(header: Mapping[str, Any]) -> etree._Element | None:
    """The EPCISHeader that says what these fields of a JSON document say; None where it has nothing to say."""
    element = etree.Element("EPCISHeader")
    if any(key in header for key in _PLACES):
        element.append(_sbdh(header))
    master = header.get("epcisHeader", {}).get("epcisMasterData", {}).get("vocabularyList")
    if master:
        extension = etree.SubElement(element, "extension")
        data = etree.SubElement(etree.SubElement(extension, "EPCISMasterData"), "VocabularyList")
        for one in master:
            _write_vocabulary(data, one)
    return element if len(element) else None


def header_fields(element: etree._Element) -> Fields:
    """The fields of a JSON document that say what this EPCISHeader says."""
    found: Fields = {}
    for key, steps in _PLACES.items():
        value = element.findtext("/".join(f"{{{SBDH}}}{step}" for step in ("StandardBusinessDocumentHeader", *steps)))
        if value:
            found[key] = value.strip()
    vocabularies = [_vocabulary(one) for one in element.iterfind("extension/EPCISMasterData/VocabularyList/Vocabulary")]
    if vocabularies:
        found["epcisHeader"] = {"epcisMasterData": {"vocabularyList": vocabularies}}
    return found


def _sbdh(header: Mapping[str, Any]) -> etree._Element:
    element = etree.Element(f"{{{SBDH}}}StandardBusinessDocumentHeader", nsmap={"sbdh": SBDH})
    etree.SubElement(element, f"{{{SBDH}}}HeaderVersion").text = "1.0"
    for key in ("sender", "receiver"):
        outer, inner = _PLACES[key]
        party = etree.SubElement(element, f"{{{SBDH}}}{outer}")
        etree.SubElement(party, f"{{{SBDH}}}{inner}").text = str(header.get(key, ""))
    about = {
        "Standard": "EPCglobal",
        "TypeVersion": "2.0",
        "InstanceIdentifier": header.get("instanceIdentifier", ""),
        "Type": "Events",
        "CreationDateAndTime": header.get("creationDate", ""),
    }
    document = etree.SubElement(element, f"{{{SBDH}}}DocumentIdentification")
    for name, value in about.items():
        etree.SubElement(document, f"{{{SBDH}}}{name}").text = str(value)
    return element


def _write_vocabulary(parent: etree._Element, one: Mapping[str, Any]) -> None:
    element = etree.SubElement(parent, "Vocabulary", type=one["type"])
    members = etree.SubElement(element, "VocabularyElementList")
    for member in one.get("vocabularyElementList", ()):
        found = etree.SubElement(members, "VocabularyElement", id=member["id"])
        for attribute in member.get("attributes", ()):
            written = etree.SubElement(found, "attribute", id=attribute["id"])
            written.text = _text(attribute.get("attribute", ""))
        if member.get("children"):
            children = etree.SubElement(found, "children")
            for child in member["children"]:
                etree.SubElement(children, "id").text = child


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        raise ValueError("an attribute of master data that has parts of its own")  # noqa: TRY004 - a value, not a type
    return str(value)


def _vocabulary(element: etree._Element) -> Fields:
    members = [_member(one) for one in element.iterfind("VocabularyElementList/VocabularyElement")]
    return {"type": element.get("type", "")} | ({"vocabularyElementList": members} if members else {})


def _member(element: etree._Element) -> Fields:
    attributes = [
        {"id": one.get("id", ""), "attribute": "".join(map(str, one.itertext())).strip()}
        for one in element.iterfind("attribute")
    ]
    children = [(one.text or "").strip() for one in element.iterfind("children/id")]
    found: Fields = {"id": element.get("id", "")}
    return found | ({"attributes": attributes} if attributes else {}) | ({"children": children} if children else {})
