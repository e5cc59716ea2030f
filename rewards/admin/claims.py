"""Claims and grants, to be looked up."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from rewards.admin.reading import ReadOnlyAdmin, in_yuan
from rewards.models import Claim, Grant, Payout


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    list_display = ("item", "claimed_at", "state", "reason", "campaign", "prize")
    list_filter = ("brand", "state", "reason", "campaign")
    list_select_related = ("campaign", "prize")
    search_fields = ("=opening__serial", "=consumer__c_code")
    search_help_text = _("Serial of the item, or member code.")
    date_hierarchy = "claimed_at"
    ordering = ("-claimed_at",)
    fields = ("brand", "opening", "campaign", "prize", "state", "reason", "claimed_at")

    @admin.display(description=_("serial"), ordering="opening_id")
    def item(self, claim: Claim) -> int:
        """The item's serial: an opening is named after it."""
        return claim.opening_id


@admin.register(Grant)
class GrantAdmin(ReadOnlyAdmin):
    list_display = ("id", "promised_at", "payee", "store", "amount", "state", "reason", "newest_payout")
    list_filter = ("brand", "payee", "state", "campaign")
    list_select_related = ("store",)
    search_fields = ("=id", "=claim__opening__serial", "=consumer__c_code", "=store__number", "store__name")
    search_help_text = _("Envelope, serial of the item, member code, number or name of the store.")
    date_hierarchy = "promised_at"
    ordering = ("-id",)
    fields = (
        "id",
        "brand",
        "campaign",
        "claim",
        "payee",
        "store",
        "store_owner",
        "salesperson",
        "day",
        "amount",
        "state",
        "reason",
        "newest_payout",
        "promised_at",
        "settled_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        newest = Payout.objects.filter(grant=OuterRef("pk")).order_by("-created_at").values("state")[:1]
        grants = super().get_queryset(request)
        shown: QuerySet[Any] = grants.annotate(payout_state=Subquery(newest))
        return shown

    @admin.display(description=_("amount"), ordering="amount_fen")
    def amount(self, grant: Grant) -> str:
        return in_yuan(grant.amount_fen)

    @admin.display(description=_("payout"))
    def newest_payout(self, grant: Any) -> str:
        return str(Payout.State(grant.payout_state).label) if grant.payout_state else "—"
