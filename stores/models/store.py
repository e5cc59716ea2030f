from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Store(models.Model):
    """The terminal: the shop that sells to consumers. Its B-code stands on the counter."""

    class Kind(models.TextChoices):
        SUPERMARKET = "supermarket", _("supermarket")
        CONVENIENCE = "convenience", _("convenience store")
        TOBACCO = "tobacco", _("tobacco and liquor shop")
        RESTAURANT = "restaurant", _("restaurant")
        OTHER = "other", _("other")

    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="stores")
    number = models.CharField(max_length=30, help_text=_("Store number, unique within the brand."))
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OTHER)
    b_code = models.CharField(max_length=17, unique=True, help_text=_("B and 16 random Crockford characters."))
    owner = models.ForeignKey(
        "stores.StoreOwner", null=True, blank=True, on_delete=models.PROTECT, related_name="stores"
    )
    dealer = models.ForeignKey("stores.Dealer", null=True, blank=True, on_delete=models.PROTECT, related_name="stores")
    salesperson = models.ForeignKey(
        "stores.Salesperson", null=True, blank=True, on_delete=models.SET_NULL, related_name="stores"
    )
    region = models.ForeignKey("stores.Region", on_delete=models.PROTECT, related_name="stores")
    address = models.CharField(max_length=160, blank=True)
    latitude = models.FloatField(null=True, blank=True, help_text=_("WGS-84, degrees."))
    longitude = models.FloatField(null=True, blank=True, help_text=_("WGS-84, degrees."))
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brand", "number"], name="store_number_once"),
            models.CheckConstraint(
                condition=models.Q(b_code__regex=r"^B[0-9A-HJKMNP-TV-Z]{16}$"), name="store_b_code_form"
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="store_on_earth",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["brand", "region"], name="store_brand_region"),
            models.Index(fields=["brand", "latitude", "longitude"], name="store_brand_place"),
        ]
        verbose_name = _("store")
        verbose_name_plural = _("stores")

    def __str__(self) -> str:
        return self.name
