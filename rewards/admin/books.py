"""Accounts with their balances, and postings."""

from typing import Any

from django.contrib import admin
from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path
from django.utils.translation import gettext_lazy as _

from rewards.admin.reading import ReadOnlyAdmin, in_yuan
from rewards.admin.statements import statement_file, statement_page
from rewards.admin.trial import trial_page
from rewards.models import Account, Posting


def posted(side: str) -> Coalesce:
    """The sum of postings on one side of an account, as a subquery: one query for the whole list."""
    postings = Posting.objects.filter(**{side: OuterRef("pk")}).order_by().values(side)
    total = Subquery(postings.annotate(total=Sum("amount_fen")).values("total"), output_field=BigIntegerField())
    return Coalesce(total, 0)


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    list_display = ("campaign", "kind", "balance", "brand")
    list_filter = ("brand", "kind")
    list_select_related = ("campaign", "brand")
    search_fields = ("campaign__name",)
    ordering = ("id",)
    fields = ("brand", "campaign", "kind", "balance")

    def get_urls(self) -> Any:
        """With the statements and the trial balance."""
        views = {"statement": self.statement, "statement_file": self.statement_file, "trial": self.trial}
        wrapped = [
            path(f"{name.replace('_', '-')}/", self.admin_site.admin_view(view), name=f"rewards_account_{name}")
            for name, view in views.items()
        ]
        return [*wrapped, *super().get_urls()]

    def statement(self, request: HttpRequest) -> HttpResponse:
        return statement_page(self, request)

    def statement_file(self, request: HttpRequest) -> HttpResponseBase:
        return statement_file(request)

    def trial(self, request: HttpRequest) -> HttpResponse:
        return trial_page(self, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        accounts = super().get_queryset(request)
        shown: QuerySet[Any] = accounts.annotate(balance_fen=posted("to_account") - posted("from_account"))
        return shown

    @admin.display(description=_("balance"), ordering="balance_fen")
    def balance(self, account: Any) -> str:
        return in_yuan(account.balance_fen)


@admin.register(Posting)
class PostingAdmin(ReadOnlyAdmin):
    list_display = ("id", "day", "posted_at", "reason", "from_account", "to_account", "amount", "posted_by")
    list_filter = ("brand", "reason")
    list_select_related = ("from_account", "to_account")
    search_fields = ("=id", "=grant__id", "=payout__bill_no", "=posted_by")
    search_help_text = _("Number of the posting, grant, bill number or who posted.")
    date_hierarchy = "posted_at"
    ordering = ("-id",)
    fields = (
        "brand",
        "reason",
        "from_account",
        "to_account",
        "amount",
        "grant",
        "payout",
        "reverses",
        "posted_by",
        "posted_at",
        "day",
    )

    @admin.display(description=_("amount"), ordering="amount_fen")
    def amount(self, posting: Posting) -> str:
        return in_yuan(posting.amount_fen)
