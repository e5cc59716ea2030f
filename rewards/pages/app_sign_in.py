"""Signing in by an app: there and back. What is remembered meanwhile is in a signed cookie of ten minutes."""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from consumers.models import Consumer
from consumers.selectors.brands import brand_for
from consumers.services.limits import allowance_of
from consumers.session import address_of, consumer_of, set_session, token_for
from core import clock
from core.errors import Problem
from core.limits import OnLoss, spend
from stores.models import Brand

AGE = 600


class Out(Protocol):
    """The address that asks the app who is looking."""

    def __call__(self, *, back: str, state: str) -> str: ...


class SignIn(Protocol):
    """Who comes back with a code; problems say why nobody does."""

    def __call__(self, *, brand: Brand, code: str, present: Consumer | None, now: dt.datetime) -> Consumer: ...


@dataclass(frozen=True, slots=True)
class Way:
    """By which app. `name` is that of its pages and its cookie; `code` what the app calls its one-time code."""

    name: str
    out: Out
    sign_in: SignIn
    refusal: type[Problem]
    code: str = "code"

    @property
    def cookie(self) -> str:
        return f"onecode_{self.name}"

    @property
    def salt(self) -> str:
        return f"rewards.{self.name}"


def leave_by(way: Way, request: HttpRequest) -> HttpResponse:
    """Off to the app; `next` is the page to come back to in the end, `brand` the one that wants to know who it is."""
    state = secrets.token_hex(16)
    back = settings.PUBLIC_URL.rstrip("/") + reverse(f"wallet-{way.name}-back")
    response = redirect(way.out(back=back, state=state))
    told = {"state": state, "next": own_page(request.GET.get("next", "")), "brand": request.GET.get("brand", "")}
    # Lax: the app's redirect is a visit from elsewhere, which a strict cookie would not come along with
    kept = signing.dumps(told, salt=way.salt)
    response.set_cookie(way.cookie, kept, max_age=AGE, httponly=True, samesite="Lax", secure=settings.SECURE)
    return response


def back_by(way: Way, request: HttpRequest) -> HttpResponse:
    """Back from the app: signed in, or told why not."""
    spend([allowance_of("sign_in.address", address_of(request) or "")], on_loss=OnLoss.REFUSE)
    try:
        asked = remembered(way, request)
        brand, code = brand_for(asked["brand"]), request.GET.get(way.code, "")
        consumer = way.sign_in(brand=brand, code=code, present=consumer_of(request), now=clock.now())
    except Problem as refusal:
        messages.warning(request, refusal.detail)
        response = redirect("wallet")
    else:
        response = redirect(asked["next"])
        set_session(response, token_for(consumer))
    response.delete_cookie(way.cookie, samesite="Lax")
    return response


def remembered(way: Way, request: HttpRequest) -> dict[str, str]:
    """What this browser left with.

    Raises:
        way.refusal: it did not leave from here in the last ten minutes, or comes back with another's state.
    """
    try:
        asked: dict[str, str] = signing.loads(request.COOKIES.get(way.cookie, ""), salt=way.salt, max_age=AGE)
    except signing.BadSignature as error:
        raise way.refusal from error
    if not secrets.compare_digest(asked["state"].encode(), request.GET.get("state", "").encode()):
        raise way.refusal
    return asked


def own_page(path: str) -> str:
    """A path of ours; the wallet for anything else."""
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, None) else reverse("wallet")
