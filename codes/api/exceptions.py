"""Endpoints for partners: what does not fit in movements, and what it was found to be."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from codes.api.described import IDEMPOTENCY_KEY
from codes.api.partner import PartnerView
from codes.api.supply import SupplyView
from codes.api.supply_answers import answer_of_exception, answer_of_solution
from codes.models import Contradiction, MovementException, MovementSolution
from codes.selectors.exceptions import exceptions_of, with_all
from codes.services.exceptions import LONGEST_REMARK, Finding, solve
from core import clock
from core.errors import NotFound
from core.idempotency import Answer

LAST_ID = 2**63 - 1


class ExceptionsRequest(serializers.Serializer[Any]):
    """Which exceptions to list."""

    state = serializers.ChoiceField(choices=["open", "solved", "all"], default="open")
    kind = serializers.ChoiceField(choices=Contradiction.choices, required=False)
    store = serializers.CharField(required=False, max_length=30)
    dealer = serializers.CharField(required=False, max_length=30)


class SolutionRequest(serializers.Serializer[Any]):
    """`corrected_by`: number of the movement that put it right, where that is the outcome."""

    outcome = serializers.ChoiceField(choices=MovementSolution.Outcome.choices)
    remark = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_REMARK, default="")
    corrected_by = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=LAST_ID)


class ExceptionsView(SupplyView):
    """Contradictions of movements, to be solved."""

    @extend_schema(
        tags=["supply"],
        summary="Exceptions of movements, newest first",
        parameters=[
            OpenApiParameter("state", str, enum=["open", "solved", "all"], description="Open ones where left out."),
            OpenApiParameter("kind", str, enum=list(Contradiction.values)),
            OpenApiParameter("store", str, description="Number of the store."),
            OpenApiParameter("dealer", str, description="Number of the dealer."),
        ],
        responses={200: dict},
    )
    def get(self, request: Any) -> Response:
        asked = ExceptionsRequest(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return self.page(self.chosen(asked.validated_data), answer_of_exception)

    def chosen(self, asked: dict[str, Any]) -> QuerySet[MovementException]:
        """The brand's exceptions that were asked for."""
        rows = with_all(exceptions_of(self.brand.pk, asked["state"]))
        paths = {"kind": "kind", "store": "movement__store__number", "dealer": "movement__dealer__number"}
        return rows.filter(**{path: asked[name] for name, path in paths.items() if name in asked})


class SolutionsView(PartnerView):
    """Closing an exception. Who reports movements need not be who says what their faults were: a scope of its own."""

    required_scopes: ClassVar = ["solve"]

    @extend_schema(
        request=SolutionRequest,
        tags=["supply"],
        summary="Solve an exception",
        parameters=[IDEMPOTENCY_KEY],
        responses={201: dict},
    )
    def post(self, request: Any, exception_id: int) -> Response:  # noqa: ARG002
        asked = self.valid(SolutionRequest)

        def work() -> Answer:
            if exception_id > LAST_ID:
                raise NotFound
            finding = Finding(asked["outcome"], asked["remark"], asked.get("corrected_by"))
            solution = solve(
                brand=self.brand, exception_id=exception_id, finding=finding, actor=self.actor, now=clock.now()
            )
            return 201, answer_of_solution(solution)

        return self.once(work)
