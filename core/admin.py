"""The audit trail: to be read, searched and never touched."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from core.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(ModelAdmin):  # type: ignore[misc] # the package is untyped
    """People of a brand see its entries; a superuser without a brand sees all."""

    list_display = ("happened_at", "actor", "action", "object_kind", "object_id", "brand_slug")
    list_filter = ("action", "object_kind", "happened_at")
    search_fields = ("actor", "=object_id", "action")
    ordering: ClassVar = ["-id"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The entries of the user's brand."""
        rows: QuerySet[Any] = super().get_queryset(request)
        user: Any = request.user
        if user.is_superuser and user.brand is None:
            return rows
        return rows.filter(brand_slug=user.brand.slug if user.brand else None)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False
