"""The API's description: answers and refusals of the partner endpoints."""

from collections.abc import Callable, Sequence
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers

PROBLEM_TYPE = "application/problem+json"
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="At most 200 characters. The same request under the same key is carried out once.",
)


class ProblemShape(serializers.Serializer[None]):
    """Problem details of RFC 9457; further members tell the facts of the case."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable name of the refusal.")
    detail = serializers.CharField()
    retry = serializers.BooleanField(help_text="Whether the same request can succeed later.")
    fields = serializers.DictField(  # type: ignore[assignment] # the member's name in the document
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


def described(
    summary: str, answers: dict[Any, Any], *, takes: Any = None, refusals: Sequence[int] = (), asks: Sequence[Any] = ()
) -> Callable[[Any], Any]:
    """Describe one method of a partner endpoint: what it takes and answers, and with which statuses it refuses.

    A token that is missing (401) or has not the scope (403) is a refusal of every endpoint.
    """
    problems = {(status, PROBLEM_TYPE): ProblemShape for status in sorted({401, 403, *refusals})}
    parameters = [*asks, IDEMPOTENCY_KEY] if takes is not None else list(asks)
    return extend_schema(summary=summary, request=takes, responses=answers | problems, parameters=parameters)
