"""Claims and grants, to be looked up."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from rewards.admin.reading import ReadOnlyAdmin, in_yuan
from rewards.models import Claim, Grant, Payout
from rewards.selectors.precedence import Candidate, Standing, candidates

STANDINGS = {
    Standing.RUNS: _("it ran for this opening"),
    Standing.BEHIND: _("another with a higher priority, or published sooner, ran"),
    Standing.COMING: _("it had not begun"),
    Standing.OVER: _("it was over"),
}
PLACES = {
    "region": _("the store lies in none of its regions"),
    "dealer": _("the store belongs to none of its dealers"),
    "store": _("the store is none of its stores"),
}


def in_words(found: Candidate) -> str:
    """How a campaign stood, for staff."""
    if found.standing is Standing.ELSEWHERE:
        return "; ".join(str(PLACES[kind]) for kind in found.unmet)
    return str(STANDINGS[found.standing])


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    list_display = ("item", "claimed_at", "state", "reason", "campaign", "prize")
    list_filter = ("brand", "state", "reason", "campaign")
    list_select_related = ("campaign", "prize")
    search_fields = ("=opening__serial", "=consumer__c_code")
    search_help_text = _("Serial of the item, or member code.")
    date_hierarchy = "claimed_at"
    ordering = ("-claimed_at",)
    fields = ("brand", "opening", "campaign", "prize", "state", "reason", "claimed_at", "why")

    @admin.display(description=_("why this campaign"))
    def why(self, claim: Claim) -> str:
        """Each campaign that has the item, the first to go before first, and how it stood when it was claimed."""
        rows = [(one.name, one.priority, in_words(one)) for one in candidates(claim.opening_id, at=claim.claimed_at)]
        if not rows:
            return str(_("No campaign has this item."))
        return format_html("<ol>{}</ol>", format_html_join("", "<li>{} ({}): {}</li>", rows))

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
