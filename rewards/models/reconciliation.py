"""A provider's bill list beside our payouts: each run is kept, each difference is worked off."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import APPEND_ONLY
from rewards.providers.comparison import Kind

KINDS = {
    Kind.NOT_OURS: _("missing here"),
    Kind.MISSING_THERE: _("missing there"),
    Kind.AMOUNT: _("amount"),
    Kind.PAYEE: _("payee"),
    Kind.DATE: _("date"),
    Kind.DUPLICATE: _("listed twice"),
    Kind.PAID_THERE_FAILED_HERE: _("state: paid there, given up here"),
    Kind.PAID_HERE_FAILED_THERE: _("state: paid here, given up there"),
    Kind.STILL_OPEN_HERE: _("state: finished there, open here"),
}


class Reconciliation(models.Model):
    """A run over one day of one provider. Append-only."""

    id = models.BigAutoField(primary_key=True)
    provider = models.CharField(max_length=20)
    day = models.DateField(help_text=_("In the provider's time zone."))
    lines = models.PositiveIntegerField(help_text=_("Bills in the provider's list of that day."))
    found = models.PositiveIntegerField(help_text=_("Differences of this run, known ones included."))
    ran_by = models.CharField(max_length=150)
    ran_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["provider", "day"], name="reconciliation_of_day")]
        triggers: ClassVar = [APPEND_ONLY]
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")

    def __str__(self) -> str:
        return f"{self.provider} {self.day}"


class BillDifference(models.Model):
    """Something that a provider's list and our payouts disagree in, as it was first found. Append-only."""

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey(
        "stores.Brand", null=True, on_delete=models.PROTECT, related_name="+", help_text=_("None: no bill of ours.")
    )
    payout = models.ForeignKey("rewards.Payout", null=True, on_delete=models.PROTECT, related_name="differences")
    run = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="first_found")
    provider = models.CharField(max_length=20)
    day = models.DateField()
    kind = models.CharField(max_length=30, choices=[(kind.value, label) for kind, label in KINDS.items()])
    bill_no = models.CharField(max_length=64)
    ours = models.CharField(max_length=200, blank=True)
    theirs = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "day", "bill_no", "kind"], name="bill_difference_once"),
        ]
        triggers: ClassVar = [APPEND_ONLY]
        verbose_name = _("bill difference")
        verbose_name_plural = _("bill differences")

    def __str__(self) -> str:
        return f"{self.bill_no} {self.get_kind_display()}"


class DifferenceRemark(models.Model):
    """What a person made of a difference; with an outcome it is worked off. Append-only."""

    class Outcome(models.TextChoices):
        EXPLAINED = "explained", _("explained: nothing to do")
        SETTLED_HERE = "settled_here", _("put right here by a posting")
        SETTLED_THERE = "settled_there", _("put right by the provider")
        LOSS = "loss", _("accepted as a loss")

    id = models.BigAutoField(primary_key=True)
    difference = models.ForeignKey(BillDifference, on_delete=models.PROTECT, related_name="remarks")
    outcome = models.CharField(max_length=13, choices=Outcome, blank=True)
    text = models.CharField(max_length=500)
    written_by = models.CharField(max_length=150)
    written_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["difference"], condition=~Q(outcome=""), name="difference_one_outcome"),
            models.CheckConstraint(condition=~Q(text=""), name="difference_remark_says_something"),
        ]
        triggers: ClassVar = [APPEND_ONLY]
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")

    def __str__(self) -> str:
        return self.text


class AskedComparison(models.Model):
    """A day of a provider that somebody wants compared. The row is the queue: a worker calls the provider.

    States: waiting → running → done | failed; a running one whose worker died is taken again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for a worker")
        RUNNING = "running", _("being compared")
        DONE = "done", _("compared")
        FAILED = "failed", _("could not be compared")

    id = models.BigAutoField(primary_key=True)
    provider = models.CharField(max_length=20)
    day = models.DateField(help_text=_("In the provider's time zone."))
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, help_text=_("When a worker last began."))
    finished_at = models.DateTimeField(null=True)
    run = models.ForeignKey(Reconciliation, null=True, on_delete=models.PROTECT, related_name="asked")
    fault = models.CharField(max_length=80, blank=True, help_text=_("What went wrong, by name; the log tells more."))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "day"],
                condition=Q(state__in=["waiting", "running"]),
                name="asked_comparison_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", taken_at__isnull=True, finished_at__isnull=True)
                | Q(state="running", taken_at__isnull=False, finished_at__isnull=True)
                | Q(state="done", finished_at__isnull=False, run__isnull=False, fault="")
                | Q(state="failed", finished_at__isnull=False, run__isnull=True) & ~Q(fault=""),
                name="asked_comparison_state_whole",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="allowed_moves",
                field="state",
                transitions=[("waiting", "running"), ("running", "done"), ("running", "failed")],
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]
        verbose_name = _("day to be compared")
        verbose_name_plural = _("days to be compared")

    def __str__(self) -> str:
        return f"{self.provider} {self.day}"
