"""What our units, classes, places, parties and papers are called in EPCIS: URIs under this installation's address.

An item is a GS1 Digital Link with its serial number; never with its code, which is a secret that whoever knows it could
print (docs/adr/0009). What has no GS1 key follows CBV's form for private URIs: `…/epcis/obj/…`, `/class/`, `/loc/`,
`/party/`, `/bt/`. Source: Core Business Vocabulary 2.0, section 8.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, unquote

from codes.epcis.standard import CONTEXT_URL
from codes.formats.code_text import SERIAL_LIMIT, Level
from codes.formats.gs1.identifiers import identifier
from codes.formats.gs1.values import InvalidValue, validate

PREFIX = "onecode"
_SERIAL = re.compile(r"/(?:01/([0-9]{14})/21|epcis/obj)/([0-9]{1,13})")


def is_gs1_lot(lot: str) -> bool:
    """Whether a lot may stand in a Digital Link: at most 20 characters of GS1's set 82."""
    found = identifier("10")
    assert found is not None
    try:
        validate(found, lot)
    except InvalidValue:
        return False
    return True


class Named(NamedTuple):
    """What a URI says of a unit: its serial, and its GTIN-14, "" where it says none."""

    serial: int
    gtin: str = ""


@dataclass(frozen=True, slots=True)
class Naming:
    """The URIs of one brand.

    Attributes:
        base_url: scheme and host, with or without a port, such as `https://one.cn`.
        brand: the brand's slug.
    """

    base_url: str
    brand: str

    @property
    def own(self) -> str:
        """Below which everything without a GS1 key is named."""
        return f"{self.base_url.rstrip('/')}/epcis"

    @property
    def namespace(self) -> str:
        """Of our own extensions."""
        return f"{self.own}/ns/"

    def context(self) -> list[object]:
        """The JSON-LD context of documents that speak of our units."""
        return [CONTEXT_URL, {PREFIX: self.namespace}]

    def unit(self, level: str, gtin: str, serial: int) -> str:
        """The EPC of one unit. Cases and pallets have no GS1 key of their own."""
        if level == Level.ITEM:
            return f"{self.base_url.rstrip('/')}/01/{gtin}/21/{serial}"
        return f"{self.own}/obj/{serial}"

    def unit_class(self, level: str, gtin: str, lot: str) -> str:
        """The class of the units of one batch and level; a lot that GS1 does not allow makes it a private one."""
        if level == Level.ITEM and is_gs1_lot(lot):
            return f"{self.base_url.rstrip('/')}/01/{gtin}/10/{quote(lot, safe='')}"
        return f"{self.own}/class/{level}.{gtin}.{quote(lot, safe='')}"

    def place(self, kind: str = "", number: str = "") -> str:
        """Where a store or dealer (`kind`) of this number is; without them, the brand itself."""
        return f"{self.own}/loc/{self._who(kind, number)}"

    def party(self, kind: str = "", number: str = "") -> str:
        """The same as a party."""
        return f"{self.own}/party/{self._who(kind, number)}"

    def paper(self, reference: str) -> str:
        """A business transaction by its number: a delivery note or order."""
        return f"{self.own}/bt/{self.brand}.{quote(reference, safe='')}"

    def unit_named(self, uri: str) -> Named | None:
        """The unit named in this naming's way; None for every other URI. Whether the GTIN is its own is left open."""
        base = self.base_url.rstrip("/")
        found = _SERIAL.fullmatch(unquote(uri[len(base) :])) if uri.startswith(base) else None
        named = Named(int(found[2]), found[1] or "") if found else None
        return named if named and named.serial < SERIAL_LIMIT else None

    def _who(self, kind: str, number: str) -> str:
        return f"{kind}.{self.brand}.{quote(number, safe='')}" if kind else f"brand.{self.brand}"
