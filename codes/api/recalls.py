"""Endpoints for partners: where a batch is, and whom to call for its recall."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from codes.api.supply import SupplyView
from codes.handover import csv_of
from codes.models import Batch
from codes.selectors.recall_lists import PLACE, Drill, recall_drill
from codes.services.recall_lists import take_recall_list
from core import clock
from core.errors import NotFound


class RecallDrillView(SupplyView):
    """Counts of a batch by store and dealer: on the way, received, opened, unsold. Names no person: the table does."""

    @extend_schema(tags=["supply"], summary="Where a batch is: recall drill", responses={200: dict})
    def get(self, request: Any, gtin: str, lot: str) -> Response:  # noqa: ARG002
        batch = self.batch(gtin, lot)
        return Response({"gtin": gtin, "lot": lot} | answer_of_drill(recall_drill(batch)))

    def batch(self, gtin: str, lot: str) -> Batch:
        """The brand's batch.

        Raises:
            NotFound: there is none.
        """
        rows = Batch.objects.select_related("product__brand")
        batch = rows.filter(product__brand=self.brand, product__gtin=gtin, lot=lot).first()
        if batch is None:
            raise NotFound
        return batch


class RecallListView(RecallDrillView):
    @extend_schema(
        tags=["supply"], summary="Whom to call for a recall", responses={(200, "text/csv"): OpenApiTypes.BINARY}
    )
    def get(self, request: Any, gtin: str, lot: str) -> HttpResponse:  # type: ignore[override] # noqa: ARG002
        """The same as a table. It bears names and telephones: each time is recorded."""
        return csv_of(take_recall_list(batch=self.batch(gtin, lot), actor=self.actor, now=clock.now()))


def answer_of_drill(drill: Drill) -> dict[str, Any]:
    """A drill, JSON-ready."""
    return {
        "issued": drill.issued,
        "out": drill.out,
        "opened": drill.opened,
        "with_brand": drill.with_brand.items,
        "destroyed": drill.destroyed.items,
        "sampled": drill.sampled.items,
        "places": [{column: getattr(call, column) for column in PLACE} for call in drill.calls],
    }
