"""Where a store stands on the breakthrough ladder, and how it came there."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import APPEND_ONLY
from stores import ladder


class Step(models.IntegerChoices):
    """The steps of stores.ladder.Step, with their names for people."""

    SILENT = ladder.Step.SILENT, pgettext_lazy("step of the ladder", "silent")
    LIT = ladder.Step.LIT, pgettext_lazy("step of the ladder", "lit")
    ACTIVE = ladder.Step.ACTIVE, pgettext_lazy("step of the ladder", "active")
    RISING = ladder.Step.RISING, pgettext_lazy("step of the ladder", "rising")
    BREAKTHROUGH = ladder.Step.BREAKTHROUGH, pgettext_lazy("step of the ladder", "breakthrough")


class LadderRule(models.Model):
    """A version of a brand's thresholds. One is in force; an older one stays readable."""

    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="ladder_rules")
    version = models.PositiveIntegerField()
    thresholds = models.JSONField(help_text=_("Names and defaults: stores.ladder.Thresholds."))
    in_force = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brand", "version"], name="ladder_rule_version_once"),
            models.UniqueConstraint(
                fields=["brand"], condition=models.Q(in_force=True), name="ladder_rule_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"


class StoreStanding(models.Model):
    store = models.OneToOneField("stores.Store", primary_key=True, on_delete=models.CASCADE, related_name="standing")
    step = models.PositiveSmallIntegerField(choices=Step, default=Step.SILENT)
    since = models.DateField()
    failed_evaluations = models.PositiveSmallIntegerField(
        default=0, help_text=_("Evaluations in a row in which the present step's rule failed; a step down needs two.")
    )
    evaluated_on = models.DateField(null=True)
    figures = models.JSONField(default=dict, help_text=_("The window figures behind the last evaluation."))

    class Meta:
        indexes: ClassVar = [models.Index(fields=["step"], name="standing_step")]

    def __str__(self) -> str:
        return f"{self.store_id} {self.get_step_display()}"


class StepChange(models.Model):
    """One move on the ladder with the figures that caused it. Append-only."""

    store = models.ForeignKey("stores.Store", on_delete=models.PROTECT, related_name="step_changes")
    from_step = models.PositiveSmallIntegerField(choices=Step)
    to_step = models.PositiveSmallIntegerField(choices=Step)
    day = models.DateField()
    happened_at = models.DateTimeField()
    figures = models.JSONField()
    reason = models.CharField(max_length=300)
    rule = models.ForeignKey(LadderRule, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["store", "-happened_at"], name="step_change_newest")]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.store_id} {self.from_step}→{self.to_step}"
