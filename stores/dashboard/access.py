"""Who reads the dashboard, and when."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from core import clock
from stores.models import User

View = Callable[..., HttpResponseBase]


def signed_in(view: View) -> View:
    """Only for accounts. A live part of a page whose session ended sends the whole page to the sign-in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **named)
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(f"{reverse('sign-in')}?next={request.path}")
        return redirect_to_login(request.get_full_path())

    return guarded


def viewer(request: HttpRequest) -> User:
    """The signed-in account."""
    assert isinstance(request.user, User)
    return request.user


def today_of(user: User) -> dt.date:
    """The business day of the account's brand; of the house's zone for the platform's own accounts."""
    return clock.business_day(clock.now(), user.brand.timezone if user.brand else settings.TIME_ZONE)
