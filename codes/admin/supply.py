"""Packings and movements in the admin: to be read, never written by hand; packed by lists, and emptied."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from codes.admin.packing_lists import packing_list_page
from codes.admin.trace import trace_page
from codes.models import Movement, MovementException, MovementLine, Packing
from codes.services.unpacking import unpack
from core import clock
from stores.admin.confirmed import Question, actor_of, ask
from stores.admin.scoped import BrandScopedAdmin, BrandScopedTabular
from stores.admin.written import ReadOnly


@admin.register(Packing)
class PackingAdmin(ReadOnly, BrandScopedAdmin):
    ordering = ("-pk",)
    list_display = ("parent_serial", "children", "packed_at", "packed_by", "unpacked_at", "unpacked_by")
    list_filter = (("unpacked_at", admin.EmptyFieldListFilter),)
    search_fields = ("=parent_serial",)
    show_full_result_count = False
    actions: ClassVar = ["empty"]
    actions_list: ClassVar = ["to_lists"]

    def get_urls(self) -> Any:
        """With the page for lists."""
        view = self.admin_site.admin_view(self.by_list)
        return [path("by-list/", view, name="codes_packing_by_list"), *super().get_urls()]

    def by_list(self, request: HttpRequest) -> HttpResponse:
        """Packing by a camera's list."""
        return packing_list_page(self, request)

    @action(description=_("Pack by a list"), url_path="to-lists", permissions=["by_list"])  # type: ignore[untyped-decorator]
    def to_lists(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002 - the theme's signature
        return redirect("admin:codes_packing_by_list")

    def has_by_list_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("codes.add_packing")

    def has_empty_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("codes.change_packing")

    @admin.action(description=_("Empty the case or pallet"), permissions=["empty"])
    def empty(self, request: HttpRequest, queryset: QuerySet[Packing]) -> HttpResponse | None:
        def work(packing: Packing, _answers: dict[str, Any]) -> None:
            unpack(brand=packing.brand, parents=[packing.parent_serial], actor=actor_of(request), now=clock.now())

        rows = queryset.select_related("brand").order_by("parent_serial", "pk").distinct("parent_serial")
        return ask(self, request, rows, Question("empty", _g("Empty the case or pallet"), work))


class LinesInline(ReadOnly, BrandScopedTabular):
    model = MovementLine


class ExceptionsInline(ReadOnly, BrandScopedTabular):
    model = MovementException
    exclude = ("brand",)
    show_change_link = True


@admin.register(Movement)
class MovementAdmin(ReadOnly, BrandScopedAdmin):
    ordering = ("-pk",)
    list_display = ("id", "kind", "store", "dealer", "reference", "flag", "happened_at", "recorded_by")
    list_filter = ("kind", "flag")
    list_select_related = ("store", "dealer")
    search_fields = ("reference",)
    show_full_result_count = False
    inlines = (LinesInline, ExceptionsInline)
    actions_list: ClassVar = ["to_trace"]
    actions_detail: ClassVar = ["to_places"]
    actions_row: ClassVar = ["to_places"]

    def get_urls(self) -> Any:
        """With the trace of one unit."""
        view = self.admin_site.admin_view(self.trace)
        return [path("trace/", view, name="codes_movement_trace"), *super().get_urls()]

    def trace(self, request: HttpRequest) -> HttpResponse:
        """Where a unit was, and what travelled with it."""
        return trace_page(self, request)

    @action(description=_("Trace a unit"), url_path="to-trace")  # type: ignore[untyped-decorator]
    def to_trace(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002 - the theme's signature
        return redirect("admin:codes_movement_trace")

    @action(description=_("Seen where"), url_path="places", permissions=["to_places"])  # type: ignore[untyped-decorator]
    def to_places(self, request: HttpRequest, object_id: Any) -> HttpResponse:  # noqa: ARG002 - the theme's signature
        return redirect("admin:codes_shipment_places", object_id)

    def has_to_places_permission(self, request: HttpRequest, object_id: Any = None) -> bool:  # noqa: ARG002
        return request.user.has_perm("codes.view_marketcase")
