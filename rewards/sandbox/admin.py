"""The wallet's back office, for the platform's own people: tell it how to behave, look at its bills."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from rewards.sandbox.models import Bill, Instruction
from stores.admin.keys import SoundKeys
from stores.admin.platform import ForThePlatform
from stores.admin.written import ReadOnly


@admin.register(Instruction)
class InstructionAdmin(ForThePlatform, SoundKeys, ModelAdmin):  # type: ignore[misc] # the theme has no types
    list_display = ("account", "behaviour", "delay_ms")
    list_filter = ("behaviour",)
    search_fields = ("account",)


@admin.register(Bill)
class BillAdmin(ForThePlatform, ReadOnly, SoundKeys, ModelAdmin):  # type: ignore[misc] # the theme has no types
    """The wallet's book: to be read only."""

    list_display = ("bill_no", "account", "amount_fen", "state", "fault", "received_at", "due_at", "finished_at")
    list_filter = ("state",)
    search_fields = ("bill_no__exact", "account__exact")
    ordering = ("-id",)
    show_full_result_count = False
