"""Stores around the consumer."""

from math import isfinite
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consumers.services.limits import allowance_of
from consumers.session import require_consumer
from core.limits import OnLoss, spend
from stores.earth import Place
from stores.selectors.nearby import nearest_stores

USUAL, MOST = 10, 50


class Degrees(serializers.FloatField):
    """A finite number of degrees within ±`most`."""

    default_error_messages = {"not_finite": _("A number of degrees.")}

    def __init__(self, *, most: float, **options: Any) -> None:
        super().__init__(min_value=-most, max_value=most, **options)

    def to_internal_value(self, data: Any) -> float:
        value = float(super().to_internal_value(data))
        if not isfinite(value):
            self.fail("not_finite")
        return value


class WhereAmI(serializers.Serializer[None]):
    latitude = Degrees(most=90, help_text="WGS-84, degrees.")
    longitude = Degrees(most=180, help_text="WGS-84, degrees.")
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=USUAL)


class NearbyStore(serializers.Serializer[None]):
    """What anybody sees who stands before the store; nothing of its owner, its dealer or its B-code."""

    name = serializers.CharField()
    kind = serializers.CharField()
    address = serializers.CharField()
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    distance_m = serializers.IntegerField(help_text="As the crow flies.")


class NearbyStores(serializers.Serializer[None]):
    results = NearbyStore(many=True)


class Nearby(APIView):
    @extend_schema(
        parameters=[WhereAmI], responses={200: NearbyStores}, operation_id="stores_nearby", tags=["consumer"]
    )
    def get(self, request: Request) -> Response:
        """The open stores of the consumer's brand, nearest first; none farther than 50 km. The place is not kept."""
        consumer = require_consumer(request)
        spend([allowance_of("nearby.person", str(consumer.pk))], on_loss=OnLoss.ALLOW)
        asked = WhereAmI(data=request.query_params)
        asked.is_valid(raise_exception=True)
        here = Place(asked.validated_data["latitude"], asked.validated_data["longitude"])
        found = nearest_stores(consumer.brand_id, here, limit=asked.validated_data["limit"])
        return Response(
            {
                "results": [
                    {name: getattr(store, name) for name in ("name", "kind", "address", "latitude", "longitude")}
                    | {"distance_m": round(metres)}
                    for store, metres in found
                ]
            }
        )
