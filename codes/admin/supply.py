"""Packings and movements in the admin: to be read, never written by hand."""

from django.contrib import admin

from codes.models import Movement, MovementLine, Packing
from stores.admin.scoped import BrandScopedAdmin, BrandScopedTabular
from stores.admin.written import ReadOnly


@admin.register(Packing)
class PackingAdmin(ReadOnly, BrandScopedAdmin):
    ordering = ("-pk",)
    list_display = ("parent_serial", "children", "packed_at", "packed_by", "unpacked_at", "unpacked_by")
    search_fields = ("=parent_serial",)
    show_full_result_count = False


class LinesInline(ReadOnly, BrandScopedTabular):
    model = MovementLine


@admin.register(Movement)
class MovementAdmin(ReadOnly, BrandScopedAdmin):
    ordering = ("-pk",)
    list_display = ("id", "kind", "store", "dealer", "reference", "flag", "happened_at", "recorded_by")
    list_filter = ("kind", "flag")
    list_select_related = ("store", "dealer")
    search_fields = ("reference",)
    show_full_result_count = False
    inlines = (LinesInline,)
