"""Named refusals. Services raise them; one translation (core.problems) turns them into HTTP answers."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """A refusal with a stable code, for people and programs alike.

    Attributes:
        code: stable machine name, snake_case; part of the public contract.
        title: what happened, for a person; may be a lazy translation.
        status: HTTP status that fits.
        retry: whether the same request can succeed later without being changed.
        retry_after: seconds to wait before a retry, where that is known.
        fields: field name -> list of what is wrong and what would be right.
        facts: further JSON-ready members of the problem document.
    """

    code: ClassVar[str] = "problem"
    status: ClassVar[int] = 400
    title: ClassVar[str | Promise] = _("The request could not be carried out.")
    retry: ClassVar[bool] = False

    def __init__(
        self,
        detail: str = "",
        *,
        fields: Mapping[str, Sequence[str]] | None = None,
        retry_after: int | None = None,
        **facts: Any,
    ) -> None:
        self.detail = detail or str(self.title)
        self.fields = {name: list(messages) for name, messages in (fields or {}).items()}
        self.retry_after = retry_after
        self.facts = facts
        super().__init__(self.detail)


class Invalid(Problem):
    """The input itself is wrong; `fields` says where and what would be right."""

    code = "invalid"
    status = 400
    title: ClassVar[str | Promise] = _("Some of what was sent is not valid.")


class NotFound(Problem):
    """There is no such thing, or it is not yours to see; the two are never told apart."""

    code = "not_found"
    status = 404
    title: ClassVar[str | Promise] = _("There is no such thing.")


class Forbidden(Problem):
    code = "forbidden"
    status = 403
    title: ClassVar[str | Promise] = _("This is not allowed for you.")


class NotSignedIn(Problem):
    code = "not_signed_in"
    status = 401
    title: ClassVar[str | Promise] = _("Please sign in first.")


class Conflict(Problem):
    """The request is well formed but the state of the thing does not allow it."""

    code = "conflict"
    status = 409
    title: ClassVar[str | Promise] = _("The state of the thing does not allow this.")


class TooManyRequests(Problem):
    code = "too_many_requests"
    status = 429
    title: ClassVar[str | Promise] = _("Too many requests. Please wait a moment.")
    retry = True


class Unavailable(Problem):
    """A part that we need is away; nothing was half done."""

    code = "unavailable"
    status = 503
    title: ClassVar[str | Promise] = _("The service is briefly unavailable. Please try again.")
    retry = True
