"""Consumers for brand staff: read-only, names and codes masked."""

from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from consumers.models import Consumer
from stores.admin.scoped import BrandScopedAdmin


@admin.register(Consumer)
class ConsumerAdmin(BrandScopedAdmin):
    list_display = ("masked_c_code", "masked_name", "brand", "created_at", "erased_at")
    list_filter = ("brand",)
    list_select_related = ("brand",)
    ordering: ClassVar = ["-created_at"]
    fields = ("masked_c_code", "masked_name", "brand", "created_at", "erased_at")
    readonly_fields = fields
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Consumer | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Consumer | None = None) -> bool:  # noqa: ARG002
        return False

    @admin.display(description=_("member code"))
    def masked_c_code(self, consumer: Consumer) -> str:
        return f"{consumer.c_code[:4]}…{consumer.c_code[-2:]}"

    @admin.display(description=_("name"))
    def masked_name(self, consumer: Consumer) -> str:
        return f"{consumer.name[:1]}**" if consumer.name else "—"
