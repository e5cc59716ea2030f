"""Printer profiles."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from codes.models import PrinterProfile
from codes.services.profiles import ProfileFacts, add_profile, retire_profile
from stores.admin.confirmed import Question, ask, signed
from stores.admin.scoped import BrandScopedAdmin
from stores.admin.written import WrittenByServices, adopt


@admin.register(PrinterProfile)
class PrinterProfileAdmin(WrittenByServices, BrandScopedAdmin):
    """Added and retired; a profile is never changed."""

    fields = ("brand", *ProfileFacts.__slots__)
    list_display = (
        "name",
        "brand",
        "columns",
        "delimiter",
        "line_ending",
        "has_header",
        "one_row_a_unit",
        "retired_at",
    )
    list_filter = ("brand", "one_row_a_unit")
    list_select_related = ("brand",)
    search_fields = ("name",)
    ordering = ("-id",)
    actions: ClassVar = ["retire"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """For the action alone."""
        return obj is None and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: PrinterProfile, form: Any, change: bool) -> None:  # noqa: ARG002
        told = {name: getattr(obj, name) for name in ProfileFacts.__slots__}
        facts = ProfileFacts(**told | {"columns": tuple(obj.columns)})
        adopt(obj, add_profile(brand=obj.brand, facts=facts, **signed(request)))

    @admin.action(description=_("Retire"), permissions=["change"])
    def retire(self, request: HttpRequest, queryset: QuerySet[PrinterProfile]) -> HttpResponse | None:
        def work(profile: PrinterProfile, _answers: dict[str, Any]) -> None:
            retire_profile(brand=profile.brand, profile_id=profile.pk, **signed(request))

        return ask(self, request, queryset.select_related("brand"), Question("retire", _g("Retire"), work))
