"""What the endpoints of orders take and answer. They validate and render; the services save."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from codes.formats.code_text import Role
from codes.formats.serials import SerialRange
from codes.models import CodeOrder, PrintFile, Span
from codes.models.order import LAST_SERIAL
from codes.printing.captions import PARTS
from codes.printing.sheets import PAPERS, ROLL, SHEETS
from codes.printing.zpl import RESOLUTIONS

ROLES = [role.slug for role in Role]
ASKED_KINDS = [choice for choice in PrintFile.Kind.choices if choice[0] != PrintFile.Kind.ROLL]


class Moment(serializers.DateTimeField):
    """RFC 3339, UTC."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=dt.UTC, **options)


class Millimetres(serializers.FloatField):
    """A length of 0 to 1,000 mm."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, min_value=0, max_value=1_000, **options)


class Nothing(serializers.Serializer[None]):
    """An empty object."""


class OrderPost(serializers.Serializer[None]):
    gtin = serializers.CharField(max_length=14, help_text="Of a product of the brand; 8, 12, 13 or 14 digits.")
    lot = serializers.CharField(max_length=20, help_text="Lot of the batch, which is made unless it is there.")
    produced_on = serializers.DateField(required=False, allow_null=True, default=None)
    expires_on = serializers.DateField(required=False, allow_null=True, default=None)
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=ROLES), allow_empty=False, max_length=len(ROLES)
    )
    quantity = serializers.IntegerField(min_value=1, max_value=LAST_SERIAL, help_text="Units.")


class RangePost(serializers.Serializer[None]):
    """Both serials, both included; or neither, for the whole order."""

    first_serial = serializers.IntegerField(required=False, min_value=0, max_value=LAST_SERIAL)
    last_serial = serializers.IntegerField(required=False, min_value=0, max_value=LAST_SERIAL)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Put the range together as `serials` (None: the whole order)."""
        first, last = attrs.pop("first_serial", None), attrs.pop("last_serial", None)
        if (first is None) != (last is None):
            missing = "first_serial" if first is None else "last_serial"
            raise serializers.ValidationError({missing: [_("Give both serials or neither.")]})
        if first is not None and last is not None and first > last:
            raise serializers.ValidationError({"last_serial": [_("It must not lie before the first serial.")]})
        attrs["serials"] = None if first is None or last is None else SerialRange(first, last)
        return attrs


class StatementPost(RangePost):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class LabelsPost(serializers.Serializer[None]):
    """Of sheets: a `sheet` by name, or a grid of one's own on a `paper`. Of ZPL: label, `dpi` and `font`. In mm."""

    sheet = serializers.ChoiceField(required=False, choices=sorted(SHEETS))
    paper = serializers.ChoiceField(required=False, choices=[*PAPERS, ROLL])
    paper_width = Millimetres(help_text="Of a roll.")
    columns = serializers.IntegerField(required=False, min_value=1, max_value=100)
    rows = serializers.IntegerField(required=False, min_value=1, max_value=100, help_text="Not of a roll.")
    label_width, label_height = Millimetres(), Millimetres()
    gap_x, gap_y = Millimetres(), Millimetres()
    margin_left, margin_top = Millimetres(), Millimetres()
    captions = serializers.ListField(
        child=serializers.ChoiceField(choices=PARTS), required=False, max_length=len(PARTS), help_text="In their order."
    )
    dpi = serializers.ChoiceField(required=False, choices=RESOLUTIONS, help_text="Of ZPL.")
    font = serializers.CharField(
        required=False, max_length=20, help_text="Of ZPL: 0, or a font on the printer such as E:SIMSUN.TTF."
    )


class ExportPost(RangePost):
    recipient = serializers.CharField(max_length=80, help_text="Who will get the file: printer or factory.")
    kind = serializers.ChoiceField(choices=ASKED_KINDS, default=PrintFile.Kind.CSV)
    labels = LabelsPost(required=False, default=dict, help_text="How labels look; empty: the default.")
    profile = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=40,
        default="",
        help_text="Name of a printer profile; empty: the default.",
    )


class OrderShape(serializers.Serializer[CodeOrder]):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=CodeOrder.State.choices)
    gtin = serializers.CharField(source="batch.product.gtin")
    lot = serializers.CharField(source="batch.lot")
    level = serializers.CharField()
    roles = serializers.SerializerMethodField()
    quantity = serializers.IntegerField()
    first_serial = serializers.IntegerField()
    last_serial = serializers.IntegerField()
    created_by = serializers.CharField()
    created_at = Moment()
    reviewed_by = serializers.CharField()
    reviewed_at = Moment(allow_null=True)
    released_at = Moment(allow_null=True)
    exported_at = Moment(allow_null=True)

    def get_roles(self, order: CodeOrder) -> list[str]:
        """Slugs, in the order in which they are printed."""
        return [Role(number).slug for number in order.roles]


class SpanShape(serializers.Serializer[Span]):
    id = serializers.IntegerField()
    order = serializers.IntegerField(source="order_id")
    kind = serializers.ChoiceField(choices=Span.Kind.choices)
    first_serial = serializers.IntegerField()
    last_serial = serializers.IntegerField()
    reason = serializers.CharField()
    stated_by = serializers.CharField()
    stated_at = Moment()
    effective_at = Moment(help_text="From then on it holds.")
    call = serializers.UUIDField(help_text="Ranges said together share it.")
    revoked_by = serializers.CharField()
    revoked_at = Moment(allow_null=True)
    revoke_reason = serializers.CharField()


class FileShape(serializers.Serializer[PrintFile]):
    id = serializers.IntegerField()
    order = serializers.IntegerField(source="order_id")
    kind = serializers.ChoiceField(choices=PrintFile.Kind.choices)
    state = serializers.ChoiceField(choices=PrintFile.State.choices)
    profile = serializers.CharField(source="profile.name", default="", help_text="Empty: the default.")
    labels = serializers.DictField(help_text="How its labels look; empty: the default.")
    recipient = serializers.CharField()
    first_serial = serializers.IntegerField()
    last_serial = serializers.IntegerField()
    rows_done = serializers.IntegerField()
    rows_total = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="Of the whole file, hex; empty until it is ready.")
    size_bytes = serializers.IntegerField(allow_null=True)
    fault = serializers.CharField()
    downloads_allowed = serializers.IntegerField()
    requested_at = Moment()
    finished_at = Moment(allow_null=True)
    expires_at = Moment(allow_null=True, help_text="Until then it can be taken away; null until it is ready.")
    removed_at = Moment(allow_null=True, help_text="When it was taken off the disk; a retry writes it anew.")
    content = serializers.SerializerMethodField(help_text="Where to take the file away, once it is ready.")

    def get_content(self, file: PrintFile) -> str | None:
        """Path of the download; null until there is something to take."""
        if file.state != PrintFile.State.READY or file.removed_at is not None:
            return None
        return f"/api/v1/code-orders/{file.order_id}/exports/{file.pk}/content"


class OrderDetailShape(OrderShape):
    print_files = FileShape(many=True)
    statements = SpanShape(many=True, source="spans")


class OrderPage(serializers.Serializer[None]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = OrderShape(many=True)


class FilePage(OrderPage):
    results = FileShape(many=True)  # type: ignore[assignment] # the same page of other rows


class SpanPage(OrderPage):
    results = SpanShape(many=True)  # type: ignore[assignment] # the same page of other rows
