"""Payouts for people to look at. Nothing here changes a state: only the provider's answers do that."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core import clock
from core.sealing import masked, seal
from rewards.admin.payout_words import why_look
from rewards.models import Payout, PayoutStep
from rewards.payout_moves import Cause
from rewards.selectors.overdue import worth_a_look
from rewards.services.payouts import ask_now
from rewards.services.withdrawing import withdraw
from stores.admin.confirmed import actor_of
from stores.admin.scoped import BrandScopedAdmin, BrandScopedTabular
from stores.admin.written import ReadOnly


class WorthALook(admin.SimpleListFilter):
    """Failed payouts, and those that take too long."""

    title = _("worth a look")
    parameter_name = "look"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("yes", _("failed, or late"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Payout]) -> QuerySet[Payout]:  # noqa: ARG002
        return queryset.filter(worth_a_look(clock.now())) if self.value() else queryset


CAUSES: dict[str, Any] = {
    Cause.GRANT: _("promised"),
    Cause.NEW_BILL: _("a new bill after a failed one"),
    Cause.CLAIM: _("taken up by a worker"),
    Cause.PUT_BACK: _("put back: no time to call"),
    Cause.NOT_NOW: _("not taken now by the provider"),
    Cause.CEILING: _("the payee's day is full"),
    Cause.LEASE_LOST: _("the worker did not come back"),
    Cause.ANSWER: _("the provider's answer"),
    Cause.NOT_FOUND: _("unknown to the provider"),
}


def state_in_words(state: str) -> str:
    """A payout's state; of the one before the first, a dash."""
    return str(Payout.State(state).label) if state in Payout.State.values else "—"


class StepInline(ReadOnly, BrandScopedTabular):
    """The payout's history, oldest first."""

    model = PayoutStep
    fields = ("happened_at", "before", "after", "why")
    readonly_fields = fields
    ordering = ("pk",)
    extra = 0

    @admin.display(description=_("from state"))
    def before(self, step: PayoutStep) -> str:
        return state_in_words(step.from_state)

    @admin.display(description=_("to state"))
    def after(self, step: PayoutStep) -> str:
        return state_in_words(step.to_state)

    @admin.display(description=_("cause"))
    def why(self, step: PayoutStep) -> str:
        """What brought the payout on; behind it the provider's code, where it gave one."""
        cause, _colon, fault = step.cause.partition(":")
        return " · ".join(filter(None, [str(CAUSES.get(cause, cause)), fault]))


@admin.register(Payout)
class PayoutAdmin(ReadOnly, BrandScopedAdmin):
    list_display = ("bill_no", "state", "yuan", "payee", "fault", "why", "created_at")
    exclude = ("payee_account", "package_info")
    readonly_fields = ("payee", "why")
    list_filter = (WorthALook, "state", "provider")
    search_fields = ("bill_no__exact",)
    search_help_text = _("Bill number or account at the provider, in full")
    ordering = ("-id",)
    show_full_result_count = False
    list_per_page = 50
    inlines = (StepInline,)
    actions = ("ask_the_provider_now", "withdraw_unconfirmed")

    @admin.display(description=_("payee's account"))
    def payee(self, payout: Payout) -> str:
        """Its ends."""
        return masked(payout.payee_account)

    @admin.display(description=_("what is the matter"))
    def why(self, payout: Payout) -> str:
        """Why somebody should look, and what is safe to do."""
        return why_look(payout)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Payout], search_term: str
    ) -> tuple[QuerySet[Payout], bool]:
        """By bill number, or by the account in full: the database knows it sealed, or as it is."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if term := search_term.strip():
            found |= queryset.filter(payee_account__in=[term, seal(term)])
        return found, duplicates

    @admin.display(description=_("amount (yuan)"), ordering="amount_fen")
    def yuan(self, payout: Payout) -> str:
        """The amount with two decimals."""
        return f"{payout.amount_fen // 100}.{payout.amount_fen % 100:02}"

    @admin.action(description=_("Ask the provider now"), permissions=["view"])
    def ask_the_provider_now(self, request: HttpRequest, chosen: QuerySet[Payout]) -> None:
        """Bring the next call forward; final payouts, and those being sent right now, are left alone."""
        count = ask_now(payout_ids=list(chosen.values_list("pk", flat=True)), now=clock.now())
        text = ngettext("%(count)d payout will be asked about.", "%(count)d payouts will be asked about.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS if count else messages.WARNING)

    @admin.action(description=_("Withdraw what the payee has not confirmed"), permissions=["change_of_payouts"])
    def withdraw_unconfirmed(self, request: HttpRequest, chosen: QuerySet[Payout]) -> None:
        """Have the provider let go of waiting bills; what it then says of them is what counts."""
        ids = list(chosen.values_list("pk", flat=True))
        count = withdraw(payout_ids=ids, now=clock.now(), actor=actor_of(request))
        text = ngettext("%(count)d bill is to be withdrawn.", "%(count)d bills are to be withdrawn.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS if count else messages.WARNING)

    def has_change_of_payouts_permission(self, request: HttpRequest) -> bool:
        """Nobody edits a payout; finance may have one withdrawn."""
        return bool(request.user.has_perm("rewards.change_payout"))
