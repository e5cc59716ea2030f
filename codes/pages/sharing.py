"""The way of a personal link: the browser remembers by whom it came, and hands that on with its scans."""

import datetime as dt

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

VIA_COOKIE = "onecode_via"
VIA_AGE = dt.timedelta(days=30)
VIA_LENGTH = 40


@never_cache
@require_safe
def share_link(request: HttpRequest, text: str) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Remember the link for 30 days, and go to where codes are checked. Whom it names is looked at with a claim."""
    response = redirect("/")
    response.set_cookie(VIA_COOKIE, text, max_age=VIA_AGE, httponly=True, samesite="Lax", secure=settings.SECURE)
    return response


def via_of(request: HttpRequest) -> str:
    """The share link or channel that led here: the address says it, or the browser remembers one."""
    return (request.GET.get("via", "") or request.COOKIES.get(VIA_COOKIE, ""))[:VIA_LENGTH]
