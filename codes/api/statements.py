"""Partner endpoints that speak of many serials at once, whichever way they are named; and what that would touch."""

import dataclasses
import datetime as dt
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from codes.api.described import described
from codes.api.order_shapes import SpanShape
from codes.api.partner import PartnerView
from codes.api.statement_shapes import RevocationPost, SaidShape, SayPost, TouchedShape
from codes.models import Batch, Span
from codes.selectors.touched import touched
from codes.services import subjects
from codes.services.revoking import revoke
from codes.services.statements import Plan, Subject, Wording, planned, state
from core import clock
from core.errors import NotFound
from core.idempotency import Answer
from stores.models import Brand


class StatementsPreview(PartnerView):
    """How many units a statement would touch, and how many of them are sold. Nothing is written."""

    required_scopes: ClassVar = ["codes"]

    @described(
        "Preview a statement about many serials", {200: TouchedShape}, takes=SayPost, refusals=(400, 404, 409, 422)
    )
    def post(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        """Refused just as the statement would be."""
        wanted, now = self.valid(SayPost), clock.now()
        subject = subject_of(self.brand, wanted["of"])
        plan = planned(self.brand, subject, wording_of(wanted), now=now, lock=False)
        return Response(answer_of(self.brand, plan, now))


class BrandStatements(PartnerView):
    """Activating, voiding, freezing or recalling an order, a batch, a range, a list or a case's content."""

    required_scopes: ClassVar = ["codes"]

    @described("Speak of many serials", {201: SaidShape}, takes=SayPost, refusals=(400, 404, 409, 422))
    def post(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        """Accepted or refused whole; a refusal tells the first offending serial, or the line of the list."""
        wanted = self.valid(SayPost)
        return self.once(lambda: self.say(wanted))

    def say(self, wanted: dict[str, Any]) -> Answer:
        """Make the statement; the numbers are those of the moment before it."""
        now = clock.now()
        subject = subject_of(self.brand, wanted["of"])
        found = touched(self.brand.pk, subject.ranges, now=now)
        plan = state(brand=self.brand, subject=subject, wording=wording_of(wanted), actor=self.actor, now=now)
        first = Span.objects.filter(call=plan.call).order_by("id")[0]
        told = dataclasses.asdict(found) | {"ranges": len(plan.pieces.orders), "new_units": plan.fresh.ranges.units}
        return 201, told | {"statement": SpanShape(first).data}


class Revocations(PartnerView):
    required_scopes: ClassVar = ["codes"]

    @described("Take a statement back", {200: SpanShape}, takes=RevocationPost, refusals=(400, 404, 409, 422))
    def post(self, request: Request, span_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        """As if it had not been made: a freeze or recall is lifted, an activation cancelled. A void is for good."""
        wanted = self.valid(RevocationPost)
        return self.once(lambda: self.revoke(span_id, wanted))

    def revoke(self, span_id: int, wanted: dict[str, Any]) -> Answer:
        """Take it back."""
        span = revoke(brand=self.brand, span_id=span_id, actor=self.actor, now=clock.now(), **wanted)
        return 200, SpanShape(span).data


def wording_of(wanted: dict[str, Any]) -> Wording:
    """What is to be said."""
    return Wording(wanted["kind"], wanted["reason"], wanted["effective_at"])


def subject_of(brand: Brand, named: dict[str, Any]) -> Subject:
    """The serials that a partner named. Raises NotFound, and what `codes.services.subjects` raises."""
    if "order" in named:
        return subjects.of_order(brand, named["order"], named["serials"])
    if "lot" in named:
        batch = Batch.objects.filter(
            product__brand=brand, product__gtin=named["gtin"].zfill(14), lot=named["lot"]
        ).first()
        if batch is None:
            raise NotFound
        return subjects.whole_batch(brand, batch.pk)
    if "codes" in named:
        return subjects.listed(brand, enumerate(named["codes"], start=1))
    if "parent" in named:
        return subjects.content(brand, named["parent"])
    return subjects.one_range(named["serials"])


def answer_of(brand: Brand, plan: Plan, now: dt.datetime) -> dict[str, Any]:
    """A plan's numbers."""
    found = touched(brand.pk, plan.pieces.ranges, now=now)
    return dataclasses.asdict(found) | {"new_units": plan.fresh.ranges.units}
