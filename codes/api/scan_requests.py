"""From a posted body to a NewScan; says of each field what would be right."""

import secrets
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request

from codes.services.places import Place
from codes.services.scanning import NewScan
from consumers.session import address_of, consumer_of, visitor_of
from core.errors import Invalid

CODE_LENGTH = 2048
NONCE_LENGTH = 200
VIA_LENGTH = 40
LARGEST_NUMBER = 1e12


def new_scan_of(request: Request) -> NewScan:
    """The scan that was posted.

    Raises:
        Invalid: a field is missing, of the wrong type, too long or out of range.
        NotSignedIn: the bearer token is not good.
    """
    body = request.data
    if not isinstance(body, dict):
        raise Invalid(fields={"body": [_("Send a JSON object.")]})
    place = Place.checked(*(number_in(body, name) for name in ("latitude", "longitude", "accuracy_m")))
    return NewScan(
        code=text_in(body, "code", longest=CODE_LENGTH, needed=True),
        visitor=visitor_of(request),
        nonce=nonce_of(request),
        consumer=consumer_of(request),
        place=place,
        via=text_in(body, "via", longest=VIA_LENGTH),
        address=address_of(request),
    )


def nonce_of(request: Request) -> str:
    """The Idempotency-Key, or a random one."""
    key = str(request.META.get("HTTP_IDEMPOTENCY_KEY", "")).strip()
    if len(key) > NONCE_LENGTH or not key.isprintable():
        raise Invalid(fields={"Idempotency-Key": [_("At most 200 printable characters.")]})
    return key or secrets.token_urlsafe(16)


def text_in(body: dict[str, Any], name: str, *, longest: int, needed: bool = False) -> str:
    """A text field; empty where it is absent and not needed."""
    value = body.get(name)
    if value is None and not needed:
        return ""
    if not isinstance(value, str) or len(value) > longest or "\x00" in value or (needed and not value.strip()):
        raise Invalid(fields={name: [_("A text of at most %(longest)d characters.") % {"longest": longest}]})
    return value


def number_in(body: dict[str, Any], name: str) -> float | None:
    """A JSON number, or None where it is absent."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > LARGEST_NUMBER:
        raise Invalid(fields={name: [_("A number.")]})
    return float(value)
