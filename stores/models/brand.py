from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class PublicStep(models.TextChoices):
    """What the page behind a code may tell anybody of a unit's way."""

    BATCH = "batch", _("batch")
    MADE = "made", _("made, and when")
    PACKED = "packed", _("packed, and when")
    SHIPPED = "shipped", _("sent to a dealer or shop, and when")
    RECEIVED = "received", _("arrived, in which city and when")
    OPENED = "opened", _("opened, and when")


def usual_steps() -> list[str]:
    """What a brand shows unless it chooses otherwise."""
    return [PublicStep.BATCH, PublicStep.MADE, PublicStep.PACKED, PublicStep.RECEIVED]


class Brand(models.Model):
    """The tenant. Every row of the product belongs to one brand, and is invisible to the others."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    timezone = models.CharField(
        max_length=40, default="Asia/Shanghai", help_text=_("IANA zone; a business day begins and ends in it.")
    )
    public_steps = ArrayField(
        models.CharField(max_length=8, choices=PublicStep),
        default=usual_steps,
        blank=True,
        help_text=_("What anybody who scans a code is told of the unit's way. Never which store or dealer had it."),
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(public_steps__contained_by=PublicStep.values), name="brand_public_steps_known"
            ),
        ]
        verbose_name = _("brand")
        verbose_name_plural = _("brands")

    def __str__(self) -> str:
        return self.name
