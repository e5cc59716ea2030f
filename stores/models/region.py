from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

NATION_CODE = "000000"


class Region(models.Model):
    """An administrative region by GB/T 2260; the same tree serves all brands."""

    class Level(models.IntegerChoices):
        NATION = 0, _("nation")
        PROVINCE = 1, _("province")
        CITY = 2, _("city")
        DISTRICT = 3, _("district")

    code = models.CharField(
        primary_key=True, max_length=6, help_text=_("Six digits of GB/T 2260; 000000 is the nation.")
    )
    name = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField(choices=Level)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    lineage = ArrayField(
        models.CharField(max_length=6), help_text=_("Codes from the nation down to this region, this one last.")
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(code__regex=r"^\d{6}$"), name="region_code_form"),
            models.CheckConstraint(
                condition=models.Q(level=0, parent__isnull=True) | models.Q(level__gt=0, parent__isnull=False),
                name="region_only_nation_is_root",
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["lineage"], name="region_lineage")]
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    def __str__(self) -> str:
        return self.name
