"""The wallet's back office, for the platform's own people: tell it how to behave, look at its bills."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from rewards.sandbox.models import Bill, Instruction
from stores.admin.scoped import sees_all_brands


class ForThePlatform(ModelAdmin):  # type: ignore[misc] # the theme has no types
    """The wallet serves all brands, so nobody of one brand may look into it."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return sees_all_brands(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        return sees_all_brands(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return sees_all_brands(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return sees_all_brands(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return sees_all_brands(request.user)


@admin.register(Instruction)
class InstructionAdmin(ForThePlatform):
    list_display = ("account", "behaviour", "delay_ms")
    list_filter = ("behaviour",)
    search_fields = ("account",)


@admin.register(Bill)
class BillAdmin(ForThePlatform):
    """The wallet's book: to be read only."""

    list_display = ("bill_no", "account", "amount_fen", "state", "fault", "received_at", "due_at", "finished_at")
    list_filter = ("state",)
    search_fields = ("bill_no__exact", "account__exact")
    ordering = ("-id",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False
