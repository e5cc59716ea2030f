"""What the warehouse's page posts and asks: JSON, for the signed-in person's session."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response

from codes.dashboard.offline import AccountView
from codes.formats.code_text import Role
from codes.formats.serials import SerialRange
from codes.models import CodeOrder, Movement
from codes.reading import read
from codes.selectors.blocks import RANK
from codes.selectors.contents import RankedSpan, children_of, items_inside
from codes.selectors.custody import custody_of
from codes.selectors.deliveries import expected_of
from codes.selectors.packing_lists import Judgement
from codes.selectors.states import state_of
from codes.selectors.workplaces import PACK, Workplace, workplaces_of
from codes.services.warehouse import Deed, Scanned, carry_out, spans_of
from core import clock
from core.errors import Invalid, NotFound
from core.idempotency import Answer

MOST_UNITS = 500
LONGEST_TEXT = 2048
MOST_COUNTED = 1_000_000


class ScannedRequest(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=LONGEST_TEXT)
    counted = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=MOST_COUNTED)


class DeedRequest(serializers.Serializer[Any]):
    """One deed; `happened_at` is when it was done, which for a phone without a line is long before it is told."""

    kind = serializers.ChoiceField(choices=[PACK, *Movement.Kind.values])
    place = serializers.CharField(max_length=40)
    units = ScannedRequest(many=True, allow_empty=False, max_length=MOST_UNITS)  # type: ignore[call-arg]
    happened_at = serializers.DateTimeField()
    other = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_TEXT, default="")
    parent = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_TEXT, default="")  # type: ignore[assignment]
    reference = serializers.CharField(required=False, allow_blank=True, max_length=60, default="")
    whole_delivery = serializers.BooleanField(required=False, default=False)

    def deed(self) -> Deed:
        """What the service wants to know."""
        asked = dict(self.validated_data)
        units = [Scanned(unit["code"], unit.get("counted")) for unit in asked.pop("units")]
        return Deed(units=units, is_whole=asked.pop("whole_delivery"), **asked)


class WarehouseView(AccountView):
    """Of the warehouse's page."""

    def place(self, request: Any) -> Workplace:
        """The workplace that the query names. Raises NotFound."""
        key = request.query_params.get("place", "")
        found = next((place for place in workplaces_of(request.user) if place.key == key), None)
        if found is None:
            raise NotFound
        return found


class DeedsView(WarehouseView):
    """Deeds, each once under its Idempotency-Key however often a bad line makes the page send it."""

    def post(self, request: Any) -> Response:
        asked = DeedRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        deed, now = asked.deed(), clock.now()

        def work() -> Answer:
            return 201, answer_of(carry_out(user=request.user, deed=deed, now=now))

        return self.once(request, work, now=now)


class UnitView(WarehouseView):
    """What a scanned mark is: its product, what is inside, where it was last. Nothing is written."""

    def get(self, request: Any) -> Response:
        place = self.place(request)
        text = request.query_params.get("code", "")[:LONGEST_TEXT]
        if read(text).role is Role.ITEM_INNER:
            raise NotFound(_("This is the code under the cap, which is the buyer's. Scan the outer one."))
        serial = serial_in(place, text)
        unit = state_of(serial, now=clock.now())
        assert unit is not None
        return Response(answer_of_unit(unit.order, serial) | {"state": unit.state})


class DeliveryView(WarehouseView):
    """How many items were sent to this place under a delivery note, and how many of them have come."""

    def get(self, request: Any) -> Response:
        place = self.place(request)
        sent, received = expected_of(place.brand.pk, place.partner, request.query_params.get("reference", "")[:60])
        return Response({"sent": sent, "received": received})


def serial_in(place: Workplace, text: str) -> int:
    """The serial of one of the brand's units. Raises NotFound, with words for people."""
    try:
        return spans_of(place.brand, [text])[0].first
    except Invalid as refusal:
        raise NotFound(refusal.detail) from refusal


def answer_of_unit(order: CodeOrder, serial: int) -> dict[str, Any]:
    """A unit for people: names, contents, and what was last said of it."""
    custody = custody_of(serial)
    last = custody.movement
    inside = children_of(serial) if order.level != CodeOrder.Level.ITEM else []
    return {
        "serial": serial,
        "level": order.level,
        "product": order.batch.product.name,
        "lot": order.batch.lot,
        "inside": sum(children.count for children in inside),
        "items": items_inside([RankedSpan(SerialRange(serial, serial), RANK[order.level])])[0],
        "last": str(Movement.Kind(last.kind).label) if last else "",
        "at": custody.since,
    }


def answer_of(done: Movement | Judgement) -> dict[str, Any]:
    """What became of a deed, in numbers and words."""
    if isinstance(done, Judgement):
        return {"packed": done.sound, "repeated": done.repeated, "items": done.sound + done.repeated, "flags": []}
    exceptions = done.exceptions.prefetch_related("lines")
    return {
        "movement": done.pk,
        "items": sum(line.items for line in done.lines.all()),
        "flags": [str(exception.get_kind_display()) for exception in exceptions],
    }
