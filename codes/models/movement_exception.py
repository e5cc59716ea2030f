"""What does not fit in a movement, and what people found it to be."""

from typing import ClassVar

from django.contrib.postgres.fields import BigIntegerRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from codes.models.movement import Contradiction, Movement
from core.models import APPEND_ONLY


class MovementException(models.Model):
    """One contradiction of one movement, to be solved by a person. Append-only; open until it has a solution.

    `lines` name the units concerned: those in contradiction, those missing or those too many. Where a case or pallet
    was only counted, nobody knows which are missing: then there are no lines, but the numbers.
    """

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+")
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="exceptions")
    kind = models.CharField(max_length=24, choices=Contradiction)
    holder_serial = models.BigIntegerField(
        null=True, blank=True, help_text=_("Serial of the case or pallet that was counted.")
    )
    expected = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Units said to be there: in the case or pallet, or items of the delivery.")
    )
    counted = models.PositiveIntegerField(null=True, blank=True, help_text=_("Units that were found."))
    raised_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["movement", "kind", "holder_serial"], name="movement_exception_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(expected__isnull=True, counted__isnull=True)
                | models.Q(expected__isnull=False, counted__isnull=False),
                name="movement_exception_both_numbers",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["brand", "-id"], name="movement_exception_newest")]
        triggers: ClassVar = [APPEND_ONLY]
        permissions: ClassVar = [("solve_movementexception", "Can solve exceptions of movements")]
        verbose_name = _("movement exception")
        verbose_name_plural = _("movement exceptions")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"


class ExceptionLine(models.Model):
    """A range of serials that an exception is about."""

    id = models.BigAutoField(primary_key=True)
    exception = models.ForeignKey(MovementException, on_delete=models.PROTECT, related_name="lines")
    serials = BigIntegerRangeField()

    class Meta:
        triggers: ClassVar = [APPEND_ONLY]
        verbose_name = _("range of units")
        verbose_name_plural = _("ranges of units")

    def __str__(self) -> str:
        return str(self.serials)


class MovementSolution(models.Model):
    """What an exception was found to be. Append-only: one closes an exception for good."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted as it is")
        CORRECTED = "corrected", _("corrected by another movement")
        WRITTEN_OFF = "written_off", _("written off")
        MISTAKE = "mistake", _("reported by mistake")

    id = models.BigAutoField(primary_key=True)
    exception = models.OneToOneField(MovementException, on_delete=models.PROTECT, related_name="solution")
    outcome = models.CharField(max_length=11, choices=Outcome)
    corrected_by = models.ForeignKey(Movement, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    remark = models.CharField(max_length=200, blank=True)
    solved_by = models.CharField(max_length=150)
    solved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(outcome="corrected", corrected_by__isnull=False)
                | (~models.Q(outcome="corrected") & models.Q(corrected_by__isnull=True)),
                name="movement_solution_names_correction",
            ),
        ]
        triggers: ClassVar = [APPEND_ONLY]
        verbose_name = _("solution")
        verbose_name_plural = _("solutions")

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} ({self.solved_by})"
