"""Brands, regions, dealers, stores and visits in the admin."""

from typing import Any, ClassVar

import qrcode
import qrcode.image.svg
from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from import_export.admin import ImportExportModelAdmin
from unfold.admin import ModelAdmin
from unfold.contrib.import_export.forms import ExportForm, ImportForm

from stores.admin.confirmed import Question, ask, signed
from stores.admin.scoped import BrandScopedAdmin, OneBrandForm
from stores.admin.store_import import StoreResource
from stores.admin.written import ReadOnly, WrittenByServices, adopt
from stores.models import Brand, Dealer, Region, Store, Visit
from stores.models.brand import PublicStep
from stores.selectors.rights import sees_all_brands
from stores.services import brands, dealers, stores


@admin.register(Region)
class RegionAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]
    ordering = ("code",)
    list_display = ("code", "name", "level", "parent")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = ("code", "name")


class BrandForm(OneBrandForm):
    public_steps = forms.MultipleChoiceField(
        label=_("What the public page shows"),
        choices=PublicStep.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What anybody who scans a code is told of the unit's way. Never which store or dealer had it."),
    )

    class Meta:
        model = Brand
        fields = ("slug", "name", "name_en", "timezone", "public_steps", "is_active")


@admin.register(Brand)
class BrandAdmin(WrittenByServices, BrandScopedAdmin):
    """People of a brand see their own brand; only the platform takes one in or changes it."""

    brand_path = "pk"
    list_display = ("slug", "name", "timezone", "is_active")
    search_fields = ("slug", "name", "name_en")
    form = BrandForm
    fields = ("slug", "name", "name_en", "timezone", "public_steps", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        """A brand keeps its slug: addresses and the audit trail name it so."""
        return ("slug",) if obj is not None else ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return sees_all_brands(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return sees_all_brands(request.user)

    def save_model(self, request: HttpRequest, obj: Brand, form: Any, change: bool) -> None:  # noqa: ARG002
        details = brands.details_of(obj)
        if change:
            adopt(obj, brands.change_brand(brand_id=obj.pk, details=details, **signed(request)))
        else:
            adopt(obj, brands.open_brand(slug=obj.slug, details=details, **signed(request)))


@admin.register(Dealer)
class DealerAdmin(WrittenByServices, BrandScopedAdmin):
    fields_of_service: ClassVar = {"region_codes": "regions"}
    ordering = ("number",)
    list_display = ("number", "name", "phone", "is_active")
    list_filter = ("is_active",)
    search_fields = ("number", "name")
    autocomplete_fields: ClassVar = ["regions"]
    fields = ("brand", "number", "name", "phone", "regions", "is_active")
    readonly_fields = ("is_active",)
    actions: ClassVar = ["end", "resume"]

    def save_model(self, request: HttpRequest, obj: Dealer, form: Any, change: bool) -> None:
        codes = tuple(region.code for region in form.cleaned_data["regions"])
        details = dealers.DealerDetails(obj.number, obj.name, obj.phone, codes)
        if change:
            adopt(obj, dealers.change_dealer(brand=obj.brand, dealer_id=obj.pk, details=details, **signed(request)))
        else:
            adopt(obj, dealers.register_dealer(brand=obj.brand, details=details, **signed(request)))

    @admin.action(description=_("End the trade with these dealers"), permissions=["change"])
    def end(self, request: HttpRequest, queryset: QuerySet[Dealer]) -> HttpResponse | None:
        return self.asked(request, queryset, "end", dealers.end_dealer)

    @admin.action(description=_("Trade with these dealers again"), permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Dealer]) -> HttpResponse | None:
        return self.asked(request, queryset, "resume", dealers.resume_dealer)

    def asked(self, request: HttpRequest, rows: QuerySet[Dealer], action: str, service: Any) -> HttpResponse | None:
        """Ask, then call the service for each."""

        def work(dealer: Dealer, _answers: dict[str, Any]) -> None:
            service(brand=dealer.brand, dealer_id=dealer.pk, **signed(request))

        title = str(self.get_action(action)[2])
        return ask(self, request, rows.select_related("brand"), Question(action, title, work))


class StoreForm(OneBrandForm):
    """The region may be left to the place."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "region" in self.fields:
            self.fields["region"].required = False
            self.fields["region"].help_text = _("Leave it empty to have it found by latitude and longitude.")


@admin.register(Store)
class StoreAdmin(WrittenByServices, BrandScopedAdmin, ImportExportModelAdmin):  # type: ignore[misc]
    """Stores, with bulk import from a table and the B-code to be printed."""

    form = StoreForm
    fields_of_service: ClassVar = {"region_code": "region"}
    resource_classes: ClassVar = [StoreResource]
    import_form_class = ImportForm
    export_form_class = ExportForm
    ordering = ("number",)
    list_display = ("number", "name", "kind", "region", "salesperson", "dealer", "is_active")
    list_filter = ("kind", "is_active", "dealer", "salesperson")
    list_select_related = ("region", "salesperson", "dealer")
    search_fields = ("number", "name", "b_code", "address")
    autocomplete_fields: ClassVar = ["region", "owner", "dealer", "salesperson"]
    fields = (
        *("brand", "number", "name", "kind", "address", "latitude", "longitude", "region"),
        *("owner", "dealer", "salesperson", "is_active", "created_at", "b_code", "b_code_qr"),
    )
    readonly_fields = ("b_code", "b_code_qr", "created_at", "is_active")
    actions: ClassVar = ["close", "reopen"]

    @admin.display(description=_("B-code to print"))
    def b_code_qr(self, store: Store) -> SafeString:
        """The B-code as a QR code, SVG, prints at any size."""
        if not store.b_code:
            return SafeString("")
        drawing = qrcode.make(store.b_code, image_factory=qrcode.image.svg.SvgPathImage, box_size=20)
        return SafeString(drawing.to_string(encoding="unicode"))

    def save_model(self, request: HttpRequest, obj: Store, form: Any, change: bool) -> None:  # noqa: ARG002
        details = stores.details_of(obj)
        if change:
            adopt(obj, stores.change_store(brand=obj.brand, store_id=obj.pk, details=details, **signed(request)))
        else:
            adopt(obj, stores.open_store(brand=obj.brand, details=details, **signed(request)))

    @admin.action(description=_("Close these stores"), permissions=["change"])
    def close(self, request: HttpRequest, queryset: QuerySet[Store]) -> HttpResponse | None:
        return self.asked(request, queryset, "close", stores.close_store)

    @admin.action(description=_("Reopen these stores"), permissions=["change"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[Store]) -> HttpResponse | None:
        return self.asked(request, queryset, "reopen", stores.reopen_store)

    def asked(self, request: HttpRequest, rows: QuerySet[Store], action: str, service: Any) -> HttpResponse | None:
        """Ask, then call the service for each."""

        def work(store: Store, _answers: dict[str, Any]) -> None:
            service(brand=store.brand, store_id=store.pk, **signed(request))

        title = str(self.get_action(action)[2])
        return ask(self, request, rows.select_related("brand"), Question(action, title, work))

    def has_import_permission(self, request: HttpRequest) -> bool:
        """A table is written into the importer's own brand, so there must be one."""
        user: Any = request.user
        may_write = self.has_add_permission(request) and self.has_change_permission(request)
        return bool(user.brand_id is not None and may_write)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_view_permission(request))

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
