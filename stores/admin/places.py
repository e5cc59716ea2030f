"""Brands, regions, dealers, stores and visits in the admin."""

from typing import Any, ClassVar

import qrcode
import qrcode.image.svg
from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from import_export.admin import ImportExportModelAdmin
from unfold.admin import ModelAdmin
from unfold.contrib.import_export.forms import ExportForm, ImportForm

from core import clock
from stores.admin.scoped import BrandScopedAdmin, sees_all_brands
from stores.admin.store_import import StoreResource
from stores.models import Brand, Dealer, Region, Store, Visit
from stores.services.stores import new_b_code


class ReadOnly:
    """For tables that are written elsewhere."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Region)
class RegionAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    ordering = ("code",)
    list_display = ("code", "name", "level", "parent")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = ("code", "name")


@admin.register(Brand)
class BrandAdmin(BrandScopedAdmin):
    """People of a brand see their own brand; only the platform adds one or takes one away."""

    brand_path = "pk"
    list_display = ("slug", "name", "timezone", "is_active")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return sees_all_brands(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return sees_all_brands(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return sees_all_brands(request.user)


@admin.register(Dealer)
class DealerAdmin(BrandScopedAdmin):
    ordering = ("number",)
    list_display = ("number", "name", "phone", "is_active")
    list_filter = ("is_active",)
    search_fields = ("number", "name")
    autocomplete_fields: ClassVar = ["regions"]


@admin.register(Store)
class StoreAdmin(BrandScopedAdmin, ImportExportModelAdmin):  # type: ignore[misc]
    """Stores, with bulk import from a table and the B-code to be printed."""

    resource_classes: ClassVar = [StoreResource]
    import_form_class = ImportForm
    export_form_class = ExportForm
    ordering = ("number",)
    list_display = ("number", "name", "kind", "region", "salesperson", "dealer", "is_active")
    list_filter = ("kind", "is_active", "dealer", "salesperson")
    list_select_related = ("region", "salesperson", "dealer")
    search_fields = ("number", "name", "b_code", "address")
    autocomplete_fields: ClassVar = ["region", "owner", "dealer", "salesperson"]
    readonly_fields = ("b_code", "b_code_qr", "created_at")

    @admin.display(description=_("B-code to print"))
    def b_code_qr(self, store: Store) -> SafeString:
        """The B-code as a QR code, SVG, prints at any size."""
        if not store.b_code:
            return SafeString("")
        drawing = qrcode.make(store.b_code, image_factory=qrcode.image.svg.SvgPathImage, box_size=20)
        return SafeString(drawing.to_string(encoding="unicode"))

    def save_model(self, request: HttpRequest, obj: Store, form: Any, change: bool) -> None:
        """A new store gets its B-code."""
        if not change:
            obj.b_code, obj.created_at = new_b_code(), clock.now()
        super().save_model(request, obj, form, change)

    def get_import_resource_kwargs(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The import writes into the brand of who imports."""
        return {**super().get_import_resource_kwargs(request, *args, **kwargs), "user": request.user}

    def get_export_resource_kwargs(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_export_resource_kwargs(request, *args, **kwargs), "user": request.user}


@admin.register(Visit)
class VisitAdmin(ReadOnly, BrandScopedAdmin):
    brand_path = "store__brand"
    list_display = ("store", "salesperson", "visited_at", "distance_m")
    list_select_related = ("store", "salesperson")
    date_hierarchy = "visited_at"
