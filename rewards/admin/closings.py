"""Closed days, and closing the next one by hand."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from core.errors import Problem
from rewards.admin.brand_books import brand_of
from rewards.admin.reading import ReadOnlyAdmin, in_yuan
from rewards.admin.trial import EARLIEST, day_of
from rewards.models import Closing
from rewards.services.closing import close_day
from stores.admin.confirmed import signed, words_of


@admin.register(Closing)
class ClosingAdmin(ReadOnlyAdmin):
    list_display = ("day", "postings", "turnover", "short_hash", "closed_by", "closed_at", "brand")
    list_filter = ("brand",)
    list_select_related = ("brand",)
    search_fields = ("=hash",)
    search_help_text = _("Hash, in full.")
    date_hierarchy = "day"
    ordering = ("-day", "-id")
    fields = (
        "brand",
        "day",
        "postings",
        "turnover",
        "balances",
        "digest",
        "previous_hash",
        "hash",
        "closed_by",
        "closed_at",
    )

    def get_urls(self) -> Any:
        """With the address that closes a day."""
        view = self.admin_site.admin_view(require_POST(self.close))
        return [path("close/", view, name="rewards_closing_close"), *super().get_urls()]

    def close(self, request: HttpRequest) -> HttpResponse:
        """Close the day that was posted, and go back to its trial balance."""
        brand = brand_of(request, "rewards.add_closing")
        day = day_of(request.POST.get("day", ""), EARLIEST)
        try:
            close_day(brand=brand, day=day, **signed(request))
        except Problem as problem:
            messages.error(request, words_of(problem))
        else:
            messages.success(request, _("%(day)s is closed.") % {"day": day})
        return redirect(f"{reverse('admin:rewards_account_trial')}?brand={brand.slug}&day={day}")

    @admin.display(description=_("turnover"), ordering="turnover_fen")
    def turnover(self, closing: Closing) -> str:
        return in_yuan(closing.turnover_fen)

    @admin.display(description=_("hash"))
    def short_hash(self, closing: Closing) -> str:
        return f"{closing.hash[:12]}…"
