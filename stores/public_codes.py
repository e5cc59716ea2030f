"""Codes that name a store or a consumer: a letter and 80 random bits, looked up by a unique index (docs/adr/0002)."""

import re
import secrets
from typing import Literal

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYMBOLS = 16
_LINK = re.compile(r"/c/([^/?#\s]+)", re.IGNORECASE)
_B_CODE = re.compile(f"B[{CROCKFORD}]{{{SYMBOLS}}}")
AS_READ = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
"""What people and hand scanners make of a symbol."""


def new_code(letter: Literal["B", "C"]) -> str:
    """The letter and 16 random symbols of Crockford's base32; none can be guessed."""
    return letter + "".join(secrets.choice(CROCKFORD) for _ in range(SYMBOLS))


def b_code_in(text: str) -> str:
    """The B-code that a scanned or typed text holds, alone or in a link; empty where there is none.

    Small letters, spaces and dashes do not matter, nor O for 0, or I and L for 1.
    """
    link = _LINK.search(text)
    code = (link[1] if link else text).upper().translate(AS_READ).strip()
    return code if _B_CODE.fullmatch(code) else ""
