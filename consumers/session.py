"""Who is asking: the signed-in consumer, the browser, the address.

Both names travel signed, by `django.core.signing`. A session is a cookie (HttpOnly, SameSite=Lax) or the same
token as `Authorization: Bearer …`; it ends when the consumer's `session_epoch` has moved on. A visitor is a random
name for the browser, so that what was scanned before signing in is still known after it.
"""

import datetime as dt
import hashlib
import ipaddress
import secrets
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from consumers.models import Consumer
from core.errors import NotSignedIn
from core.prepared import row_of

SESSION_COOKIE = "onecode_consumer"
VISITOR_COOKIE = "onecode_visitor"
SESSION_AGE = dt.timedelta(days=90)
VISITOR_AGE = dt.timedelta(days=400)
VISITOR_LENGTH = 22
COLUMNS = [field.attname for field in Consumer._meta.concrete_fields]  # noqa: SLF001 - Django's documented API
IN_SESSION = (
    f"SELECT {', '.join(COLUMNS)} FROM consumers_consumer"  # noqa: S608 - our own column names
    " WHERE id = %(id)s::uuid AND session_epoch = %(epoch)s::int AND erased_at IS NULL"
)

_SESSIONS = signing.TimestampSigner(salt="consumers.session")
_VISITORS = signing.Signer(salt="consumers.visitor")
# kept beside the request's own facts, as Django keeps CSRF_COOKIE: DRF's request and Django's share them
_CONSUMER = "ONECODE_CONSUMER"
_VISITOR = "ONECODE_VISITOR"
_NEW_VISITOR = "ONECODE_NEW_VISITOR"

AnyRequest = HttpRequest | Request


def consumer_of(request: AnyRequest) -> Consumer | None:
    """The signed-in consumer, read once per request; None for a visitor without a valid cookie.

    Raises:
        NotSignedIn: a bearer token was sent, and it is forged, expired or ended.
    """
    if _CONSUMER not in request.META:
        bearer = bearer_of(request)
        token = bearer or request.COOKIES.get(SESSION_COOKIE, "")
        consumer = _consumer_by(token) if token else None
        if bearer and consumer is None:
            raise NotSignedIn(_("The token is not valid any more. Please sign in again."))
        request.META[_CONSUMER] = consumer
    known: Consumer | None = request.META[_CONSUMER]
    return known


def require_consumer(request: AnyRequest) -> Consumer:
    """The signed-in consumer.

    Raises:
        NotSignedIn: nobody is signed in.
    """
    consumer = consumer_of(request)
    if consumer is None:
        raise NotSignedIn
    return consumer


def visitor_of(request: AnyRequest) -> str:
    """The browser's random name, at most 40 characters, the same for the whole request.

    From the signed cookie; a program that sends a bearer token and no cookie is named after its consumer; one that
    sends neither, after address, agent and Idempotency-Key, so that its repeated post is known for the same.
    A fresh name reaches the browser through `VisitorMiddleware`.
    """
    if _VISITOR not in request.META:
        request.META[_VISITOR] = _named(request)
    name: str = request.META[_VISITOR]
    return name


def address_of(request: AnyRequest) -> str | None:
    """The client's IP address; behind `settings.TRUSTED_PROXIES` proxies, the one that the outermost of them saw."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        address = forwarded[-settings.TRUSTED_PROXIES] if len(forwarded) >= settings.TRUSTED_PROXIES else address
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


def token_for(consumer: Consumer) -> str:
    """A session token, good for `SESSION_AGE` unless the epoch moves on."""
    return _SESSIONS.sign(f"{consumer.pk.hex}.{consumer.session_epoch}")


def set_session(response: HttpResponse, token: str) -> None:
    """Sign the browser in with a token of `token_for`."""
    response.set_cookie(
        SESSION_COOKIE, token, max_age=SESSION_AGE, httponly=True, samesite="Lax", secure=settings.SECURE
    )


def end_session(response: HttpResponse) -> None:
    """Sign this browser out. Other browsers' sessions stay."""
    response.delete_cookie(SESSION_COOKIE, samesite="Lax")


def bearer_of(request: AnyRequest) -> str:
    """The token of the Authorization header, or nothing."""
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


class VisitorMiddleware:
    """Gives a browser that was named during this request its visitor cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        name = request.META.get(_NEW_VISITOR)
        if name:
            response.set_cookie(
                VISITOR_COOKIE,
                _VISITORS.sign(name),
                max_age=VISITOR_AGE,
                httponly=True,
                samesite="Lax",
                secure=settings.SECURE,
            )
        return response


def _consumer_by(token: str) -> Consumer | None:
    """None for any token that is not, or no longer, good. One plain query: every scan of a known person asks it."""
    try:
        key, _, epoch = _SESSIONS.unsign(token, max_age=SESSION_AGE).partition(".")
        identity, known_epoch = UUID(key), int(epoch)
    except (signing.BadSignature, ValueError):
        return None
    row = row_of(IN_SESSION, {"id": identity, "epoch": known_epoch})
    return Consumer.from_db(DEFAULT_DB_ALIAS, COLUMNS, list(row.values())) if row else None


def _named(request: AnyRequest) -> str:
    try:
        return _VISITORS.unsign(request.COOKIES[VISITOR_COOKIE])
    except (KeyError, signing.BadSignature):
        bearer = bearer_of(request)
        consumer = consumer_of(request) if bearer else None
        if consumer is not None:
            return f"c{consumer.pk.hex}"
    name = _fresh_name(request)
    request.META[_NEW_VISITOR] = name
    return name


def _fresh_name(request: AnyRequest) -> str:
    key = request.META.get("HTTP_IDEMPOTENCY_KEY", "")
    if not key:
        return secrets.token_urlsafe(16)
    seed = "\n".join((settings.SECRET_KEY, address_of(request) or "", request.META.get("HTTP_USER_AGENT", ""), key))
    return hashlib.sha256(seed.encode()).hexdigest()[:VISITOR_LENGTH]
