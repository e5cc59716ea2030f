"""Scans and movements that could not be examined for market cases: what went wrong, and when it is tried again."""

from django.contrib import admin

from codes.models import ExaminationFault
from stores.admin.scoped import BrandScopedAdmin
from stores.admin.written import ReadOnly


@admin.register(ExaminationFault)
class ExaminationFaultAdmin(ReadOnly, BrandScopedAdmin):
    ordering = ("-pk",)
    list_display = ("history", "row", "brand", "fault", "attempts", "failed_at", "next_at")
    list_filter = ("history",)
    list_select_related = ("brand",)
    search_fields = ("=row",)
