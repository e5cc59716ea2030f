"""Payouts for partners, to be read."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from codes.api.partner import PartnerView
from rewards.api.shapes import HeldPageShape, PayoutPageShape, held_shape, payout_shape
from rewards.models import Payout
from rewards.selectors.risk_reviews import reviews_of


class Payouts(PartnerView):
    required_scopes: ClassVar[list[str]] = ["rewards"]

    @extend_schema(responses={200: PayoutPageShape}, operation_id="list_payouts", tags=["partner"])
    def get(self, request: Request) -> Response:  # noqa: ARG002 - a view's signature
        """The brand's payouts, newest first."""
        return self.page(Payout.objects.filter(brand=self.brand).select_related("grant"), payout_shape)


class HeldEnvelopes(PartnerView):
    required_scopes: ClassVar[list[str]] = ["rewards"]

    @extend_schema(responses={200: HeldPageShape}, operation_id="list_held_envelopes", tags=["partner"])
    def get(self, request: Request) -> Response:  # noqa: ARG002 - a view's signature
        """Envelopes that the risk rules held, newest first, with the names of the rules and what was decided."""
        return self.page(reviews_of(self.brand), held_shape)
