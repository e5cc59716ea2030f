"""Risk: a brand's rules, what they found, and what a person made of it."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import APPEND_ONLY


class RiskRule(models.Model):
    """What a brand chose otherwise than the defaults; without a row the rules are on, with the defaults."""

    class Mode(models.TextChoices):
        ON = "on", _("on: hold and refuse")
        WATCH = "watch", _("watch: write findings down, hold and refuse nothing")
        OFF = "off", _("off")

    class AfterTime(models.TextChoices):
        RELEASE = "release", _("release it")
        REFUSE = "refuse", _("refuse it")

    brand = models.OneToOneField("stores.Brand", primary_key=True, on_delete=models.PROTECT, related_name="risk_rule")
    mode = models.CharField(max_length=5, choices=Mode, default=Mode.ON)
    thresholds = models.JSONField(default=dict, blank=True, help_text=_("Names and defaults: docs/risk.md."))
    review_hours = models.PositiveSmallIntegerField(
        default=24, help_text=_("Within so many hours a held envelope is decided; the consumer is told the moment.")
    )
    after_time = models.CharField(
        max_length=7,
        choices=AfterTime,
        default=AfterTime.RELEASE,
        help_text=_("What happens to a held envelope that nobody has decided by then."),
    )
    changed_by = models.CharField(max_length=150)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(review_hours__range=(1, 168)), name="risk_rule_within_a_week"),
        ]
        verbose_name = _("risk rule")
        verbose_name_plural = _("risk rules")

    def __str__(self) -> str:
        return str(self.brand)


class RiskJudgement(models.Model):
    """What the rules found against a claim, with the facts and thresholds of that moment. Append-only.

    Kept where a rule holds, or the claim was not let pass.
    """

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+", db_index=False)
    claim = models.ForeignKey("rewards.Claim", on_delete=models.PROTECT, related_name="judgements")
    mode = models.CharField(max_length=5, choices=RiskRule.Mode)
    outcome = models.CharField(max_length=6, help_text=_("What the rules said; in watch mode nothing followed."))
    score = models.PositiveSmallIntegerField()
    findings = models.JSONField()
    facts = models.JSONField()
    thresholds = models.JSONField()
    judged_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["brand", "-judged_at"], name="risk_judgement_newest")]
        triggers: ClassVar = [APPEND_ONLY]
        verbose_name = _("risk judgement")
        verbose_name_plural = _("risk judgements")

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.outcome} {self.score}"


class RiskReview(models.Model):
    """A held claim on the analysts' work list. States: open → released | refused, for good."""

    class State(models.TextChoices):
        OPEN = "open", _("to be decided")
        RELEASED = "released", _("let pass")
        REFUSED = "refused", _("refused")

    id = models.BigAutoField(primary_key=True)
    claim = models.OneToOneField("rewards.Claim", on_delete=models.PROTECT, related_name="review")
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    score = models.PositiveSmallIntegerField(help_text=_("0 to 100: 50 where one rule is just met."))
    rules = models.JSONField(default=list, help_text=_("Names of the rules that hold, the gravest first."))
    held_at = models.DateTimeField()
    decides_by = models.DateTimeField(help_text=_("What the consumer was told."))
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    remark = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="open", decided_at__isnull=True, decided_by="")
                | models.Q(state__in=["released", "refused"], decided_at__isnull=False) & ~models.Q(decided_by=""),
                name="risk_review_decided_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["brand", "state", "-score"], name="risk_review_work"),
            models.Index(fields=["decides_by"], name="risk_review_due", condition=models.Q(state="open")),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="decided_for_good", operation=pgtrigger.Update, condition=~pgtrigger.Q(old__state="open")
            ),
        ]
        permissions: ClassVar = [("decide_riskreview", "Can release or refuse held envelopes")]
        verbose_name = _("held envelope")
        verbose_name_plural = _("held envelopes")

    def __str__(self) -> str:
        return f"#{self.claim_id}"
