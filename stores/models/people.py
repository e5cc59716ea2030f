"""Accounts, and the people of the field: salespeople, squad leaders, store owners."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A sign-in of staff, sales or an owner. Without a brand it is the platform's own, and sees all brands."""

    brand = models.ForeignKey("stores.Brand", null=True, blank=True, on_delete=models.PROTECT, related_name="users")


class Salesperson(models.Model):
    """Looks after stores. A squad leader is a salesperson who leads others."""

    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="salespeople")
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.PROTECT, related_name="salesperson")
    number = models.CharField(max_length=30, help_text=_("Staff number, unique within the brand."))
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=20, blank=True)
    region = models.ForeignKey("stores.Region", on_delete=models.PROTECT, related_name="+")
    leader = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="squad")
    is_squad_leader = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brand", "number"], name="salesperson_number_once"),
            models.CheckConstraint(
                condition=models.Q(leader__isnull=True) | ~models.Q(leader=models.F("id")),
                name="salesperson_not_own_leader",
            ),
        ]
        verbose_name = _("salesperson")
        verbose_name_plural = _("salespeople")

    def __str__(self) -> str:
        return self.name


class StoreOwner(models.Model):
    """Who is paid when an item that the store sold is opened."""

    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="store_owners")
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.PROTECT, related_name="store_owner")
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=20, blank=True)
    wallet = models.CharField(
        max_length=255,
        blank=True,
        help_text=_("Account at the payment provider, sealed; empty: grants wait until it is known."),
    )

    class Meta:
        verbose_name = _("store owner")
        verbose_name_plural = _("store owners")

    def __str__(self) -> str:
        return self.name


class WarehouseWorker(models.Model):
    """Packs, sends and receives goods: in the brand's own warehouse, or in that of `dealer`."""

    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="warehouse_workers")
    dealer = models.ForeignKey(
        "stores.Dealer",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="workers",
        help_text=_("Whose warehouse it is; empty: the brand's own."),
    )
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.PROTECT, related_name="warehouse_worker")
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=20, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("warehouse worker")
        verbose_name_plural = _("warehouse workers")

    def __str__(self) -> str:
        return self.name
