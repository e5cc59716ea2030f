"""The codes of vouchers: V and 55 random bits, looked up by a unique index. Pure."""

import re
import secrets

from stores.public_codes import AS_READ, CROCKFORD

SYMBOLS = 11
GROUP = 4
_LINK = re.compile(r"/v/([^/?#\s]+)", re.IGNORECASE)
_CODE = re.compile(f"V[{CROCKFORD}]{{{SYMBOLS}}}")


def new_voucher_code() -> str:
    """V and 11 random symbols of Crockford's base32: short enough to be typed, and tried in vain."""
    return "V" + "".join(secrets.choice(CROCKFORD) for _ in range(SYMBOLS))


def voucher_code_in(text: str) -> str:
    """The code that a scanned or typed text holds, alone or in a link; empty where there is none.

    Small letters, spaces and dashes do not matter, nor O for 0, or I and L for 1.
    """
    link = _LINK.search(text)
    code = (link[1] if link else text).upper().translate(AS_READ).strip()
    return code if _CODE.fullmatch(code) else ""


def grouped(code: str) -> str:
    """The code as people read it out: in groups of four."""
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
