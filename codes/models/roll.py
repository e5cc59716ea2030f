"""Pre-matched rolls: which item range was printed behind the code of which case."""

from typing import ClassVar

from django.contrib.postgres.fields import BigIntegerRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import APPEND_ONLY


class Roll(models.Model):
    """What a print file of kind "roll" puts together; its items are those of the file. Append-only.

    Case n (from 0) holds the items from `first + n × items_per_case` on, pallet n the cases from
    `first_case + n × cases_per_pallet` on.
    """

    file = models.OneToOneField("codes.PrintFile", on_delete=models.PROTECT, related_name="roll")
    case_order = models.ForeignKey("codes.CodeOrder", on_delete=models.PROTECT, related_name="+")
    first_case = models.BigIntegerField(help_text=_("Serial of the first case."))
    cases = models.PositiveIntegerField()
    items_per_case = models.PositiveIntegerField()
    pallet_order = models.ForeignKey(
        "codes.CodeOrder", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    first_pallet = models.BigIntegerField(null=True, blank=True, help_text=_("Serial of the first pallet."))
    cases_per_pallet = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(cases__gte=1, items_per_case__gte=1), name="roll_holds_something"
            ),
            models.CheckConstraint(
                condition=models.Q(pallet_order=None, first_pallet=None, cases_per_pallet=None)
                | models.Q(pallet_order__isnull=False, first_pallet__isnull=False, cases_per_pallet__gte=1),
                name="roll_pallets_whole_or_none",
            ),
        ]
        triggers: ClassVar = [APPEND_ONLY]
        verbose_name = _("pre-matched roll")
        verbose_name_plural = _("pre-matched rolls")

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def last_case(self) -> int:
        return self.first_case + self.cases - 1

    @property
    def pallets(self) -> int:
        """How many pallets are printed, the last one perhaps not full."""
        return -(-self.cases // self.cases_per_pallet) if self.cases_per_pallet else 0


class RollUse(models.Model):
    """A part of a roll was stuck on: its units are packed from then on as they were printed. Append-only."""

    roll = models.ForeignKey(Roll, on_delete=models.PROTECT, related_name="uses")
    cases = BigIntegerRangeField(help_text=_("Serials of the cases that were used."))
    packings = models.PositiveIntegerField(help_text=_("Packings that were written; others were there before."))
    used_by = models.CharField(max_length=150)
    used_at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [APPEND_ONLY]
        verbose_name = _("use of a roll")
        verbose_name_plural = _("uses of rolls")

    def __str__(self) -> str:
        return f"{self.roll} {self.cases}"
