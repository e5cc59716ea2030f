"""Personal links: whom somebody was led here by.

The text stands in `via` of a link and of the scans that follow it. It names the consumer by the id, never by the
member code, which is shown in shops; it is signed for the brand, so that nobody makes one for somebody else.
"""

import base64
import hmac
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from consumers.models import Consumer

NAME_LENGTH, SEAL_LENGTH = 22, 18
"""Of 16 bytes, and of 13, in URL-safe base64 without padding: 40 characters together, as long as `via` may be."""
SALT = "consumers.sharing"


def share_text(consumer: Consumer) -> str:
    """What the consumer's personal link carries: always the same 40 characters."""
    name = text_of(consumer.pk.bytes)
    return name + seal_of(name, consumer.brand_id, settings.SECRET_KEY)


def sharer_in(text: str, brand_id: int) -> UUID | None:
    """The consumer of the brand whom a link's text names; None where it is no such text."""
    name, seal = text[:NAME_LENGTH], text[NAME_LENGTH:]
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(hmac.compare_digest(seal.encode(), seal_of(name, brand_id, key).encode()) for key in keys):
        return None
    return UUID(bytes=base64.urlsafe_b64decode(name + "=="))


def seal_of(name: str, brand_id: int, key: str) -> str:
    """The signature: HMAC-SHA256 over brand and name, cut to 104 bits."""
    signed = salted_hmac(SALT, f"{brand_id}.{name}", secret=key, algorithm="sha256")
    return text_of(signed.digest()[:13])


def text_of(data: bytes) -> str:
    """URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
