from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Visit(models.Model):
    """A salesperson's check-in at a store by scanning its B-code."""

    store = models.ForeignKey("stores.Store", on_delete=models.PROTECT, related_name="visits")
    salesperson = models.ForeignKey("stores.Salesperson", on_delete=models.PROTECT, related_name="visits")
    visited_at = models.DateTimeField()
    distance_m = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Metres between the phone and the store, where the phone told its place.")
    )
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["store", "-visited_at"], name="visit_store_newest")]
        verbose_name = _("visit")
        verbose_name_plural = _("visits")

    def __str__(self) -> str:
        return f"{self.store_id} {self.visited_at:%Y-%m-%d %H:%M}"
