"""Middlewares that pages need and the API does not: there is no session, sign-in, message or file under /api/v1/.

Each takes its part of the time of a scan, for nothing. What the API needs stands in the settings as it is.
"""

from collections.abc import Callable

from axes.middleware import AxesMiddleware
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]

API = "/api/v1/"


class ForPages:
    """Stands before a middleware, and steps aside for the API."""

    get_response: Callable[[HttpRequest], HttpResponseBase]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(API):
            return self.get_response(request)
        answer: HttpResponseBase = super().__call__(request)  # type: ignore[misc] # the middleware's
        return answer


class StaticFiles(ForPages, WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise."""


class Sessions(ForPages, SessionMiddleware):  # type: ignore[misc]
    """Django's sessions of staff and store people; consumers have tokens of their own."""


class SignIns(ForPages, AuthenticationMiddleware):  # type: ignore[misc]
    """`request.user`."""


class Messages(ForPages, MessageMiddleware):  # type: ignore[misc]
    """What was done, told on the next page."""


class Htmx(ForPages, HtmxMiddleware):  # type: ignore[misc]
    """`request.htmx`."""


class LockedOut(ForPages, AxesMiddleware):  # type: ignore[misc]
    """The page for those who mistyped their password too often."""
