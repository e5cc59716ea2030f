"""Endpoints of the supply chain for partners: packings, movements, units and their traces."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from codes.api.partner import PartnerView
from codes.api.supply_answers import answer_of_movement, answer_of_step, answer_of_unit
from codes.api.supply_requests import MovementRequest, PackingsRequest, serial_named
from codes.models import Movement
from codes.selectors.blocks import is_unit_of
from codes.selectors.journey import journey_of
from codes.services.movement_lines import NewMovement
from codes.services.moving import move
from codes.services.packing import pack
from core import clock
from core.errors import Invalid, NotFound
from core.idempotency import Answer
from stores.models import Dealer, Store


class SupplyView(PartnerView):
    """For partners with the scope "supply"."""

    required_scopes = ["supply"]


class PackingsView(SupplyView):
    """Packing of items into cases and of cases onto pallets, all rows of a call or none."""

    @extend_schema(request=PackingsRequest, tags=["supply"], summary="Pack units", responses={201: dict})
    def post(self, request: Any) -> Response:  # noqa: ARG002
        asked = self.valid(PackingsRequest)
        rows = [(row["parent"], row["first"], row["last"]) for row in asked["packings"]]
        signed: dict[str, Any] = {"brand": self.brand, "actor": self.actor, "happened_at": asked.get("happened_at")}

        def work() -> Answer:
            return 201, {"packings": pack(packings=rows, now=clock.now(), **signed)}

        return self.once(work)


class MovementsView(SupplyView):
    """Shipping, receiving, returning, destroying and sampling.

    A contradiction with custody is kept, told as `flag`, and left as an exception to be solved.
    """

    @extend_schema(request=MovementRequest, tags=["supply"], summary="Report a movement", responses={201: dict})
    def post(self, request: Any) -> Response:  # noqa: ARG002
        asked = self.valid(MovementRequest)

        def work() -> Answer:
            now = clock.now()
            new = NewMovement(
                kind=asked["kind"],
                partner=self.partner(asked),
                spans=asked["spans"],
                happened_at=asked.get("happened_at", now),
                reference=asked["reference"],
                counts=asked["counts"],
                is_whole=asked["whole_delivery"],
            )
            return 201, answer_of_movement(move(brand=self.brand, movement=new, actor=self.actor, now=now))

        return self.once(work)

    @extend_schema(tags=["supply"], summary="Movements, newest first", responses={200: dict})
    def get(self, request: Any) -> Response:  # noqa: ARG002
        rows = Movement.objects.filter(brand=self.brand).select_related("store", "dealer")
        return self.page(rows.prefetch_related("lines", "exceptions__lines"), answer_of_movement)

    def partner(self, asked: dict[str, Any]) -> Store | Dealer | None:
        """The brand's store or dealer of that number; None where none was named: at the brand itself.

        Raises:
            Invalid: there is none.
        """
        if "store" not in asked and "dealer" not in asked:
            return None
        name, kind = ("store", Store) if asked.get("store") else ("dealer", Dealer)
        found: Store | Dealer | None = kind.objects.filter(brand=self.brand, number=asked[name]).first()
        if found is None:
            raise Invalid(fields={name: [_("The brand has none of this number.")]})
        return found


class UnitView(SupplyView):
    """One unit: what it is, its state, and who has it."""

    @extend_schema(tags=["supply"], summary="A unit by its code or serial", responses={200: dict})
    def get(self, request: Any, unit: str) -> Response:  # noqa: ARG002
        return Response(answer_of_unit(self.serial(unit), clock.now()))

    def serial(self, unit: str) -> int:
        """The serial of one of the brand's units.

        Raises:
            NotFound: the text names none.
        """
        try:
            serial = serial_named(unit)
        except ValueError as error:
            raise NotFound from error
        if not is_unit_of(self.brand.pk, serial):
            raise NotFound
        return serial


class TraceView(UnitView):
    """What was packed around a unit, and where it went, oldest first."""

    @extend_schema(tags=["supply"], summary="The trace of a unit", responses={200: dict})
    def get(self, request: Any, unit: str) -> Response:  # noqa: ARG002
        serial = self.serial(unit)
        return Response({"serial": serial, "steps": [answer_of_step(step) for step in journey_of(serial)]})
