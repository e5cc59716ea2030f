"""Pages: `perPage`, `nextPageToken` and the header `Link`. A token is signed, and good for one client and request."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.utils.translation import gettext as _
from redis import RedisError

from core.valkey import valkey

PER_PAGE = 30
MOST_PER_PAGE = 1_000
SALT = "epcis.page"
LIFETIME = dt.timedelta(hours=24)


class BadPage(ValueError):  # noqa: N818 - says what is wrong with the request
    """`perPage` is no number, or `nextPageToken` none of ours for this request; `name` says which."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page is asked for.

    Attributes:
        whose: of whom and what a token is good for.
        path: of the address, with its other parameters.
        per_page: most entries of a page.
        place: where the page begins, as the page before said it; None for the first.
    """

    whose: str
    path: str
    parameters: tuple[tuple[str, str], ...]
    per_page: int
    place: Any = None

    def next_headers(self, place: Any, *, now: dt.datetime) -> dict[str, str]:
        """The headers that lead to the page which begins at `place` (JSON-ready)."""
        token = signing.dumps([self.whose, place], salt=SALT, compress=True)
        query = urlencode([*self.parameters, ("perPage", self.per_page), ("nextPageToken", token)])
        expires = (now + LIFETIME).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {"Link": f'<{self.path}?{query}>; rel="next"', "GS1-Next-Page-Token-Expires": expires}


def paging_of(request: Any, *, actor: str) -> Paging:
    """The page that a request asks for. Raises BadPage."""
    others = tuple((k, v) for k, values in request.GET.lists() for v in values if k not in ("perPage", "nextPageToken"))
    about = hashlib.sha256(repr((actor, request.path, sorted(others))).encode()).hexdigest()[:32]
    path = request.build_absolute_uri(request.path)
    per_page = size_of(request.GET.get("perPage", str(PER_PAGE)))
    token = request.GET.get("nextPageToken", "")
    return Paging(about, path, others, per_page, place_of(token, about) if token else None)


def size_of(text: str) -> int:
    """Entries of a page: as asked, at most MOST_PER_PAGE. Raises BadPage."""
    if not (text.isdecimal() and text.isascii()) or len(text) > 9 or not int(text):  # noqa: PLR2004 - nine digits are a number
        raise BadPage("perPage", _("perPage: a whole number from 1 on."))
    return min(int(text), MOST_PER_PAGE)


def place_of(token: str, about: str) -> Any:
    """Where the page begins. Raises BadPage."""
    try:
        whose, place = signing.loads(token, salt=SALT, max_age=LIFETIME)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadPage(
            "nextPageToken", _("nextPageToken: none of ours, or too old. Begin with the first page.")
        ) from error
    if whose != about or is_withdrawn(token):
        raise BadPage("nextPageToken", _("nextPageToken: it belongs to another request, or was withdrawn."))
    return place


def withdraw(token: str) -> None:
    """The token leads nowhere from now on."""
    valkey().set(name_of(token), 1, ex=int(LIFETIME.total_seconds()))


def is_withdrawn(token: str) -> bool:
    """Whether it was withdrawn; while Valkey is away it was not."""
    try:
        return bool(valkey().exists(name_of(token)))
    except RedisError:
        return False


def name_of(token: str) -> str:
    """The token's name in Valkey."""
    return f"epcis:withdrawn:{hashlib.sha256(token.encode()).hexdigest()}"
