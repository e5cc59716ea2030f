"""Reading what was scanned: whose code the text is, and what a mark says once deciphered. Asks no table."""

import re
from dataclasses import dataclass
from enum import StrEnum

from codes.ciphers import code_cipher
from codes.formats.code_text import CodeKind, CodeTextError, Role, extract_code, kind_of, mask
from codes.formats.keys import UnknownKeyVersion

GTIN_IN_LINK = re.compile(r"/01/([0-9]{8,14})/")
GTIN_LENGTH = 14


class Found(StrEnum):
    """What a text turned out to be."""

    MARK = "mark"
    STORE = "store"
    CONSUMER = "consumer"
    FORGED = "forged"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Reading:
    """A scanned text, read.

    Attributes:
        found: what it is; the next three fields are filled accordingly.
        code: the canonical text of a store's or consumer's code, else empty. Never a mark's: that is a secret.
        masked: what may be shown and logged.
        gtin: GTIN-14 of the Digital Link it stood in, else empty.
        version: the key that made a mark, else empty. Whether the unit's order prints under it, its table tells.
    """

    found: Found
    masked: str
    role: Role | None = None
    serial: int | None = None
    code: str = ""
    gtin: str = ""
    version: str = ""

    @property
    def is_guess(self) -> bool:
        """Whether no printed code reads like this: somebody is trying, or the lens was dirty."""
        return self.found in {Found.FORGED, Found.MALFORMED}


def read(text: str) -> Reading:
    """Read a bare code, a short link or a Digital Link. Never raises for a text."""
    try:
        code = extract_code(text)
    except CodeTextError:
        return Reading(found=Found.MALFORMED, masked=mask(""))
    match kind_of(code):
        case CodeKind.STORE:
            return Reading(found=Found.STORE, masked=mask(code), code=code)
        case CodeKind.CONSUMER:
            return Reading(found=Found.CONSUMER, masked=mask(code), code=code)
        case _:
            return _mark(code, _gtin_of(text))


def _mark(code: str, gtin: str) -> Reading:
    try:
        mark = code_cipher().decode(code)
    except (CodeTextError, UnknownKeyVersion):
        return Reading(found=Found.FORGED, masked=mask(code), gtin=gtin)
    return Reading(Found.MARK, mask(code), role=mark.role, serial=mark.serial, gtin=gtin, version=mark.version)


def _gtin_of(text: str) -> str:
    link = GTIN_IN_LINK.search(text)
    return link[1].zfill(GTIN_LENGTH) if link else ""
