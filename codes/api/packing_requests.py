"""What partners send about packing lists, unpacking and repacking."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from codes.api.supply_requests import HappenedRequest, PackingRequest, RangeRequest, UnitField
from codes.formats.serials import SerialRange
from codes.selectors.packing_lists import ListRow
from codes.services import repacking
from codes.services.packing_lists import MOST_ROWS, Choice

LONGEST_CODE = 200


class ListRowRequest(serializers.Serializer[Any]):
    """Two codes as the camera read them; anything is taken here, to be judged with the whole list."""

    parent = serializers.CharField(allow_blank=True, max_length=LONGEST_CODE)  # type: ignore[assignment] # declared
    child = serializers.CharField(allow_blank=True, max_length=LONGEST_CODE)


class ListRequest(serializers.Serializer[Any]):
    """Rows of a list; their lines count from 1."""

    rows = ListRowRequest(many=True, allow_empty=False, max_length=MOST_ROWS)  # type: ignore[call-arg] # to the list

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """With `rows` as ListRow."""
        return attrs | {"rows": [ListRow(n, row["parent"], row["child"]) for n, row in enumerate(attrs["rows"], 1)]}


class PackListRequest(ListRequest, HappenedRequest):
    """`choice` says what becomes of a list with bad rows; there is none by default."""

    choice = serializers.ChoiceField(choices=Choice.choices)


class UnpackRequest(HappenedRequest):
    """Either `parents`, to be emptied whole, or `children`, a range to be taken out of whatever they are in."""

    parents = serializers.ListField(child=UnitField(), required=False, allow_empty=False, max_length=5_000)
    children = RangeRequest(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """With `children` as a range."""
        if ("parents" in attrs) == ("children" in attrs):
            raise serializers.ValidationError({"parents": [_("Give either parents or children.")]})
        if "children" in attrs:
            return attrs | {"children": SerialRange(attrs["children"]["first"], attrs["children"]["last"])}
        return attrs


class RepackRequest(HappenedRequest):
    packings = PackingRequest(many=True, allow_empty=False, max_length=repacking.MOST_AT_ONCE)  # type: ignore[call-arg]
