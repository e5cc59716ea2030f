"""Scans, openings and bindings with their evidence: to be looked up, never written by hand. Consumers stay masked."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from codes.admin.role_words import words_of
from codes.models import Binding, Evidence, Opening, Scan
from consumers.models import Consumer
from stores.admin.scoped import BrandScopedAdmin, BrandScopedTabular
from stores.admin.written import ReadOnly


def masked(consumer: Consumer | None) -> str:
    """Enough of the member code to tell two people apart, and no name."""
    return f"{consumer.c_code[:4]}…{consumer.c_code[-2:]}" if consumer else "—"


class OfAConsumer(ReadOnly, BrandScopedAdmin):
    """A history row of a consumer, newest first by its key."""

    show_full_result_count = False

    @admin.display(description=_("member code"))
    def member(self, row: Scan | Opening | Binding) -> str:
        return masked(row.consumer)


@admin.register(Scan)
class ScanAdmin(OfAConsumer):
    list_display = ("scanned_at", "masked_code", "serial", "verdict", "member", "region_code", "via")
    list_filter = ("verdict",)
    list_select_related = ("consumer",)
    search_fields = ("=serial", "=consumer__c_code", "=store__number")
    search_help_text = _("Serial of the item, member code, or number of the store whose sign was scanned.")
    ordering = ("-id",)
    fields = (
        "id",
        "brand",
        "masked_code",
        "serial",
        "mark",
        "store",
        "verdict",
        "member",
        "region_code",
        "latitude",
        "longitude",
        "accuracy_m",
        "via",
        "scanned_at",
    )

    @admin.display(description=_("role"))
    def mark(self, scan: Scan) -> str:
        """Which mark of the unit was scanned."""
        return words_of(scan.role) if scan.role is not None else "—"


@admin.register(Opening)
class OpeningAdmin(OfAConsumer):
    list_display = ("serial", "opened_at", "day", "order", "member")
    list_select_related = ("consumer", "order")
    search_fields = ("=serial", "=consumer__c_code")
    search_help_text = _("Serial of the item, or member code.")
    ordering = ("-scan_id",)
    fields = ("serial", "brand", "order", "scan", "member", "opened_at", "day")


class EvidenceInline(ReadOnly, BrandScopedTabular):
    model = Evidence
    fields = ("road", "store", "weight", "facts")


@admin.register(Binding)
class BindingAdmin(OfAConsumer):
    list_display = ("item", "bound_at", "store", "member", "certainty")
    list_select_related = ("consumer", "store")
    search_fields = ("=opening__serial", "=consumer__c_code", "=store__number", "store__name")
    search_help_text = _("Serial of the item, member code, number or name of the store.")
    ordering = ("-opening__scan_id",)
    fields = ("opening", "brand", "store", "member", "certainty", "day", "bound_at")
    inlines = (EvidenceInline,)

    @admin.display(description=_("serial"), ordering="opening_id")
    def item(self, binding: Binding) -> int:
        """The item's serial: an opening is named after it."""
        return binding.opening_id

    @admin.display(description=_("confidence"))
    def certainty(self, binding: Binding) -> str:
        return f"{binding.confidence:.0%}"
