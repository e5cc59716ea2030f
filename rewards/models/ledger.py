"""Double entry: each posting moves a positive amount from one account to another. Nothing is ever edited."""

from typing import ClassVar

from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.expressions import Combinable
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from core.models import APPEND_ONLY
from rewards.models.closing import DATED_IN_AN_OPEN_DAY

ACCOUNTS_APART = 8
"""Ids of one campaign's accounts lie in one block of eight, so that no posting has to look an account up."""


class AccountKind(models.TextChoices):
    SOURCE = "source", _("paid in by the brand")
    BUDGET = "budget", _("free budget")
    RESERVED = "reserved", _("reserved for promises")
    PAYABLE = "payable", _("on its way to payees")
    PAID = "paid", _("paid out")
    RETURNED = "returned", _("returned to the brand")

    @property
    def number(self) -> int:
        """Place in the campaign's block of ids."""
        return PLACES[self]


PLACES = {kind: place for place, kind in enumerate(AccountKind)}


class Account(models.Model):
    """A place where a campaign's money stands. Its balance is the sum of postings to it less those from it."""

    Kind: ClassVar[type[AccountKind]] = AccountKind

    id = models.BigIntegerField(primary_key=True, help_text=_("Campaign × 8 + the number of the kind."))
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="accounts")
    campaign = models.ForeignKey("rewards.Campaign", on_delete=models.PROTECT, related_name="accounts", db_index=False)
    kind = models.CharField(max_length=8, choices=AccountKind)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "kind"], name="account_once"),
            models.CheckConstraint(
                condition=Q(
                    *(
                        Q(kind=kind, id=F("campaign") * ACCOUNTS_APART + number)
                        for number, kind in enumerate(AccountKind)
                    ),
                    _connector=Q.OR,
                ),
                name="account_id_names_it",
            ),
        ]
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.campaign_id}"

    @staticmethod
    def id_of(campaign_id: int, kind: AccountKind) -> int:
        """The id of a campaign's account."""
        return campaign_id * ACCOUNTS_APART + kind.number


class Reason(models.TextChoices):
    """Why money moved. Each reason goes one way only (`ROUTES`), but for a correction, which goes back any way."""

    FUND = "fund", _("funding")
    PROMISE = "promise", _("promise")
    SEND = "send", _("payout created")
    PAY = "pay", _("paid")
    FAIL = "fail", _("payout failed")
    RELEASE = "release", _("promise released")
    REFUND = "refund", _("returned to the brand")
    CORRECT = "correct", _("correction of a mistake")


ROUTES = {
    Reason.FUND: (AccountKind.SOURCE, AccountKind.BUDGET),
    Reason.PROMISE: (AccountKind.BUDGET, AccountKind.RESERVED),
    Reason.SEND: (AccountKind.RESERVED, AccountKind.PAYABLE),
    Reason.PAY: (AccountKind.PAYABLE, AccountKind.PAID),
    Reason.FAIL: (AccountKind.PAYABLE, AccountKind.RESERVED),
    Reason.RELEASE: (AccountKind.RESERVED, AccountKind.BUDGET),
    Reason.REFUND: (AccountKind.BUDGET, AccountKind.RETURNED),
}
REVERSING = (Reason.FAIL, Reason.RELEASE, Reason.CORRECT)


def whole(expression: Combinable) -> "ExpressionWrapper[Combinable]":
    """Arithmetic on account ids, as a number."""
    return ExpressionWrapper(expression, output_field=models.BigIntegerField())


def on_its_route() -> Q:
    """Both accounts are the campaign's, and of the kinds that the reason stands for."""
    routes = [
        Q(reason=reason, to_account=whole(F("from_account") + (target.number - source.number)))
        & Q(Exact(whole(F("from_account") % ACCOUNTS_APART), source.number))
        for reason, (source, target) in ROUTES.items()
    ]
    one_campaign = Exact(whole(F("from_account") / ACCOUNTS_APART), whole(F("to_account") / ACCOUNTS_APART))
    return Q(*routes, Q(one_campaign, reason=Reason.CORRECT), _connector=Q.OR)


class Posting(models.Model):
    """A movement of money. Append-only; a mistake is reversed by a posting that names it."""

    Reason: ClassVar[type[Reason]] = Reason

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+", db_index=False)
    from_account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings_out")
    to_account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings_in")
    amount_fen = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=8, choices=Reason)
    grant = models.ForeignKey("rewards.Grant", null=True, on_delete=models.PROTECT, related_name="postings")
    payout = models.ForeignKey("rewards.Payout", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    posted_by = models.CharField(max_length=150)
    posted_at = models.DateTimeField()
    day = models.DateField(
        editable=False, help_text=_("Business day in the books; the database gives it, and never one that is closed.")
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_fen__gte=1), name="posting_positive"),
            models.CheckConstraint(condition=~Q(from_account=F("to_account")), name="posting_moves"),
            models.CheckConstraint(condition=on_its_route(), name="posting_on_its_route"),
            models.CheckConstraint(
                condition=Q(reason__in=REVERSING, reverses__isnull=False)
                | (~Q(reason__in=REVERSING) & Q(reverses__isnull=True)),
                name="posting_reversal_names_it",
            ),
            models.UniqueConstraint(
                fields=["grant", "reason"],
                condition=Q(grant__isnull=False, reason__in=["promise", "pay", "release"]),
                name="posting_once_per_grant",
            ),
            models.UniqueConstraint(
                fields=["payout", "reason"], condition=Q(payout__isnull=False), name="posting_once_per_payout"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["brand", "day", "id"], name="posting_in_the_books")]
        triggers: ClassVar = [APPEND_ONLY, DATED_IN_AN_OPEN_DAY]
        verbose_name = _("posting")
        verbose_name_plural = _("postings")

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.amount_fen / 100:.2f}"
