from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Dealer(models.Model):
    """Buys from the brand and supplies the stores of its authorised regions."""

    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="dealers")
    number = models.CharField(max_length=30, help_text=_("Dealer number, unique within the brand."))
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=20, blank=True)
    regions = models.ManyToManyField("stores.Region", related_name="dealers", help_text=_("Where it may sell."))
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["brand", "number"], name="dealer_number_once")]
        verbose_name = _("dealer")
        verbose_name_plural = _("dealers")

    def __str__(self) -> str:
        return self.name
