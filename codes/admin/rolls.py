"""Pre-matched rolls, and the action that declares them used."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from codes.admin.files import ReadOnlyAdmin
from codes.admin.label_forms import UseForm
from codes.admin.orders import ReadOnlyInline
from codes.models import Roll, RollUse
from codes.services.rolls import use_roll
from stores.admin.confirmed import Question, ask, signed


class UseInline(ReadOnlyInline):
    model = RollUse
    fields = ("cases", "packings", "used_by", "used_at")
    readonly_fields = fields
    show_change_link = False


@admin.register(Roll)
class RollAdmin(ReadOnlyAdmin):
    brand_path = "file__order__brand"
    list_display = (
        "__str__",
        "file",
        "recipient",
        "case_order",
        "first_case",
        "cases",
        "items_per_case",
        "pallet_order",
    )
    list_select_related = ("file", "case_order", "pallet_order")
    search_fields = ("file__recipient", "=first_case")
    ordering = ("-id",)
    inlines: ClassVar = [UseInline]
    actions: ClassVar = ["use"]

    @admin.display(description=_("recipient"))
    def recipient(self, roll: Roll) -> str:
        return roll.file.recipient

    def has_use_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("codes.add_packing")

    @admin.action(description=_("Declare used: pack as printed"), permissions=["use"])
    def use(self, request: HttpRequest, queryset: QuerySet[Roll]) -> HttpResponse | None:
        def work(roll: Roll, answers: dict[str, Any]) -> None:
            use_roll(brand=roll.file.order.brand, roll_id=roll.pk, cases=answers["serials"], **signed(request))

        rows = queryset.select_related("file__order__brand")
        return ask(self, request, rows, Question("use", _g("Declare used: pack as printed"), work, UseForm))
