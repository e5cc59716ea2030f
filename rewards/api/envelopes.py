"""Opening an envelope, and looking at one's own."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from codes.api.direct import DirectPost
from codes.api.paging import NewestFirst
from consumers.models import Consumer
from consumers.session import require_consumer, visitor_of
from core import clock
from core.errors import Problem
from core.idempotency import Answer, Call, answer_once, checked_key
from core.problems import MEDIA_TYPE
from rewards.api.envelope_shapes import EnvelopePageShape, EnvelopeShape, envelope_shape
from rewards.api.voucher_shapes import VoucherPageShape, voucher_shape
from rewards.metrics import CLAIMS
from rewards.refusals import ClaimRefused
from rewards.selectors.envelopes import envelope_of_claim, envelope_of_grant, grants_of, own_envelope
from rewards.selectors.vouchers import own_vouchers
from rewards.services.claims import open_claim

KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description="The first answer is repeated.")


class Pages(NewestFirst):
    """Pages of 20."""

    page_size = 20
    max_page_size = 100


class Claims(DirectPost):
    @extend_schema(
        request=None,
        responses={201: EnvelopeShape, 200: EnvelopeShape},
        parameters=[KEY],
        operation_id="open_claim",
        tags=["consumer"],
    )
    def post(self, request: Request, scan_id: UUID) -> Response:
        """Open the envelope of a scanned item: 201; 200 with the same answer where it was opened before.

        A refusal is kept with the item's opening. Under a key it is the answer that is repeated, but one that says
        `retry` leaves the key free: the same call may open the envelope later.
        """
        consumer = require_consumer(request)
        key = checked_key(request.headers.get("Idempotency-Key", ""))
        visitor = visitor_of(request)
        if not key:
            status, body = claim(scan_id, consumer, visitor)
        else:
            call = Call(f"consumer:{consumer.pk}", key, f"POST {request.path}".encode())
            status, body = answer_once(
                call, lambda: claim(scan_id, consumer, visitor), now=clock.now(), outcomes=(ClaimRefused,)
            )
        return Response(body, status=status, content_type=MEDIA_TYPE if status == ClaimRefused.status else None)


def claim(scan_id: UUID, consumer: Consumer, visitor: str) -> Answer:
    """Status and body of one claim."""
    now = clock.now()
    try:
        opened = open_claim(scan_id=scan_id, consumer=consumer, visitor=visitor, now=now)
    except Problem as refusal:
        CLAIMS.labels(refusal.code).inc()
        raise
    is_new = opened.claimed_at == now
    CLAIMS.labels("promised" if is_new else "again").inc()
    return (201 if is_new else 200), envelope_shape(envelope_of_claim(opened))


class MyVouchers(APIView):
    @extend_schema(responses={200: VoucherPageShape}, operation_id="my_vouchers", tags=["consumer"])
    def get(self, request: Request) -> Response:
        """The consumer's vouchers, newest first, in pages: those to be redeemed and those that came to an end."""
        pages, now = Pages(), clock.now()
        vouchers = pages.paginate_queryset(own_vouchers(require_consumer(request)), request, view=self) or []
        return pages.get_paginated_response([voucher_shape(voucher, now) for voucher in vouchers])


class OneEnvelope(APIView):
    @extend_schema(responses={200: EnvelopeShape}, operation_id="get_envelope", tags=["consumer"])
    def get(self, request: Request, envelope_id: UUID) -> Response:
        """One of the consumer's envelopes, and how its payment stands."""
        return Response(envelope_shape(own_envelope(require_consumer(request), envelope_id)))


class MyEnvelopes(APIView):
    @extend_schema(responses={200: EnvelopePageShape}, operation_id="my_envelopes", tags=["consumer"])
    def get(self, request: Request) -> Response:
        """The consumer's envelopes with money in them, newest first, in pages."""
        pages = Pages()
        grants = pages.paginate_queryset(grants_of(require_consumer(request)), request, view=self) or []
        return pages.get_paginated_response([envelope_shape(envelope_of_grant(grant)) for grant in grants])
