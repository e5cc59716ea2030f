"""What partners send about packings and movements. A unit is named by the text of one of its marks or by its serial."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from codes.ciphers import code_cipher
from codes.formats.code_text import CODE_LENGTH, CodeTextError, extract_code
from codes.formats.keys import UnknownKeyVersion
from codes.formats.serials import SerialRange
from codes.models import Movement
from codes.models.movement import GONE
from codes.models.order import LAST_SERIAL
from codes.services.movement_lines import Count
from codes.services.moving import MOST_SPANS
from codes.services.packing import MOST_AT_ONCE

MOST_COUNTED = 1_000_000


def serial_named(unit: str | int) -> int:
    """The serial that a code, a link or a number names; whether it was issued is not asked.

    Raises:
        ValueError: it names none.
    """
    text = str(unit).strip()
    if text.isdecimal() and len(text) < CODE_LENGTH:
        if int(text) > LAST_SERIAL:
            raise ValueError(text)
        return int(text)
    try:
        return code_cipher().decode(extract_code(text)).serial
    except (CodeTextError, UnknownKeyVersion) as error:
        raise ValueError(text) from error


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "integer"}]})
class UnitField(serializers.Field):  # type: ignore[type-arg] # not subscriptable at run time
    """A unit, as its serial."""

    default_error_messages = {"no_unit": _("Give the code of a unit, or its serial.")}

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, str | int):
            self.fail("no_unit")
        try:
            return serial_named(data)
        except ValueError:
            self.fail("no_unit")


class RangeRequest(serializers.Serializer[Any]):
    """Units first..last, both included; a single unit where `last` is left out."""

    first = UnitField()
    last = UnitField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """With `last` filled in, and not before `first`."""
        attrs.setdefault("last", attrs["first"])
        if attrs["last"] < attrs["first"]:
            raise serializers.ValidationError({"last": [_("The last must not come before the first.")]})
        return attrs


class PackingRequest(RangeRequest):
    parent = UnitField()  # type: ignore[assignment] # declared fields never become attributes


class HappenedRequest(serializers.Serializer[Any]):
    """`happened_at` is now where it is left out."""

    happened_at = serializers.DateTimeField(required=False)


class PackingsRequest(HappenedRequest):
    packings = PackingRequest(many=True, allow_empty=False, max_length=MOST_AT_ONCE)  # type: ignore[call-arg] # goes to the list


class MovedRequest(RangeRequest):
    """What moved. Of a received case or pallet, how many units were found directly inside of it, or which."""

    counted = serializers.IntegerField(required=False, min_value=0, max_value=MOST_COUNTED)
    found = RangeRequest(many=True, required=False, allow_empty=False, max_length=MOST_SPANS)  # type: ignore[call-arg]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """With `count` for what was counted."""
        attrs = super().validate(attrs)
        if "counted" in attrs and "found" in attrs:
            raise serializers.ValidationError({"counted": [_("Tell how many were found, or which: not both.")]})
        if ("counted" in attrs or "found" in attrs) and attrs["first"] != attrs["last"]:
            raise serializers.ValidationError({"last": [_("Only a single case or pallet is counted.")]})
        return attrs

    @staticmethod
    def count_of(unit: dict[str, Any]) -> Count | None:
        """What was counted in a validated unit; None where nothing was."""
        if "found" in unit:
            return Count(unit["first"], found=[span_of(inside) for inside in unit["found"]])
        return Count(unit["first"], number=unit["counted"]) if "counted" in unit else None


class MovementRequest(serializers.Serializer[Any]):
    """A movement; `happened_at` is now where it is left out.

    Exactly one of `store` and `dealer`, by number; what is destroyed or sampled at the brand itself names neither.
    """

    kind = serializers.ChoiceField(choices=Movement.Kind.choices)
    store = serializers.CharField(required=False, max_length=30)
    dealer = serializers.CharField(required=False, max_length=30)
    units = MovedRequest(many=True, allow_empty=False, max_length=MOST_SPANS)  # type: ignore[call-arg] # goes to the list
    happened_at = serializers.DateTimeField(required=False)
    reference = serializers.CharField(required=False, allow_blank=True, max_length=60, default="")
    whole_delivery = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Of a receipt: that this is all that came under `reference`. What else was sent under it is short.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """With `spans` and `counts` for the units."""
        needs_no_partner = attrs["kind"] in GONE and not {"store", "dealer"} & set(attrs)
        if ("store" in attrs) == ("dealer" in attrs) and not needs_no_partner:
            raise serializers.ValidationError({"store": [_("Give either a store or a dealer.")]})
        counts = [MovedRequest.count_of(unit) for unit in attrs["units"]]
        return attrs | {
            "spans": [span_of(unit) for unit in attrs["units"]],
            "counts": [count for count in counts if count is not None],
        }


def span_of(unit: dict[str, Any]) -> SerialRange:
    """A validated range."""
    return SerialRange(unit["first"], unit["last"])
