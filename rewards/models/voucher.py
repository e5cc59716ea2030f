"""Vouchers: what a consumer has won and a store hands over."""

import datetime as dt
from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from rewards.models.claim import Grant
from rewards.voucher_moves import CHANGES


class Voucher(models.Model):
    """What a consumer shows at a store, which redeems it once: its grant then is the store owner's.

    It is written with its promise. docs/states.md has the table of its moves.
    """

    class State(models.TextChoices):
        ISSUED = "issued", _("can be redeemed")
        REDEEMED = "redeemed", _("redeemed")
        LAPSED = "lapsed", _("lapsed")
        CANCELLED = "cancelled", _("cancelled")

    grant = models.OneToOneField(Grant, primary_key=True, on_delete=models.PROTECT, related_name="voucher")
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+", db_index=False)
    consumer = models.ForeignKey(
        "consumers.Consumer", on_delete=models.PROTECT, related_name="vouchers", db_index=False
    )
    prize = models.ForeignKey("rewards.Prize", on_delete=models.PROTECT, related_name="vouchers", db_index=False)
    code = models.CharField(max_length=12, unique=True, help_text=_("V and 11 random Crockford characters."))
    store = models.ForeignKey(
        "stores.Store",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text=_("Where alone it can be redeemed; empty: at every store of the brand."),
    )
    state = models.CharField(max_length=9, choices=State, default=State.ISSUED)
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    redeemed_at = models.DateTimeField(null=True, help_text=_("When the store handed it over."))
    redeemed_store = models.ForeignKey(
        "stores.Store", null=True, on_delete=models.PROTECT, related_name="redeemed_vouchers", db_index=False
    )
    redeemed_by = models.CharField(max_length=150, blank=True)
    closed_at = models.DateTimeField(null=True, help_text=_("When it lapsed or was cancelled."))
    remark = models.CharField(max_length=300, blank=True, help_text=_("Why it was cancelled."))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^V[0-9A-HJKMNP-TV-Z]{11}$"), name="voucher_code_form"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state="redeemed", redeemed_at__isnull=False, redeemed_store__isnull=False, closed_at__isnull=True
                )
                & ~models.Q(redeemed_by="")
                | models.Q(state__in=["lapsed", "cancelled"], redeemed_at__isnull=True, redeemed_store__isnull=True)
                & models.Q(redeemed_by="", closed_at__isnull=False)
                | models.Q(state="issued", redeemed_at__isnull=True, redeemed_store__isnull=True, redeemed_by="")
                & models.Q(closed_at__isnull=True),
                name="voucher_end_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="cancelled", remark=""), name="voucher_cancelled_for_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["consumer", "grant"], name="voucher_of_consumer"),
            models.Index(
                fields=["redeemed_store", "redeemed_at"],
                name="voucher_redeemed_at_store",
                condition=models.Q(state="redeemed"),
            ),
            models.Index(
                fields=["brand", "redeemed_at"], name="voucher_redeemed", condition=models.Q(state="redeemed")
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.FSM(name="allowed_moves", field="state", transitions=CHANGES),
        ]
        permissions: ClassVar = [("cancel_voucher", _("Can cancel vouchers"))]
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")

    def __str__(self) -> str:
        return self.code[:4] + "…"

    def state_at(self, now: dt.datetime) -> str:
        """Its state for people: one whose time is over has lapsed, swept or not."""
        over = self.state == self.State.ISSUED and self.valid_until <= now
        return self.State.LAPSED if over else self.state
