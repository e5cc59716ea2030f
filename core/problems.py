"""The one translation of refusals and faults into RFC 9457 problem details."""

from collections.abc import Callable
from typing import Any

import psycopg
import redis
import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

from core.errors import Forbidden, Invalid, NotFound, NotSignedIn, Problem, TooManyRequests, Unavailable
from core.json import dumps

log = structlog.get_logger(__name__)
MEDIA_TYPE = "application/problem+json"
LONGEST_MESSAGE = 300
"""Some messages quote what was sent."""
# Among the first are a full disk, no memory, a shutdown, a restart, deadlocks and serialisation failures.
AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, redis.ConnectionError, redis.TimeoutError)


class TooLarge(Problem):
    code = "too_large"
    status = 413
    title = _("The body is too large.")


class NotJson(Problem):
    code = "not_json"
    status = 400
    title = _("The body is not JSON.")


class MethodNotAllowed(Problem):
    code = "method_not_allowed"
    status = 405
    title = _("This address does not take that method.")


class NotAcceptable(Problem):
    code = "not_acceptable"
    status = 406
    title = _("This address does not answer in a form that you accept.")


class UnsupportedMediaType(Problem):
    code = "unsupported_media_type"
    status = 415
    title = _("Send the body as application/json.")


def document(problem: Problem) -> dict[str, Any]:
    """The problem details of RFC 9457, with our members: code, retry, fields and further facts."""
    body: dict[str, Any] = {
        "type": f"/docs/problems#{problem.code}",
        "title": str(problem.title),
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        "retry": problem.retry,
    }
    if problem.fields:
        body["fields"] = problem.fields
    return body | problem.facts


def headers(problem: Problem) -> dict[str, str]:
    """What goes beside the body: Retry-After, where it is known."""
    return {"Retry-After": str(problem.retry_after)} if problem.retry_after is not None else {}


def response_of(problem: Problem) -> HttpResponse:
    """A plain Django answer, for views that are not DRF's."""
    return HttpResponse(
        dumps(document(problem)), status=problem.status, content_type=MEDIA_TYPE, headers=headers(problem)
    )


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:  # noqa: ARG001
    """DRF's hook. Unknown faults stay faults: they are logged and become a 500 elsewhere."""
    problem = problem_of(error)
    if problem is None:
        return None
    return Response(document(problem), status=problem.status, content_type=MEDIA_TYPE, headers=headers(problem))


def problem_of(error: Exception) -> Problem | None:
    """The named refusal that an exception amounts to, if it is one."""
    if isinstance(error, DataError):
        error = unfit(error)
    if isinstance(error, Problem):
        return error
    if isinstance(error, AWAY):
        log.warning("a part is away", fault=str(error))
        return Unavailable(retry_after=2)
    if isinstance(error, exceptions.ValidationError):
        return Invalid(fields=flat(error.detail))
    if isinstance(error, RequestDataTooBig):
        return TooLarge(str(_("At most 2.5 MB.")))
    for kind, named in TRANSLATIONS.items():
        if isinstance(error, kind):
            wait = getattr(error, "wait", None)
            return named(str(getattr(error, "detail", "")), retry_after=None if wait is None else int(wait))
    return None


TRANSLATIONS: dict[type[Exception], type[Problem]] = {
    Http404: NotFound,
    exceptions.NotFound: NotFound,
    PermissionDenied: Forbidden,
    exceptions.PermissionDenied: Forbidden,
    exceptions.NotAuthenticated: NotSignedIn,
    exceptions.AuthenticationFailed: NotSignedIn,
    exceptions.ParseError: NotJson,
    exceptions.MethodNotAllowed: MethodNotAllowed,
    exceptions.NotAcceptable: NotAcceptable,
    exceptions.UnsupportedMediaType: UnsupportedMediaType,
    exceptions.Throttled: TooManyRequests,
}


def unfit(error: DataError) -> Problem:
    """What no field's own check has caught, and the database will not take; the log says where."""
    log.error("a value reached the database unchecked", fault=str(error), exc_info=error)
    return Invalid(str(_("A text holds a NUL character or is too long, or a number is out of range.")))


def flat(detail: Any, path: str = "") -> dict[str, list[str]]:
    """DRF's nested error detail as dotted field path -> messages."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for name, inner in detail.items():
            found |= flat(inner, f"{path}.{name}" if path else str(name))
        return found
    if isinstance(detail, list) and any(isinstance(inner, dict) for inner in detail):
        found = {}
        for number, inner in enumerate(detail):
            found |= flat(inner, f"{path}[{number}]") if inner else {}
        return found
    return {
        path or "body": [
            str(message)[:LONGEST_MESSAGE] for message in (detail if isinstance(detail, list) else [detail])
        ]
    }


class UnavailableMiddleware:
    """A lost database or Valkey is 503 with Retry-After on every page and endpoint, never a 500."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except AWAY as error:
            return away(request, error)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, AWAY):
            return away(request, error)
        if isinstance(error, DataError):
            error = unfit(error)
        if isinstance(error, Problem):
            return response_of(error) if is_for_programs(request) else page_of(request, error)
        return None


def away(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer for a lost part; the fault itself goes to the log only."""
    log.warning("a part is away", fault=str(error), path=request.path)
    problem = Unavailable(retry_after=2)
    return response_of(problem) if is_for_programs(request) else page_of(request, problem)


def is_for_programs(request: HttpRequest) -> bool:
    """Whether problems are told as JSON here, not as pages."""
    return request.path.startswith(("/api/", "/epcis/", "/webhooks/"))


def page_of(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The refusal as a page; rendered without the request's context, since that may need the missing part."""
    body = render_to_string("problem.html", {"problem": problem, "path": request.path})
    return HttpResponse(body, status=problem.status, headers=headers(problem))
