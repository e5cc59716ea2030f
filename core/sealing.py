"""What providers know people by, sealed: AES-SIV (RFC 5297) under the keys of settings.PAYEE_KEYS.

It is deterministic: equal texts are equal when sealed by the same key, so that a payee can be looked for and counted,
and a payout's bytes never change. Who reads the database learns that, and nothing else.
"""

import base64
import binascii
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core.masking import ends_of

MARK = "sealed:"
KEY_LENGTHS = {32, 48, 64}


class SealBroken(ValueError):  # noqa: N818 - says what is wrong with the text
    """The text was sealed under a key that is gone, or was changed."""


def seal(text: str) -> str:
    """`sealed:<key number>:<base64>`, under the first key."""
    number, box = next(iter(boxes(settings.PAYEE_KEYS).items()))
    sealed = base64.urlsafe_b64encode(box.encrypt(text.encode(), [number.encode()]))
    return f"{MARK}{number}:{sealed.decode()}"


def unseal(text: str) -> str:
    """What was sealed; a text that never was (an account that is nobody's secret) is answered as it is.

    Raises:
        SealBroken: as it says.
    """
    if not text.startswith(MARK):
        return text
    number, _, sealed = text.removeprefix(MARK).partition(":")
    box = boxes(settings.PAYEE_KEYS).get(number)
    if box is None:
        raise SealBroken(f"Key {number} is not in ONECODE_PAYEE_KEYS.")
    try:
        return box.decrypt(base64.urlsafe_b64decode(sealed), [number.encode()]).decode()
    except (InvalidTag, binascii.Error) as error:
        raise SealBroken("The sealed text was changed.") from error


def masked(text: str) -> str:
    """What a list may show of an account: its first two and last two characters; of a short one, its last two."""
    return ends_of(unseal(text))


@lru_cache(maxsize=4)
def boxes(keys: str) -> dict[str, AESSIV]:
    """Ciphers by key number from `1:<hex>,2:<hex>`, in that order.

    Raises:
        ImproperlyConfigured: it is written otherwise; no key is named in the message.
    """
    found: dict[str, AESSIV] = {}
    for entry in keys.split(","):
        number, _, digits = entry.strip().partition(":")
        try:
            key = bytes.fromhex(digits)
        except ValueError:
            key = b""
        if not number.isdigit() or len(key) not in KEY_LENGTHS:
            raise ImproperlyConfigured("ONECODE_PAYEE_KEYS: each key is a number, a colon and 64 hex digits.")
        found[number] = AESSIV(key)
    return found
