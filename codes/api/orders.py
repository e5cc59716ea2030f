"""Partner endpoints of code orders: place, read, review, release, cancel; activate, void, freeze, recall."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from codes.api.described import described
from codes.api.order_shapes import (
    Nothing,
    OrderDetailShape,
    OrderPage,
    OrderPost,
    OrderShape,
    SpanPage,
    SpanShape,
    StatementPost,
)
from codes.api.partner import PartnerView
from codes.api.statement_shapes import ActivationPost
from codes.formats.code_text import Role
from codes.models import CodeOrder, Span
from codes.selectors.orders import order_of, orders_of, statements_of
from codes.services import ordering, spans
from codes.services.products import BatchFacts, batch_for
from core import clock
from core.errors import Invalid
from core.idempotency import Answer

PAGING = [OpenApiParameter("cursor", str), OpenApiParameter("page_size", int, description="1 to 500 [50]")]
STATE = OpenApiParameter("state", str, enum=CodeOrder.State.values)


class Orders(PartnerView):
    """The brand's orders."""

    required_scopes: ClassVar = ["codes"]

    @described("List orders, newest first", {200: OrderPage}, refusals=(400, 404), asks=[*PAGING, STATE])
    def get(self, request: Request) -> Response:
        """A page, of one state if asked for."""
        rows = orders_of(self.brand)
        state = request.query_params.get("state")
        if state is not None:
            if state not in CodeOrder.State.values:
                raise Invalid(fields={"state": [_("One of %(known)s.") % {"known": ", ".join(CodeOrder.State.values)}]})
            rows = rows.filter(state=state)
        return self.page(rows, lambda order: OrderShape(order).data)

    @described("Place an order", {201: OrderShape}, takes=OrderPost, refusals=(400, 409, 422))
    def post(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        """Takes the whole serial block; the order then waits for review by another person or client."""
        wanted = self.valid(OrderPost)
        return self.once(lambda: self.place(wanted))

    def place(self, wanted: dict[str, Any]) -> Answer:
        """Find or make the batch, and place the order."""
        now = clock.now()
        facts = BatchFacts(wanted["lot"], wanted["produced_on"], wanted["expires_on"])
        roles = [Role.from_slug(slug) for slug in wanted["roles"]]
        ordering.level_of(roles)
        batch = batch_for(brand=self.brand, gtin=wanted["gtin"], facts=facts, actor=self.actor, now=now)
        order = ordering.place_order(
            brand=self.brand, batch=batch, roles=roles, quantity=wanted["quantity"], actor=self.actor, now=now
        )
        return 201, OrderShape(order).data


class OneOrder(PartnerView):
    required_scopes: ClassVar = ["codes"]

    @described("Read an order with its print files and statements", {200: OrderDetailShape}, refusals=(404,))
    def get(self, request: Request, order_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        """One order."""
        return Response(OrderDetailShape(order_of(self.brand, order_id)).data)


class OrderStep(PartnerView):
    """A step of an order; taken again, it answers the same."""

    step: Callable[..., CodeOrder]

    @described("Take a step of an order", {200: OrderShape}, takes=Nothing, refusals=(404, 409, 422))
    def post(self, request: Request, order_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        """Review, release or cancel."""
        return self.once(lambda: self.take(order_id))

    def take(self, order_id: int) -> Answer:
        """Take the step."""
        order = type(self).step(order_id=order_id, brand=self.brand, actor=self.actor, now=clock.now())
        return 200, OrderShape(order).data


class Review(OrderStep):
    """By a client that did not place the order, and has the scope to review."""

    required_scopes: ClassVar = ["review"]
    step = staticmethod(ordering.review_order)


class Release(OrderStep):
    required_scopes: ClassVar = ["codes"]
    step = staticmethod(ordering.release_order)


class Cancel(OrderStep):
    required_scopes: ClassVar = ["codes"]
    step = staticmethod(ordering.cancel_order)


class Statements(PartnerView):
    """What was said of an order's serials."""

    required_scopes: ClassVar = ["codes"]

    @described("List statements about an order's serials", {200: SpanPage}, refusals=(404,), asks=PAGING)
    def get(self, request: Request, order_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        """A page, newest first."""
        return self.page(statements_of(self.brand, order_id), lambda span: SpanShape(span).data)


class Say(PartnerView):
    """A statement about an order or a range of it: accepted or refused as a whole."""

    required_scopes: ClassVar = ["codes"]
    say: Callable[..., Span]

    @described("Speak of an order's serials", {201: SpanShape}, takes=StatementPost, refusals=(400, 404, 409, 422))
    def post(self, request: Request, order_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        """A refusal tells the first offending serial as `first_offending_serial`."""
        wanted = self.valid(StatementPost)
        return self.once(lambda: self.state(order_id, wanted))

    def state(self, order_id: int, wanted: dict[str, Any]) -> Answer:
        """Make the statement."""
        span = type(self).say(brand=self.brand, order_id=order_id, actor=self.actor, now=clock.now(), **wanted)
        return 201, SpanShape(span).data


class Activations(Say):
    say = staticmethod(spans.activate)

    @described("Activate an order's serials", {201: SpanShape}, takes=ActivationPost, refusals=(400, 404, 409, 422))
    def post(self, request: Request, order_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        """At once, or from `effective_at` on. A refusal tells the first offending serial."""
        wanted = self.valid(ActivationPost)
        return self.once(lambda: self.state(order_id, wanted))


class Voids(Say):
    say = staticmethod(spans.void)


class Freezes(Say):
    say = staticmethod(spans.freeze)


class Recalls(Say):
    say = staticmethod(spans.recall)
