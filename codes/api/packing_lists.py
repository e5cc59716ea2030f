"""Endpoints for partners: packing by a camera's list, unpacking and repacking."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from codes.api.packing_requests import ListRequest, PackListRequest, RepackRequest, UnpackRequest
from codes.api.supply import SupplyView
from codes.selectors.packing_lists import judge
from codes.services.packing_lists import Choice, answer_rows, pack_list, told
from codes.services.repacking import repack
from codes.services.unpacking import take_out, unpack
from core import clock
from core.idempotency import Answer


class JudgementView(SupplyView):
    """What would become of a list. Nothing is written."""

    @extend_schema(request=ListRequest, tags=["supply"], summary="Judge a packing list", responses={200: dict})
    def post(self, request: Any) -> Response:  # noqa: ARG002
        judgement = judge(brand_id=self.brand.pk, rows=self.valid(ListRequest)["rows"])
        return Response(told(judgement) | {"bad_rows": answer_rows(judgement)})


class PackingListsView(SupplyView):
    """Packing by (parent, child) codes. A list with bad rows is refused whole or taken without them, as chosen."""

    @extend_schema(request=PackListRequest, tags=["supply"], summary="Pack by a list", responses={201: dict})
    def post(self, request: Any) -> Response:  # noqa: ARG002
        asked = self.valid(PackListRequest)

        def work() -> Answer:
            judgement = pack_list(
                brand=self.brand,
                rows=asked["rows"],
                choice=Choice(asked["choice"]),
                actor=self.actor,
                now=clock.now(),
                happened_at=asked.get("happened_at"),
            )
            return 201, told(judgement) | {"bad_rows": answer_rows(judgement)}

        return self.once(work)


class UnpackingsView(SupplyView):
    """Emptying cases or pallets, or taking some units out of them."""

    @extend_schema(request=UnpackRequest, tags=["supply"], summary="Unpack units", responses={201: dict})
    def post(self, request: Any) -> Response:  # noqa: ARG002
        asked = self.valid(UnpackRequest)
        signed: dict[str, Any] = {"brand": self.brand, "actor": self.actor, "happened_at": asked.get("happened_at")}

        def work() -> Answer:
            if "children" in asked:
                return 201, {"taken_out": take_out(children=[asked["children"]], now=clock.now(), **signed)}
            return 201, {"packings_ended": unpack(parents=asked["parents"], now=clock.now(), **signed)}

        return self.once(work)


class RepackingsView(SupplyView):
    """Moving units from their present cases or pallets into others, all rows of a call or none."""

    @extend_schema(request=RepackRequest, tags=["supply"], summary="Repack units", responses={201: dict})
    def post(self, request: Any) -> Response:  # noqa: ARG002
        asked = self.valid(RepackRequest)
        rows = [(row["parent"], row["first"], row["last"]) for row in asked["packings"]]
        signed: dict[str, Any] = {"brand": self.brand, "actor": self.actor, "happened_at": asked.get("happened_at")}

        def work() -> Answer:
            return 201, {"moved": repack(packings=rows, now=clock.now(), **signed)}

        return self.once(work)
