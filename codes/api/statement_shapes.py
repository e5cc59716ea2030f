"""What the endpoints of statements about many serials take and answer."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from codes.api.order_shapes import RangePost, SpanShape, StatementPost
from codes.api.supply_requests import UnitField
from codes.models import Span

MOST_CODES = 50_000
LONGEST_CODE = 200
WAYS = ("order", "lot", "codes", "parent")


class ActivationPost(StatementPost):
    effective_at = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="A moment to come; without it, at once."
    )


class RevocationPost(serializers.Serializer[None]):
    reason = serializers.CharField(max_length=200)
    together = serializers.BooleanField(
        default=False,
        help_text="With all ranges that were said in the same call: of a list, a batch, a case's content.",
    )


class SubjectPost(RangePost):
    """One of: `order` (with serials: a range of it); `gtin` and `lot`; both serials; `codes`; `parent`."""

    order = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    gtin = serializers.CharField(required=False, max_length=14)
    lot = serializers.CharField(required=False, max_length=20)
    codes = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_CODE, allow_blank=True),
        required=False,
        allow_empty=False,
        max_length=MOST_CODES,
        help_text="Codes or links, of any mark of each unit.",
    )
    parent = UnitField(  # type: ignore[assignment] # declared fields never become attributes
        required=False, help_text="A case or pallet, by code or serial: all that is in it now."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Exactly one way of naming serials."""
        attrs = super().validate(attrs)
        named = [way for way in WAYS if way in attrs]
        has_range = attrs["serials"] is not None
        if len(named) + (has_range and named != ["order"]) != 1 or ("lot" in attrs) != ("gtin" in attrs):
            message = _(
                "Name the serials in one way: order, gtin and lot, first_serial and last_serial, codes or parent."
            )
            raise serializers.ValidationError({"order": [message]})
        return attrs


class SayPost(serializers.Serializer[None]):
    kind = serializers.ChoiceField(choices=Span.Kind.choices)
    of = SubjectPost()
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
    effective_at = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="Of activations alone: a moment to come."
    )


class TouchedShape(serializers.Serializer[None]):
    units = serializers.IntegerField()
    ranges = serializers.IntegerField(help_text="The fewest that the serials allow.")
    opened = serializers.IntegerField(help_text="Items among them that are sold: somebody opened their envelope.")
    levels = serializers.DictField(child=serializers.IntegerField(), help_text="Units by item, case, pallet.")
    states = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="Units by their present state: issued, scheduled, active, voided, frozen, recalled.",
    )
    new_units = serializers.IntegerField(help_text="Units of which it was not said before.")


class SaidShape(TouchedShape):
    statement = SpanShape(help_text="The first of the ranges; revoke it `together` to take all of them back.")
