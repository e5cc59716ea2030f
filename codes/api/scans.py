"""Posting a scan, and reading it again."""

from functools import partial
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from codes.api.direct import DirectPost
from codes.api.scan_requests import new_scan_of
from codes.api.scan_schema import ScanPost, ScanShape
from codes.metrics import SCANS
from codes.selectors.answers import Viewer
from codes.selectors.stored import answer_of, own_scan
from codes.services.scan_limits import count_guess, count_scan
from codes.services.scanning import record_scan
from consumers.session import consumer_of, visitor_of
from core import clock

KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description="The same post is kept once.")


class Scans(DirectPost):
    @extend_schema(
        request=ScanPost,
        responses={201: ScanShape, 200: ScanShape},
        parameters=[KEY],
        operation_id="post_scan",
        tags=["consumer"],
    )
    def post(self, request: Request) -> Response:
        """Keep a scan: 201; 200 with the first answer when it was kept before under the same Idempotency-Key."""
        scan = new_scan_of(request)
        person = str(scan.consumer.pk) if scan.consumer else scan.visitor
        count_scan(address=scan.address, person=person, guess=scan.reading.is_guess)
        guessed = partial(count_guess, address=scan.address, person=person)
        answer = record_scan(scan, now=clock.now(), count_guess=guessed)
        if not answer.replayed:
            SCANS.labels(answer.verdict).inc()
        return Response(answer, status=200 if answer.replayed else 201)


class OneScan(APIView):
    @extend_schema(responses={200: ScanShape}, operation_id="get_scan", tags=["consumer"])
    def get(self, request: Request, scan_id: UUID) -> Response:
        """One's own scan, with what is known of the thing now."""
        consumer = consumer_of(request)
        consumer_id = consumer.pk if consumer else None
        scan = own_scan(scan_id=scan_id, visitor=visitor_of(request), consumer_id=consumer_id)
        return Response(answer_of(scan, Viewer(consumer_id, clock.now())))
