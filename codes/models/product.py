from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Product(models.Model):
    """What is sold, under its GTIN-14."""

    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="products")
    gtin = models.CharField(max_length=14, unique=True, help_text=_("GTIN-14, 14 digits with a right check digit."))
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    specification = models.CharField(max_length=60, blank=True, help_text=_("Such as 500 ml, 53 % vol."))
    margin_fen = models.PositiveIntegerField(default=0, help_text=_("The brand's margin on one item, in fen."))
    story = models.TextField(blank=True, help_text=_("Shown to the consumer under the product's name."))
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(gtin__regex=r"^\d{14}$"), name="product_gtin_form"),
        ]
        verbose_name = _("product")
        verbose_name_plural = _("products")

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """One production run of a product."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="batches")
    lot = models.CharField(max_length=20, help_text=_("GS1 AI 10: at most 20 characters."))
    produced_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "lot"], name="batch_lot_once"),
            models.CheckConstraint(
                condition=models.Q(produced_on__isnull=True)
                | models.Q(expires_on__isnull=True)
                | models.Q(expires_on__gte=models.F("produced_on")),
                name="batch_expires_after_production",
            ),
        ]
        verbose_name = _("batch")
        verbose_name_plural = _("batches")

    def __str__(self) -> str:
        return self.lot
