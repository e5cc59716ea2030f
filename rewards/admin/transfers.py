"""Transfers between brand and budgets: what waits for a second person, and what became of the others."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from rewards.admin.reading import ReadOnlyAdmin, in_yuan
from rewards.models import Transfer
from rewards.services.transfers import approve_transfer, refuse_transfer, withdraw_transfer
from stores.admin.confirmed import Question, ask, signed

Decide = Callable[..., Transfer]


class RemarkForm(forms.Form):
    """Why not."""

    remark = forms.CharField(label=_("Remark"), max_length=200, widget=UnfoldAdminTextInputWidget())


class Waiting(admin.SimpleListFilter):
    """What is to be decided comes first of all; the rest is asked for."""

    title = _("what is to be done")
    parameter_name = "work"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("waiting", _("waits for a second person")), ("decided", _("decided"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Transfer]) -> QuerySet[Transfer]:  # noqa: ARG002
        waiting = {"state": Transfer.State.ASKED}
        match self.value():
            case "waiting":
                return queryset.filter(**waiting)
            case "decided":
                return queryset.exclude(**waiting)
            case _:
                return queryset


@admin.register(Transfer)
class TransferAdmin(ReadOnlyAdmin):
    list_display = ("id", "asked_at", "campaign", "direction", "amount", "state", "asked_by", "decided_by")
    list_filter = ("brand", Waiting, "direction", "campaign")
    list_select_related = ("campaign",)
    search_fields = ("=id", "reference", "=asked_by", "=decided_by", "campaign__name")
    search_help_text = _("Number, reference, campaign, or who asked or decided.")
    date_hierarchy = "asked_at"
    ordering = ("-id",)
    actions: ClassVar = ["approve", "refuse", "withdraw"]
    fields = (
        "brand",
        "campaign",
        "direction",
        "amount",
        "reference",
        "state",
        "asked_by",
        "asked_at",
        "decided_by",
        "decided_at",
        "remark",
        "posting",
    )

    @admin.display(description=_("amount"), ordering="amount_fen")
    def amount(self, transfer: Transfer) -> str:
        return in_yuan(transfer.amount_fen)

    def has_ask_permission(self, request: HttpRequest) -> bool:
        """Who may ask, and withdraw what they asked for."""
        return request.user.has_perm("rewards.add_transfer")

    def has_approve_permission(self, request: HttpRequest) -> bool:
        """Who may decide what others asked for."""
        return request.user.has_perm("rewards.approve_transfer")

    @admin.action(description=_("Approve and post"), permissions=["approve"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Transfer]) -> HttpResponse | None:
        question = Question("approve", str(_("Approve and post")), self.work(request, approve_transfer))
        return self.decided(request, queryset, question)

    @admin.action(description=_("Refuse"), permissions=["approve"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[Transfer]) -> HttpResponse | None:
        question = Question("refuse", str(_("Refuse")), self.work(request, refuse_transfer), RemarkForm)
        return self.decided(request, queryset, question)

    @admin.action(description=_("Withdraw"), permissions=["ask"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Transfer]) -> HttpResponse | None:
        question = Question("withdraw", str(_("Withdraw")), self.work(request, withdraw_transfer))
        return self.decided(request, queryset, question)

    def decided(self, request: HttpRequest, chosen: QuerySet[Transfer], question: Question) -> HttpResponse | None:
        """Ask first; each is done by itself."""
        return ask(self, request, chosen.select_related("brand", "campaign").order_by("pk"), question)

    @staticmethod
    def work(request: HttpRequest, service: Decide) -> Callable[[Transfer, dict[str, Any]], object]:
        """The service's call for one row."""

        def decide(transfer: Transfer, answers: dict[str, Any]) -> Transfer:
            return service(transfer_id=transfer.pk, brand=transfer.brand, **answers, **signed(request))

        return decide
