"""Money between the brand and the budget of one of its campaigns: asked for by one person, approved by another."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Transfer(models.Model):
    """Paying in, or back to the brand. States: asked → approved | refused | withdrawn. Approval alone moves money."""

    class Direction(models.TextChoices):
        PAY_IN = "pay_in", _("paying in")
        REFUND = "refund", _("refund to the brand")

    class State(models.TextChoices):
        ASKED = "asked", _("waits for a second person")
        APPROVED = "approved", _("approved and posted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey("rewards.Campaign", on_delete=models.PROTECT, related_name="transfers")
    direction = models.CharField(max_length=6, choices=Direction)
    amount_fen = models.PositiveBigIntegerField()
    reference = models.CharField(max_length=80, blank=True, help_text=_("Of the bank's statement, or why."))
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=200, blank=True, help_text=_("Of who decided."))
    posting = models.OneToOneField("rewards.Posting", null=True, on_delete=models.PROTECT, related_name="transfer")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_fen__gte=1), name="transfer_not_empty"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused"]) | ~Q(decided_by=F("asked_by")),
                name="transfer_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(decided_by=F("asked_by")), name="transfer_withdrawn_by_who_asked"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by="", decided_at__isnull=True)
                | (~Q(state="asked") & ~Q(decided_by="") & Q(decided_at__isnull=False)),
                name="transfer_decided_when_final",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", posting__isnull=False) | (~Q(state="approved") & Q(posting__isnull=True)),
                name="transfer_posted_when_approved",
            ),
            models.UniqueConstraint(fields=["campaign"], condition=Q(state="asked"), name="transfer_one_waits"),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="allowed_moves",
                field="state",
                transitions=[("asked", "approved"), ("asked", "refused"), ("asked", "withdrawn")],
            ),
            pgtrigger.Protect(
                name="decided_for_good", operation=pgtrigger.Update, condition=~pgtrigger.Q(old__state="asked")
            ),
            pgtrigger.ReadOnly(
                name="asked_as_written",
                fields=["brand", "campaign", "direction", "amount_fen", "reference", "asked_by", "asked_at"],
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]
        permissions: ClassVar = [("approve_transfer", "Can approve transfers")]
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")

    def __str__(self) -> str:
        return f"#{self.pk} {self.get_direction_display()} {self.amount_fen / 100:.2f}"
