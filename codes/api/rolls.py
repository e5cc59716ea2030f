"""Partner endpoints of pre-matched rolls, and of the printer profiles that files can be asked for with."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from codes.api.described import described
from codes.api.order_shapes import FileShape, Moment, OrderPage, RangePost
from codes.api.orders import PAGING
from codes.api.partner import PartnerView
from codes.models import PrinterProfile, Roll
from codes.models.order import LAST_SERIAL
from codes.printing.roll import MOST_IN_ONE
from codes.services.rolls import Holders, WantedRoll, request_roll, use_roll
from core import clock
from core.idempotency import Answer

LARGEST_KEY = 2**63 - 1


class HoldersPost(serializers.Serializer[None]):
    order = serializers.IntegerField(min_value=1, max_value=LARGEST_KEY)
    each = serializers.IntegerField(min_value=1, max_value=MOST_IN_ONE, help_text="Units in each.")
    first_serial = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        max_value=LAST_SERIAL,
        help_text="Of the order; else the next from which on as many as are needed are on no roll yet.",
    )


class RollPost(RangePost):
    """The serials of the items, both included; or neither, for all of the order that are on no roll yet."""

    recipient = serializers.CharField(max_length=80, help_text="Who will get the file: printer or factory.")
    cases = HoldersPost()
    pallets = HoldersPost(required=False, allow_null=True, default=None)


class RollShape(serializers.Serializer[Roll]):
    id = serializers.IntegerField()
    file = FileShape()
    case_order = serializers.IntegerField(source="case_order_id")
    first_case = serializers.IntegerField()
    last_case = serializers.IntegerField()
    items_per_case = serializers.IntegerField()
    pallet_order = serializers.IntegerField(source="pallet_order_id", allow_null=True)
    first_pallet = serializers.IntegerField(allow_null=True)
    cases_per_pallet = serializers.IntegerField(allow_null=True)


class UsePost(RangePost):
    """The serials of the cases that were used; neither: the whole roll."""


class UseShape(serializers.Serializer[None]):
    first_case = serializers.IntegerField()
    last_case = serializers.IntegerField()
    packings = serializers.IntegerField(help_text="Written now; what was packed so before is not counted.")


class ProfileShape(serializers.Serializer[PrinterProfile]):
    name = serializers.CharField(help_text="To be given as `profile` when a file is asked for.")
    columns = serializers.ListField(child=serializers.CharField())
    delimiter = serializers.CharField()
    line_ending = serializers.CharField()
    has_header = serializers.BooleanField()
    one_row_a_unit = serializers.BooleanField()
    created_at = Moment()
    retired_at = Moment(allow_null=True, help_text="From then on no new file is written by it.")


class ProfilePage(OrderPage):
    results = ProfileShape(many=True)  # type: ignore[assignment] # the same page of other rows


class Rolls(PartnerView):
    required_scopes: ClassVar = ["codes"]

    @described("Have a pre-matched roll written", {202: RollShape}, takes=RollPost, refusals=(400, 404, 409, 422))
    def post(self, request: Request, order_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        """Each case's code with the codes of its items behind it; the file is read and taken as any export.

        Each code is printed on one roll alone: items, cases or pallets of an earlier roll are refused. Asked again for
        the very same roll, it answers that one.
        """
        wanted = self.valid(RollPost)
        return self.once(lambda: self.ask(order_id, wanted))

    def ask(self, order_id: int, wanted: dict[str, Any]) -> Answer:
        """Request it."""
        pallets = holders_of(wanted["pallets"]) if wanted["pallets"] else None
        asked = WantedRoll(wanted["recipient"], holders_of(wanted["cases"]), pallets, wanted["serials"])
        roll = request_roll(brand=self.brand, order_id=order_id, wanted=asked, actor=self.actor, now=clock.now())
        return 202, RollShape(roll).data


class RollUses(PartnerView):
    required_scopes: ClassVar = ["supply"]

    @described("Declare a pre-matched roll used", {201: UseShape}, takes=UsePost, refusals=(400, 404, 409, 422))
    def post(self, request: Request, roll_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        """The cases are packed from then on as they were printed, all of them or none."""
        cases = self.valid(UsePost)["serials"]
        return self.once(lambda: self.use(roll_id, cases))

    def use(self, roll_id: int, cases: Any) -> Answer:
        """Declare it."""
        use = use_roll(brand=self.brand, roll_id=roll_id, cases=cases, actor=self.actor, now=clock.now())
        bounds = {"first_case": use.cases.lower, "last_case": use.cases.upper - 1}
        return 201, bounds | {"packings": use.packings}


class PrinterProfiles(PartnerView):
    required_scopes: ClassVar = ["codes"]

    @described("List printer profiles, newest first", {200: ProfilePage}, refusals=(404,), asks=PAGING)
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        """The brand's, retired ones among them."""
        return self.page(PrinterProfile.objects.filter(brand=self.brand), lambda profile: ProfileShape(profile).data)


def holders_of(posted: dict[str, Any]) -> Holders:
    """Cases or pallets as they were posted."""
    return Holders(posted["order"], posted["each"], posted["first_serial"])
