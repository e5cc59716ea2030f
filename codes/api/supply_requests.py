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
from codes.models.order import LAST_SERIAL
from codes.services.moving import MOST_SPANS
from codes.services.packing import MOST_AT_ONCE


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


class PackingsRequest(serializers.Serializer[Any]):
    packings = PackingRequest(many=True, allow_empty=False, max_length=MOST_AT_ONCE)  # type: ignore[call-arg] # goes to the list


class MovementRequest(serializers.Serializer[Any]):
    """Exactly one of `store` and `dealer`, by number; `happened_at` is now where it is left out."""

    kind = serializers.ChoiceField(choices=Movement.Kind.choices)
    store = serializers.CharField(required=False, max_length=30)
    dealer = serializers.CharField(required=False, max_length=30)
    units = RangeRequest(many=True, allow_empty=False, max_length=MOST_SPANS)  # type: ignore[call-arg] # goes to the list
    happened_at = serializers.DateTimeField(required=False)
    reference = serializers.CharField(required=False, allow_blank=True, max_length=60, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """With `units` as ranges."""
        if ("store" in attrs) == ("dealer" in attrs):
            raise serializers.ValidationError({"store": [_("Give either a store or a dealer.")]})
        return attrs | {"units": [SerialRange(unit["first"], unit["last"]) for unit in attrs["units"]]}
