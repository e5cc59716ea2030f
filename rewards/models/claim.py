"""Claims and the promises made on them."""

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from rewards.claim_moves import GRANT_CHANGES

if TYPE_CHECKING:
    from rewards.models.voucher import Voucher


class Claim(models.Model):
    """The consumer opened the envelope of an opening; at most one claim per item, for ever.

    It is written with its outcome: promised | held | refused. A refusal that time or the brand can cure may be claimed
    again, and then becomes promised; a held one waits for a person. docs/states.md has the table.
    """

    class State(models.TextChoices):
        PROMISED = "promised", _("promised")
        HELD = "held", _("held for review")
        REFUSED = "refused", _("refused")

    opening = models.OneToOneField("codes.Opening", primary_key=True, on_delete=models.PROTECT, related_name="claim")
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+", db_index=False)
    consumer = models.ForeignKey("consumers.Consumer", on_delete=models.PROTECT, related_name="claims", db_index=False)
    campaign = models.ForeignKey("rewards.Campaign", null=True, on_delete=models.PROTECT, related_name="claims")
    prize = models.ForeignKey("rewards.Prize", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=State)
    reason = models.CharField(max_length=40, blank=True, help_text=_("Code of the refusal."))
    claimed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["promised", "held"], prize__isnull=False, campaign__isnull=False, reason=""
                )
                | (models.Q(state="refused", prize__isnull=True) & ~models.Q(reason="")),
                name="claim_outcome_whole",
            ),
        ]
        verbose_name = _("claim")
        verbose_name_plural = _("claims")

    def __str__(self) -> str:
        return f"{self.opening_id} {self.get_state_display()}"

    @cached_property
    def envelope(self) -> "Grant | None":
        """The consumer's grant; None for a thank-you, a voucher and a refusal. One query, unless it is at hand."""
        return self.grants.filter(payee=Grant.Payee.CONSUMER).first()

    @cached_property
    def voucher(self) -> "Voucher | None":
        """What the consumer shows at a store; None without one. One query, unless it is at hand."""
        grant = (
            self.grants.filter(payee=Grant.Payee.REDEEMER)
            .select_related("voucher__store", "voucher__prize__campaign")
            .first()
        )
        return getattr(grant, "voucher", None)


UNSETTLED = ("held", "locked", "promised")
"""States of a grant whose money is set aside or on its way."""


class Grant(models.Model):
    """A promise of money to one payee on one claim. docs/states.md has the table of its moves.

    A held one is money set aside until somebody has decided, a locked one until a store redeems the voucher or the
    consumer opens another item: nothing is paid on either. A consumer's grant is the red envelope; its id is the
    envelope's. A redeemer's is a voucher's: whose it is, its owner, is known once a store has redeemed it.
    """

    class State(models.TextChoices):
        PROMISED = "promised", _("promised")
        HELD = "held", _("held for review")
        LOCKED = "locked", _("set aside")
        PAID = "paid", _("paid")
        RELEASED = "released", _("released")

    class Payee(models.TextChoices):
        CONSUMER = "consumer", _("consumer")
        STORE_OWNER = "store_owner", _("store owner")
        REDEEMER = "redeemer", _("owner of the redeeming store")
        SALESPERSON = "salesperson", _("salesperson")
        REFERRER = "referrer", _("referring consumer")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+", db_index=False)
    campaign = models.ForeignKey("rewards.Campaign", on_delete=models.PROTECT, related_name="grants")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="grants", db_index=False)
    payee = models.CharField(max_length=12, choices=Payee)
    consumer = models.ForeignKey("consumers.Consumer", null=True, on_delete=models.PROTECT, related_name="grants")
    store_owner = models.ForeignKey("stores.StoreOwner", null=True, on_delete=models.PROTECT, related_name="grants")
    salesperson = models.ForeignKey("stores.Salesperson", null=True, on_delete=models.PROTECT, related_name="grants")
    store = models.ForeignKey(
        "stores.Store",
        null=True,
        on_delete=models.PROTECT,
        related_name="grants",
        db_index=False,
        help_text=_("The store bound by the opening, whose figures count this amount: prizes and owners' shares."),
    )
    day = models.DateField(help_text=_("Business day of the opening."))
    amount_fen = models.PositiveIntegerField()
    budget_slot = models.PositiveSmallIntegerField(help_text=_("Where the money came from, and goes back to."))
    state = models.CharField(max_length=8, choices=State, default=State.PROMISED)
    reason = models.CharField(max_length=40, blank=True, help_text=_("Why it was released."))
    promised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    locked_until = models.DateTimeField(null=True, help_text=_("Until when a voucher or a locked envelope is good."))
    unlocked_by = models.ForeignKey(
        Claim,
        null=True,
        on_delete=models.PROTECT,
        related_name="unlocked",
        db_index=False,
        help_text=_("The opening that unlocked this second envelope."),
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "payee"], name="grant_once_per_payee"),
            models.CheckConstraint(condition=models.Q(amount_fen__gte=1), name="grant_not_empty"),
            models.CheckConstraint(
                condition=models.Q(
                    payee__in=["consumer", "referrer"],
                    consumer__isnull=False,
                    store_owner__isnull=True,
                    salesperson__isnull=True,
                )
                | models.Q(
                    payee="store_owner", consumer__isnull=True, store_owner__isnull=False, salesperson__isnull=True
                )
                | models.Q(
                    payee="salesperson", consumer__isnull=True, store_owner__isnull=True, salesperson__isnull=False
                )
                | models.Q(payee="redeemer", consumer__isnull=True, salesperson__isnull=True)
                & (
                    models.Q(store_owner__isnull=False, state__in=["promised", "paid", "released"])
                    | models.Q(store_owner__isnull=True, state__in=["held", "locked", "released"])
                ),
                name="grant_one_payee",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=UNSETTLED, settled_at__isnull=True)
                | (~models.Q(state__in=UNSETTLED) & models.Q(settled_at__isnull=False)),
                name="grant_settled_when_final",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="locked") | models.Q(locked_until__isnull=False),
                name="grant_locked_for_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["store", "day"], name="grant_store_day", include=["amount_fen"]),
            models.Index(
                fields=["promised_at"],
                name="grant_share_waiting",
                condition=models.Q(state="promised") & ~models.Q(payee="consumer"),
            ),
            models.Index(fields=["locked_until"], name="grant_locked_due", condition=models.Q(state="locked")),
            models.Index(
                fields=["consumer"],
                name="grant_second_envelope",
                condition=models.Q(state="locked", payee="consumer"),
            ),
        ]
        triggers: ClassVar = [pgtrigger.FSM(name="allowed_moves", field="state", transitions=GRANT_CHANGES)]
        verbose_name = _("grant")
        verbose_name_plural = _("grants")

    def __str__(self) -> str:
        return f"{self.get_payee_display()} {self.amount_fen / 100:.2f}"
