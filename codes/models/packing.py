from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class Packing(models.Model):
    """A range of child serials inside one parent unit. The database holds that a unit is in at most one parent.

    `packed_at` and `unpacked_at` are when it happened; `recorded_at` and `unpacking_recorded_at`, when it was written
    down, which may be later.
    """

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+")
    parent_serial = models.BigIntegerField(help_text=_("Serial of the case or pallet."))
    children = BigIntegerRangeField(help_text=_("Serials of the items or cases inside."))
    packed_by = models.CharField(max_length=150)
    packed_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    unpacked_by = models.CharField(max_length=150, blank=True)
    unpacked_at = models.DateTimeField(null=True, blank=True)
    unpacking_recorded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="packing_one_parent",
                expressions=[("children", RangeOperators.OVERLAPS)],
                condition=models.Q(unpacked_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=models.Q(unpacked_at__isnull=True, unpacking_recorded_at__isnull=True)
                | models.Q(unpacked_at__isnull=False, unpacking_recorded_at__isnull=False),
                name="packing_unpacking_recorded",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["parent_serial"], name="packing_parent"),
            models.Index(
                fields=["brand", "unpacking_recorded_at", "id"],
                name="packing_unpacking_in_time",
                condition=models.Q(unpacking_recorded_at__isnull=False),
            ),
            GistIndex(fields=["children"], name="packing_past_children", condition=models.Q(unpacked_at__isnull=False)),
        ]
        verbose_name = _("packing")
        verbose_name_plural = _("packings")

    def __str__(self) -> str:
        return f"{self.parent_serial} ⊃ {self.children}"
