"""Endpoints for partners: what travelled with a unit, and which stores a batch has reached."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from codes.api.recalls import RecallDrillView
from codes.api.supply import UnitView
from codes.api.supply_requests import UnitField
from codes.models.order import LAST_SERIAL
from codes.selectors.journey import journey_of
from codes.selectors.reached import stores_reached
from codes.selectors.siblings import Page, Piece, in_holder, in_movement, nearest_holder, page_of
from core.errors import Invalid
from stores.models import Dealer, Store

PAGE = 50
LAST_ID = 2**63 - 1


class SiblingsRequest(serializers.Serializer[Any]):
    """Of what the others are wanted: a case or pallet, or a movement; and from which serial on."""

    holder = UnitField(required=False)
    movement = serializers.IntegerField(required=False, min_value=1, max_value=LAST_ID)
    first = serializers.IntegerField(required=False, min_value=0, max_value=LAST_SERIAL, default=0)


class SiblingsView(UnitView):
    """What else was in the case, on the pallet or in the shipment, with where it is now."""

    @extend_schema(
        tags=["supply"],
        summary="What travelled with a unit",
        description=(
            "Of the case or pallet that it was put into last; or of the one named as `holder`, or of the shipment, "
            "receipt or return named as `movement`, each a step of its trace. Ranges of units that were all moved and "
            "packed together, 50 a page: `next_first` begins the next one."
        ),
        parameters=[
            OpenApiParameter("holder", str, description="Code or serial of a case or pallet that it was in."),
            OpenApiParameter("movement", int, description="Number of a movement that moved it."),
            OpenApiParameter("first", int, description="Serial to begin with."),
        ],
        responses={200: dict},
    )
    def get(self, request: Any, unit: str) -> Response:
        serial = self.serial(unit)
        reader = SiblingsRequest(data=request.query_params)
        reader.is_valid(raise_exception=True)
        asked = reader.validated_data
        steps = journey_of(serial)
        holder = asked.get("holder", None if "movement" in asked else nearest_holder(steps, serial))
        if "movement" in asked:
            found = in_movement(steps, asked["movement"])
        else:
            found = [] if holder is None else in_holder(steps, holder)
        if found is None:
            field = "movement" if "movement" in asked else "holder"
            raise Invalid(fields={field: [_("This is no step of the unit's trace.")]})
        told = page_of(found, first=asked["first"], most=PAGE)
        return Response(
            {"serial": serial, "holder": holder, "movement": asked.get("movement")}
            | {"siblings": answers_of(told), "next_first": told.next_serial}
        )


class ReachedView(RecallDrillView):
    """Every store that a batch has reached, whatever came of it since."""

    @extend_schema(tags=["supply"], summary="Stores that received a batch", responses={200: dict})
    def get(self, request: Any, gtin: str, lot: str) -> Response:  # noqa: ARG002
        reached = [
            {
                "store": each.store.number,
                "name": each.store.name,
                "region": each.store.region_id,
                "dealer": each.store.dealer.number if each.store.dealer else None,
                "first_received_at": each.first_at,
                "last_received_at": each.last_at,
                "receipts": each.receipts,
            }
            for each in stores_reached(self.batch(gtin, lot))
        ]
        return Response({"gtin": gtin, "lot": lot, "stores": reached})


def answers_of(page: Page) -> list[dict[str, Any]]:
    """The pieces, JSON-ready; people by their numbers. Two statements."""
    stores = Store.objects.in_bulk({piece.custody.store_id for piece in page.pieces} - {None})
    dealers = Dealer.objects.in_bulk({piece.custody.dealer_id for piece in page.pieces} - {None})
    return [answer_of(piece, stores, dealers) for piece in page.pieces]


def answer_of(piece: Piece, stores: dict[int, Store], dealers: dict[int, Dealer]) -> dict[str, Any]:
    """One piece and where it is."""
    custody = piece.custody
    last = custody.movement
    return {
        "first": piece.serials.first,
        "last": piece.serials.last,
        "case": custody.case_serial,
        "pallet": custody.pallet_serial,
        "store": stores[custody.store_id].number if custody.store_id else None,
        "dealer": dealers[custody.dealer_id].number if custody.dealer_id else None,
        "kind": last.kind if last else None,
        "since": custody.since,
    }
