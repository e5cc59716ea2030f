"""The movement of money that keeps a grant. The row is the queue; Celery only rings the bell."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from core.models import APPEND_ONLY
from rewards.payout_moves import CHANGES


class Payout(models.Model):
    """One bill at a payment provider. docs/states.md has the table of its moves."""

    class State(models.TextChoices):
        CREATED = "created", _("created")
        SENDING = "sending", _("being sent")
        ACCEPTED = "accepted", _("accepted by the provider")
        AWAITING_CONFIRMATION = "awaiting_confirmation", _("waiting for the payee to confirm")
        UNKNOWN = "unknown", _("unknown; the provider must be asked")
        PAID = "paid", _("paid")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+", db_index=False)
    grant = models.ForeignKey("rewards.Grant", on_delete=models.PROTECT, related_name="payouts")
    provider = models.CharField(max_length=20)
    bill_no = models.CharField(
        max_length=32, unique=True, help_text=_("Derived from the id: its 32 hexadecimal digits.")
    )
    payee_account = models.CharField(
        max_length=255, help_text=_("The account at the provider; one of a person is sealed (see Payee accounts).")
    )
    amount_fen = models.PositiveIntegerField()
    state = models.CharField(max_length=21, choices=State, default=State.CREATED)
    attempts = models.PositiveSmallIntegerField(default=0, help_text=_("Calls to the provider so far."))
    next_at = models.DateTimeField(
        help_text=_("Not to be touched before this moment; a claim pushes it forward as a lease.")
    )
    sent_at = models.DateTimeField(null=True, help_text=_("When it was last taken to be handed over."))
    package_info = models.CharField(
        max_length=512,
        blank=True,
        help_text=_("What the payee's app needs to confirm the bill, as the provider gave it."),
    )
    provider_ref = models.CharField(max_length=64, blank=True)
    fault = models.CharField(
        max_length=80, blank=True, help_text=_("Code of the last fault, as the provider names it.")
    )
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["grant"],
                condition=~models.Q(state__in=["failed", "cancelled"]),
                name="payout_one_alive_per_grant",
            ),
            models.CheckConstraint(condition=models.Q(amount_fen__gte=1), name="payout_not_empty"),
            models.CheckConstraint(
                condition=models.Q(state__in=["paid", "failed", "cancelled"], finished_at__isnull=False)
                | (~models.Q(state__in=["paid", "failed", "cancelled"]) & models.Q(finished_at__isnull=True)),
                name="payout_finished_when_final",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "created",
                        "sending",
                        "accepted",
                        "awaiting_confirmation",
                        "unknown",
                        "paid",
                        "failed",
                        "cancelled",
                    ]
                ),
                name="payout_state_known",
            ),
        ]
        triggers: ClassVar = [pgtrigger.FSM(name="allowed_moves", field="state", transitions=CHANGES)]
        indexes: ClassVar = [
            models.Index(
                fields=["next_at"],
                name="payout_due",
                condition=~models.Q(state__in=["paid", "failed", "cancelled"]),
            ),
            models.Index(fields=["payee_account"], name="payout_of_payee", condition=~models.Q(provider="sandbox")),
            models.Index(fields=["fault"], name="payout_contradicted", condition=models.Q(fault__startswith="told_")),
        ]
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")

    def __str__(self) -> str:
        return self.bill_no


class PayoutStep(models.Model):
    """One move of a payout, and what caused it. Append-only."""

    id = models.BigAutoField(primary_key=True)
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="steps")
    from_state = models.CharField(max_length=21)
    to_state = models.CharField(max_length=21)
    cause = models.CharField(max_length=80)
    happened_at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.from_state}→{self.to_state}"
