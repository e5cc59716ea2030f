"""Endpoints for partners that look into market cases."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response

from codes.api.case_shapes import (
    CaseFileShape,
    CaseListRequest,
    CasePageShape,
    CaseShape,
    ClosingRequest,
    RemarkRequest,
    RemarkShape,
    ShipmentShape,
    answer_of_case,
    answer_of_file,
    answer_of_remark,
    answer_of_shipment,
)
from codes.api.described import described
from codes.api.partner import PartnerView, validated
from codes.models import MarketCase, Movement
from codes.selectors.market_cases import case_file, cases_of
from codes.selectors.shipment_places import shipment_view
from codes.services import market_cases
from core import clock
from core.errors import NotFound
from core.idempotency import Answer

FILTERS = [OpenApiParameter("state", str), OpenApiParameter("kind", str)]
PAGING = [OpenApiParameter("cursor", str), OpenApiParameter("page_size", int)]


class CaseView(PartnerView):
    """For partners with the scope "cases"."""

    required_scopes = ["cases"]

    @described("A market case with its evidence", {200: CaseFileShape}, refusals=(404,))
    def get(self, request: Any, case_id: int) -> Response:  # noqa: ARG002 - a view's signature
        """Reasons, figures, the newest evidence and the remarks."""
        case = cases_of(self.brand).filter(pk=case_id).first()
        if case is None:
            raise NotFound
        return Response(answer_of_file(case_file(case)))


class CasesView(PartnerView):
    required_scopes = ["cases"]

    @described("Market cases, newest first", {200: CasePageShape}, refusals=(400,), asks=[*FILTERS, *PAGING])
    def get(self, request: Any) -> Response:
        """Of one state or kind, where these are named."""
        asked = validated(CaseListRequest, request.query_params.dict())
        rows = cases_of(self.brand).filter(**asked)
        return self.page(rows, answer_of_case)


class RemarksView(PartnerView):
    required_scopes = ["cases"]

    @described("Remark on a market case", {201: RemarkShape}, takes=RemarkRequest, refusals=(400, 404))
    def post(self, request: Any, case_id: int) -> Response:  # noqa: ARG002 - a view's signature
        """Kept for good, also on a closed case."""
        text = self.valid(RemarkRequest)["remark"]

        def work() -> Answer:
            row = market_cases.remark(brand=self.brand, case_id=case_id, text=text, actor=self.actor, now=clock.now())
            return 201, answer_of_remark(row)

        return self.once(work)


class ClosingsView(PartnerView):
    required_scopes = ["cases"]

    @described("Close a market case", {201: CaseShape}, takes=ClosingRequest, refusals=(400, 404, 409))
    def post(self, request: Any, case_id: int) -> Response:  # noqa: ARG002 - a view's signature
        """With its outcome; what happened so far counts no more. Evidence of later days opens a new case."""
        asked = self.valid(ClosingRequest)

        def work() -> Answer:
            case: MarketCase = market_cases.close(
                brand=self.brand,
                case_id=case_id,
                outcome=asked["outcome"],
                text=asked["remark"],
                actor=self.actor,
                now=clock.now(),
            )
            return 201, answer_of_case(case)

        return self.once(work)


class ShipmentSightingsView(PartnerView):
    required_scopes = ["cases"]

    @described("Where the goods of a movement were scanned", {200: ShipmentShape}, refusals=(404,))
    def get(self, request: Any, movement_id: int) -> Response:  # noqa: ARG002 - a view's signature
        """By city: units, people and scans, and whether the goods may be sold there."""
        movement = Movement.objects.filter(brand=self.brand, pk=movement_id).first()
        if movement is None:
            raise NotFound
        return Response(answer_of_shipment(movement.pk, shipment_view(movement)))
