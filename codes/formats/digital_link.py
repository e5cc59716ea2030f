"""The addresses that are printed in QR codes, upper case all through.

Upper case keeps a QR code in its alphanumeric mode and so one or two sizes smaller.
Source of the long form: GS1 Digital Link URI Syntax 1.x (keys 01 with 21, and 00).
"""

import re

from codes.formats.code_text import normalise
from codes.formats.gtin import validate_gtin14, validate_sscc18

_BASE_URL = re.compile(r"(https?)://([a-z0-9.-]+(?::[0-9]{1,5})?)/?", re.ASCII | re.IGNORECASE)


class InvalidBaseUrl(ValueError):  # noqa: N818 - says what is wrong with the text
    """A base address that is not scheme and host, with or without a port."""


def short_prefix(base_url: str) -> str:
    """What stands before the code in the short form, such as `HTTPS://ONE.CN/C/`."""
    return f"{_origin(base_url)}/C/"


def item_prefix(base_url: str, gtin: str) -> str:
    """What stands before the code in the Digital Link form, such as `HTTPS://ONE.CN/01/06901234567892/21/`."""
    return f"{_origin(base_url)}/01/{validate_gtin14(gtin)}/21/"


def short_url(base_url: str, code: str) -> str:
    """The short form for one code; with a host of up to 10 characters it fits QR version 2 at level M."""
    return short_prefix(base_url) + normalise(code)


def item_url(base_url: str, gtin: str, code: str) -> str:
    """The GS1 Digital Link of one item: its product and its code as serial number."""
    return item_prefix(base_url, gtin) + normalise(code)


def logistic_url(base_url: str, sscc: str) -> str:
    """The GS1 Digital Link of a case or pallet that carries an SSCC."""
    return f"{_origin(base_url)}/00/{validate_sscc18(sscc)}"


def _origin(base_url: str) -> str:
    """Scheme, host and port in upper case. The scheme stays as given: a local demo has no certificate."""
    parts = _BASE_URL.fullmatch(base_url.strip())
    if parts is None:
        msg = f"{base_url!r} is not scheme and host, such as https://one.cn or http://127.0.0.1:8000"
        raise InvalidBaseUrl(msg)
    return f"{parts[1]}://{parts[2]}".upper()
