"""EPCIS in the admin, to be read alone: jobs with their faults, events, what they did, queries, subscriptions."""

from typing import Any, ClassVar

import orjson
from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from codes.models import CaptureJob, EpcisEffect, EpcisEvent, NamedQuery, Subscription
from stores.admin.scoped import BrandScopedAdmin, BrandScopedTabular
from stores.admin.written import ReadOnly


def readable(value: Any) -> str:
    """JSON for people, as it is indented."""
    text = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    return format_html('<pre class="whitespace-pre-wrap break-all">{}</pre>', text)


@admin.register(CaptureJob)
class CaptureJobAdmin(ReadOnly, BrandScopedAdmin):
    ordering = ("-id",)
    list_display = (
        "created_at",
        "brand",
        "state",
        "behaviour",
        "events",
        "captured",
        "repeated",
        "faulty",
        "captured_by",
    )
    list_filter = ("state", "behaviour")
    list_select_related = ("brand",)
    search_fields = ("=id",)
    fields = (
        *("id", "brand", "state", "behaviour", "is_xml", "size_bytes", "events", "seen", "captured", "repeated"),
        *("faulty", "faults", "attempts", "captured_by", "created_at", "finished_at"),
    )
    readonly_fields = ("faults",)

    @admin.display(description=_("faults"), empty_value="–")
    def faults(self, job: CaptureJob) -> str:
        """Place and message of each."""
        rows = ((error["place"] or "/", error["message"]) for error in job.errors)
        return format_html_join("", "<div><code>{}</code> {}</div>", rows)


@admin.register(EpcisEvent)
class EpcisEventAdmin(ReadOnly, BrandScopedAdmin):
    ordering = ("-pk",)
    list_display = ("event_at", "brand", "type", "action", "biz_step", "disposition", "read_point", "captured_by")
    list_select_related = ("brand",)
    search_fields = ("=event_id",)
    show_full_result_count = False
    fields = (
        *("event_id", "brand", "job", "type", "action", "biz_step", "disposition", "read_point", "biz_location"),
        *("event_at", "recorded_at", "captured_by", "told"),
    )
    readonly_fields = ("told",)

    @admin.display(description=_("as it came"))
    def told(self, event: EpcisEvent) -> str:
        return readable(orjson.loads(event.document))


@admin.register(EpcisEffect)
class EpcisEffectAdmin(ReadOnly, BrandScopedAdmin):
    ordering = ("-pk",)
    list_display = ("event", "state", "code", "detail", "movement", "decided_at")
    list_filter = ("state", "code")
    list_select_related = ("event", "movement")
    show_full_result_count = False


class SubscriptionsInline(ReadOnly, BrandScopedTabular):
    model = Subscription
    fields = ("dest", "is_stream", "schedule", "state", "last_notified_at")


@admin.register(NamedQuery)
class NamedQueryAdmin(ReadOnly, BrandScopedAdmin):
    ordering = ("name",)
    list_display = ("name", "brand", "created_by", "created_at")
    list_select_related = ("brand",)
    search_fields = ("name",)
    fields = ("name", "brand", "definition", "created_by", "created_at")
    readonly_fields = ("definition",)
    inlines = (SubscriptionsInline,)

    @admin.display(description=_("what it asks for"))
    def definition(self, query: NamedQuery) -> str:
        return readable(query.query)


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnly, BrandScopedAdmin):
    ordering = ("-pk",)
    list_display = ("query", "dest", "is_stream", "state", "attempts", "fault", "last_notified_at", "next_at")
    list_filter = ("state", "is_stream")
    list_select_related = ("query",)
    fields: ClassVar = [
        *("query", "dest", "is_stream", "schedule", "report_if_empty", "epc_format", "initial_record_time", "state"),
        *("attempts", "fault", "created_by", "created_at", "last_notified_at", "executed_at", "next_at"),
    ]
