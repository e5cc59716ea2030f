"""Refusals and faults as GS1's definition wants them: problem details whose type is an `epcisException:`."""

from typing import Any

import structlog
from rest_framework.response import Response

from core.errors import Problem
from core.problems import MEDIA_TYPE, document, headers, problem_of

log = structlog.get_logger(__name__)
BY_STATUS = {
    400: "ValidationException",
    401: "SecurityException",
    403: "SecurityException",
    404: "NoSuchNameException",
    406: "NotAcceptableException",
    409: "ResourceAlreadyExistsException",
    413: "QueryTooLargeException",
    414: "URITooLongException",
    415: "UnsupportedMediaTypeException",
}
BY_CODE = {
    "bad_query_parameter": "QueryParameterException",
    "invalid_query": "QueryValidationException",
    "invalid_subscription": "SubscriptionControlsException",
    "destination_refused": "SubscriptionControlsException",
    "capture_limit_exceeded": "CaptureLimitExceededException",
    "query_too_complex": "QueryTooComplexException",
}


class ServerFault(Problem):
    code = "server_fault"
    status = 500
    title = "Something went wrong on our side."
    retry = True


def exception_of(problem: Problem) -> str:
    """The type of GS1's that a refusal is."""
    return BY_CODE.get(problem.code) or BY_STATUS.get(problem.status, "ImplementationException")


def told(problem: Problem) -> dict[str, Any]:
    """The problem document: our own, under GS1's type."""
    return document(problem) | {"type": f"epcisException:{exception_of(problem)}"}


def exception_handler(error: Exception, context: dict[str, Any]) -> Response:  # noqa: ARG001 - DRF's signature
    """DRF's hook for the endpoints under /epcis/."""
    problem = problem_of(error)
    if problem is None:
        log.error("a fault in an EPCIS endpoint", exc_info=error)
        problem = ServerFault()
    return Response(told(problem), status=problem.status, content_type=MEDIA_TYPE, headers=headers(problem))
