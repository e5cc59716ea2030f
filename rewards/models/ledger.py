"""Double entry: each posting moves a positive amount from one account to another. Nothing is ever edited."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import APPEND_ONLY


class Account(models.Model):
    """A place where a brand's money stands. Its balance is the sum of postings to it less those from it."""

    class Kind(models.TextChoices):
        SOURCE = "source", _("paid in by the brand")
        BUDGET = "budget", _("free budget")
        RESERVED = "reserved", _("reserved for promises")
        PAYABLE = "payable", _("on its way to payees")
        PAID = "paid", _("paid out")
        RETURNED = "returned", _("returned to the brand")

    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="accounts")
    campaign = models.ForeignKey("rewards.Campaign", on_delete=models.PROTECT, related_name="accounts")
    kind = models.CharField(max_length=8, choices=Kind)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "kind"], name="account_once")]
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return f"{self.kind} {self.campaign_id}"


class Posting(models.Model):
    """A movement of money. Append-only; a mistake is reversed by a posting that names it."""

    class Reason(models.TextChoices):
        FUND = "fund", _("funding")
        PROMISE = "promise", _("promise")
        SEND = "send", _("payout created")
        PAY = "pay", _("paid")
        RELEASE = "release", _("promise released")
        REFUND = "refund", _("returned to the brand")

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

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount_fen__gte=1), name="posting_positive"),
            models.CheckConstraint(condition=~models.Q(from_account=models.F("to_account")), name="posting_moves"),
            models.UniqueConstraint(
                fields=["grant", "reason"],
                condition=models.Q(grant__isnull=False, reason__in=["promise", "pay", "release"]),
                name="posting_once_per_grant",
            ),
            models.UniqueConstraint(
                fields=["payout", "reason"], condition=models.Q(payout__isnull=False), name="posting_once_per_payout"
            ),
        ]
        triggers: ClassVar = [APPEND_ONLY]
        verbose_name = _("posting")
        verbose_name_plural = _("postings")

    def __str__(self) -> str:
        return f"{self.reason} {self.amount_fen}"
