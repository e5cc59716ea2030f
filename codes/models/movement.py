"""What the supply chain did with units: an append-only history."""

from typing import ClassVar

from django.contrib.postgres.fields import BigIntegerRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import APPEND_ONLY


class Movement(models.Model):
    """A trace event: units were shipped, received or returned. Facts are kept even when they contradict custody."""

    class Kind(models.TextChoices):
        SHIP = "ship", _("shipped")
        RECEIVE = "receive", _("received")
        RETURN = "return", _("returned")

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=8, choices=Kind)
    dealer = models.ForeignKey(
        "stores.Dealer", null=True, blank=True, on_delete=models.PROTECT, related_name="movements"
    )
    store = models.ForeignKey("stores.Store", null=True, blank=True, on_delete=models.PROTECT, related_name="movements")
    reference = models.CharField(max_length=60, blank=True, help_text=_("Delivery note or order number."))
    flag = models.CharField(
        max_length=60, blank=True, help_text=_("Code of a contradiction with custody, to be looked into.")
    )
    recorded_by = models.CharField(max_length=150)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(dealer__isnull=False, store__isnull=True)
                | models.Q(dealer__isnull=True, store__isnull=False),
                name="movement_one_partner",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["store", "-happened_at"], name="movement_store_newest"),
            models.Index(fields=["brand", "-happened_at"], name="movement_brand_newest"),
        ]
        triggers: ClassVar = [APPEND_ONLY]
        verbose_name = _("movement")
        verbose_name_plural = _("movements")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"


class MovementLine(models.Model):
    """A range of serials (of cases, pallets or loose items) that a movement moved, and how many items it brought."""

    id = models.BigAutoField(primary_key=True)
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="lines")
    serials = BigIntegerRangeField()
    items = models.PositiveIntegerField(
        help_text=_("Items inside at that moment, without those that the store had received already.")
    )

    class Meta:
        indexes: ClassVar = [GistIndex(fields=["serials"], name="movement_line_serials")]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.movement_id} {self.serials}"
