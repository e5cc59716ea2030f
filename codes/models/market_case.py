"""Market cases: goods sold where they may not be, codes that were copied; with their evidence and their outcome."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import APPEND_ONLY


class MarketCase(models.Model):
    """Something to be looked into on the market. No more than one open case about one subject."""

    class Kind(models.TextChoices):
        DIVERSION = "diversion", _("diversion")
        CLONE = "clone", _("copied mark")
        NOT_ACTIVATED = "not_activated", _("codes not activated")
        NOT_SHIPPED = "not_shipped", _("codes not shipped")
        UNKNOWN = "unknown", _("codes not ours")

    class State(models.TextChoices):
        OPEN = "open", _("case open")
        LOOKING = "looking", _("being looked into")
        CLOSED = "closed", _("case closed")

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("suspicion confirmed")
        TAKEN_BACK = "taken_back", _("confirmed, goods taken back")
        PERMITTED = "permitted", _("sold there by permission")
        FALSE_ALARM = "false_alarm", _("false alarm")
        UNRESOLVED = "unresolved", _("could not be cleared up")

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="market_cases")
    kind = models.CharField(max_length=13, choices=Kind)
    subject = models.CharField(max_length=60, help_text=_("What it is about: codes.cases.subjects."))
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    outcome = models.CharField(max_length=11, choices=Outcome, blank=True)
    score = models.PositiveSmallIntegerField(help_text=_("0 to 100: 50 where the thresholds are just passed."))
    reasons = models.JSONField(default=list, help_text=_("The conditions that hold, with what was found."))
    figures = models.JSONField(default=dict, help_text=_("What was counted at the newest judgement."))
    dealer = models.ForeignKey("stores.Dealer", null=True, on_delete=models.PROTECT, related_name="market_cases")
    shipment = models.ForeignKey("codes.Movement", null=True, on_delete=models.PROTECT, related_name="market_cases")
    region = models.ForeignKey("stores.Region", null=True, on_delete=models.PROTECT, related_name="+")
    serial = models.BigIntegerField(null=True, help_text=_("Of the unit whose mark was copied."))
    role = models.PositiveSmallIntegerField(null=True)
    assignee = models.ForeignKey("stores.User", null=True, on_delete=models.SET_NULL, related_name="+")
    previous = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="following", help_text=_("The closed case before it.")
    )
    counted_from = models.DateTimeField(null=True, help_text=_("What happened before belongs to the case before."))
    opened_at = models.DateTimeField()
    newest_at = models.DateTimeField(help_text=_("When the newest evidence happened."))
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["brand", "kind", "subject"], condition=~models.Q(state="closed"), name="market_case_one_open"
            ),
            models.CheckConstraint(condition=models.Q(score__lte=100), name="market_case_score"),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False) & ~models.Q(outcome="")
                | ~models.Q(state="closed") & models.Q(closed_at__isnull=True, outcome=""),
                name="market_case_closed_with_outcome",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["brand", "kind", "subject", "-closed_at"], name="market_case_subject"),
            models.Index(fields=["brand", "state", "-score"], name="market_case_work"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="closed_for_good", operation=pgtrigger.Update, condition=pgtrigger.Q(old__state="closed")
            ),
        ]
        verbose_name = _("market case")
        verbose_name_plural = _("market cases")

    def __str__(self) -> str:
        return f"#{self.pk} {self.get_kind_display()}"


class CaseEvidence(models.Model):
    """One scan or one receipt that speaks for a case, as it was known when it was noted. Append-only."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(MarketCase, on_delete=models.PROTECT, related_name="evidence", db_index=False)
    scan = models.ForeignKey("codes.Scan", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    movement = models.ForeignKey(
        "codes.Movement", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    serial = models.BigIntegerField(null=True)
    store = models.ForeignKey("stores.Store", null=True, on_delete=models.PROTECT, related_name="case_evidence")
    dealer = models.ForeignKey("stores.Dealer", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    shipment = models.ForeignKey(
        "codes.Movement", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    items = models.PositiveIntegerField(default=0, help_text=_("Items of a receipt."))
    region_code = models.CharField(max_length=6, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    distance_m = models.FloatField(null=True, help_text=_("To the dealer's territory, at least."))
    happened_at = models.DateTimeField()
    noted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "scan"], name="case_evidence_scan_once"),
            models.UniqueConstraint(fields=["case", "movement"], name="case_evidence_movement_once"),
            models.CheckConstraint(
                condition=models.Q(scan__isnull=False, movement__isnull=True)
                | models.Q(scan__isnull=True, movement__isnull=False),
                name="case_evidence_of_one_thing",
            ),
        ]
        triggers: ClassVar = [APPEND_ONLY]
        verbose_name_plural = _("case evidence")

    def __str__(self) -> str:
        return f"{self.case_id}: {self.scan_id or self.movement_id}"


class CaseRemark(models.Model):
    """What somebody found out. Append-only."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(MarketCase, on_delete=models.PROTECT, related_name="remarks")
    author = models.CharField(max_length=150)
    text = models.CharField(max_length=1000)
    written_at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.text[:40]}"


class CaseRule(models.Model):
    """What a brand chose otherwise than the defaults of codes.cases.thresholds."""

    brand = models.OneToOneField("stores.Brand", primary_key=True, on_delete=models.PROTECT, related_name="case_rule")
    thresholds = models.JSONField(default=dict, blank=True, help_text=_("Names and defaults: docs/cases.md."))
    travel = models.JSONField(
        default=dict,
        blank=True,
        help_text=_('Share of any shipment that travel brings to a region, by its code, as {"460200": 0.3}.'),
    )
    changed_by = models.CharField(max_length=150)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("rule of market cases")
        verbose_name_plural = _("rules of market cases")

    def __str__(self) -> str:
        return str(self.brand)
