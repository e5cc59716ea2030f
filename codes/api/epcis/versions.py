"""Headers by which client and server tell each other versions, formats and extensions."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from codes.epcis.contexts import Prefixes, prefixes_of
from codes.epcis.standard import CONTEXT_URL
from codes.services.epcis_capturing import MOST_BYTES, MOST_EVENTS
from core.problems import NotAcceptable

VERSION = "2.0.0"
DIGITS = re.compile(r"\d{1,4}(\.\d{1,4}){0,3}", re.ASCII)
PREFIX = re.compile(r"\s*([A-Za-z_][\w.-]*)\s*=\s*([A-Za-z][A-Za-z0-9+.-]*:\S+)\s*", re.ASCII)
KEPT_FORMATS = ("No_Preference", "Never_Translates")
LINKS = "Always_GS1_Digital_Link"
FORMATS = (*KEPT_FORMATS, LINKS)
URNS = "Always_URN"
XML_FORMATS = ("No_Preference", URNS)
VERSIONS = {"GS1-EPCIS-Version": VERSION, "GS1-CBV-Version": VERSION}
DISCOVERY = VERSIONS | {
    "GS1-EPCIS-Min": VERSION,
    "GS1-EPCIS-Max": VERSION,
    "GS1-CBV-Min": VERSION,
    "GS1-CBV-Max": VERSION,
    "GS1-EPC-Format": LINKS,
    "GS1-CBV-XML-Format": URNS,
    "GS1-Vendor-Version": "OneCode 1.0",
}
CAPTURE_DISCOVERY = {
    "GS1-EPCIS-Capture-Limit": str(MOST_EVENTS),
    "GS1-EPCIS-Capture-File-Size-Limit": str(MOST_BYTES),
    "GS1-Capture-Error-Behaviour": "all",
}


def check_versions(headers: Mapping[str, str]) -> None:
    """Version 2.0 lies within what the client takes and is what it sends.

    Raises:
        NotAcceptable: it does not.
    """
    ours = number_of(VERSION)
    for family in ("GS1-EPCIS", "GS1-CBV"):
        least = number_of(headers.get(f"{family}-Min", "0"))
        greatest = number_of(headers.get(f"{family}-Max", "9999"))
        sent = number_of(headers.get(f"{family}-Version", VERSION))
        if not least[:2] <= ours[:2] or not greatest[:2] >= ours[:2] or sent[:2] != ours[:2]:
            raise NotAcceptable(_("Version %(version)s is understood.") % {"version": VERSION})


def number_of(text: str) -> tuple[int, ...]:
    """The version as numbers, at least three. Raises NotAcceptable."""
    if not DIGITS.fullmatch(text.strip()):
        raise NotAcceptable(_("A version is written like 2.0.0."))
    parts = [int(part) for part in text.strip().split(".")]
    return tuple(parts + [0] * (3 - len(parts)))


def epc_format(headers: Mapping[str, str]) -> str:
    """In which form EPCs are wanted. Raises NotAcceptable: URNs can't be made of Digital Links."""
    return chosen(headers, "GS1-EPC-Format", LINKS, FORMATS)


def xml_format(headers: Mapping[str, str]) -> str:
    """In which form standard vocabulary is wanted in XML."""
    return chosen(headers, "GS1-CBV-XML-Format", "No_Preference", XML_FORMATS)


def chosen(headers: Mapping[str, str], name: str, default: str, choices: tuple[str, ...]) -> str:
    """The header's value, one of the choices. Raises NotAcceptable."""
    wanted = headers.get(name, default).strip() or default
    if wanted not in choices:
        raise NotAcceptable(_("%(name)s: one of %(choices)s.") % {"name": name, "choices": ", ".join(choices)})
    return wanted


def prefixes_of_headers(headers: Mapping[str, str]) -> Prefixes:
    """EPCIS's own prefixes and those that GS1-Extensions declares: `ex=https://example.com/,ex2=…`.

    Raises:
        NotAcceptable: it is written in another way.
    """
    declared = {}
    for part in headers.get("GS1-Extensions", "").split(","):
        if part.strip():
            found = PREFIX.fullmatch(part)
            if found is None:
                raise NotAcceptable(_("GS1-Extensions is written like ex=https://example.com/ns/,ex2=…"))
            declared[found[1]] = found[2]
    return prefixes_of(CONTEXT_URL, declared)
