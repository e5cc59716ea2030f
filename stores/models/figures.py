"""Figures per store and region and business day, derived from the histories and always equal to a recount of them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class DayFigures(models.Model):
    """What is counted on one business day. Openings count on the day when they happened, however late they arrive."""

    day = models.DateField()
    received = models.PositiveIntegerField(default=0, help_text=_("Items in cases that were received."))
    opened = models.PositiveIntegerField(default=0, help_text=_("Items opened and bound to the store."))
    users = models.PositiveIntegerField(default=0, help_text=_("Distinct consumers with an opening that day."))
    new_users = models.PositiveIntegerField(default=0, help_text=_("Of them, with their first opening of the brand."))
    reward_fen = models.PositiveBigIntegerField(
        default=0, help_text=_("Promised to consumers and to the store, in fen.")
    )

    class Meta:
        abstract = True


class StoreDay(DayFigures):
    store = models.ForeignKey("stores.Store", on_delete=models.PROTECT, related_name="days")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["store", "day"], name="store_day_once")]
        indexes: ClassVar = [models.Index(fields=["day"], name="store_day_day")]

    def __str__(self) -> str:
        return f"{self.store_id} {self.day}"


class RegionDay(DayFigures):
    """Sums over the stores in a region (`users` adds up the stores' users: a person in two stores counts twice)."""

    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey("stores.Region", on_delete=models.PROTECT, related_name="days")
    moving_stores = models.PositiveIntegerField(default=0, help_text=_("Stores with an opening that day."))

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["brand", "region", "day"], name="region_day_once")]

    def __str__(self) -> str:
        return f"{self.region_id} {self.day}"


class PendingCount(models.Model):
    """The queue of the statistics: this store's day changed in the histories and must be counted anew.

    Written in the transaction of the change; deleted in the transaction that counts. Several rows for one day are fine.
    """

    id = models.BigAutoField(primary_key=True)
    store = models.ForeignKey("stores.Store", on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.store_id} {self.day}"
