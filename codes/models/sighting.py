"""What the scans say of where goods are seen: derived from the histories, beside the way of a scan."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sighting(models.Model):
    """A scan with a place, and whose goods they were at that moment. May be made anew from the histories."""

    class Cause(models.TextChoices):
        HOME = "home", _("where it may be sold")
        FOREIGN = "foreign", _("where it may not be sold")
        NOT_ACTIVATED = "not_activated", _("not activated")
        NOT_SHIPPED = "not_shipped", _("not shipped")
        UNKNOWN = "unknown", _("not ours")

    scan = models.OneToOneField("codes.Scan", primary_key=True, on_delete=models.PROTECT, related_name="sighting")
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+", db_index=False)
    cause = models.CharField(max_length=13, choices=Cause)
    code = models.CharField(
        max_length=40, help_text=_("Which code: the serial, or where there is none the masked code.")
    )
    serial = models.BigIntegerField(null=True)
    person = models.CharField(max_length=40, help_text=_("Name of the consumer, or else of the browser."))
    area = models.ForeignKey(
        "stores.Region",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text=_("The city, or a municipality."),
    )
    region_code = models.CharField(max_length=6)
    shipment = models.ForeignKey(
        "codes.Movement", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    dealer = models.ForeignKey("stores.Dealer", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    store = models.ForeignKey("stores.Store", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    distance_m = models.FloatField(null=True, help_text=_("To the dealer's territory, at least."))
    seen_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["shipment", "seen_at"],
                name="sighting_of_shipment",
                condition=models.Q(shipment__isnull=False),
            ),
            models.Index(fields=["brand", "cause", "area", "seen_at"], name="sighting_cluster"),
            models.Index(fields=["serial"], name="sighting_not_shipped", condition=models.Q(cause="not_shipped")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.cause} {self.area_id}"


class ForeignReceipt(models.Model):
    """A store received goods of a shipment that may not be sold in its region. Derived, as sightings are."""

    id = models.BigAutoField(primary_key=True)
    movement = models.ForeignKey("codes.Movement", on_delete=models.PROTECT, related_name="+", db_index=False)
    shipment = models.ForeignKey("codes.Movement", on_delete=models.PROTECT, related_name="+", db_index=False)
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+", db_index=False)
    dealer = models.ForeignKey("stores.Dealer", on_delete=models.PROTECT, related_name="+", db_index=False)
    store = models.ForeignKey("stores.Store", on_delete=models.PROTECT, related_name="+", db_index=False)
    area = models.ForeignKey("stores.Region", on_delete=models.PROTECT, related_name="+", db_index=False)
    items = models.PositiveIntegerField()
    distance_m = models.FloatField(null=True, help_text=_("From the store to the dealer's territory."))
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["movement", "shipment"], name="foreign_receipt_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shipment", "area", "received_at"], name="foreign_receipt_of_shipment"),
        ]

    def __str__(self) -> str:
        return f"{self.movement_id} {self.shipment_id}"


class CaseCursor(models.Model):
    """How far a history has been examined. Its row's lock is held while a batch is."""

    name = models.CharField(primary_key=True, max_length=10)
    position = models.CharField(max_length=36, blank=True, help_text=_("Key of the last examined row."))

    def __str__(self) -> str:
        return f"{self.name} {self.position}"


class ExaminationFault(models.Model):
    """A scan or movement that could not be examined: gone past, and tried again at `next_at` until it can be."""

    class History(models.TextChoices):
        SCANS = "scans", _("scan")
        MOVEMENTS = "movements", _("movement")

    id = models.BigAutoField(primary_key=True)
    history = models.CharField(max_length=9, choices=History)
    row = models.CharField(max_length=36, help_text=_("Key of the scan or movement."))
    brand = models.ForeignKey("stores.Brand", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    fault = models.CharField(max_length=200, help_text=_("What went wrong the last time."))
    attempts = models.PositiveIntegerField(default=1)
    failed_at = models.DateTimeField(help_text=_("For the first time."))
    next_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["history", "row"], name="examination_fault_once")]
        indexes: ClassVar = [models.Index(fields=["next_at"], name="examination_fault_due")]
        verbose_name = _("row that could not be examined")
        verbose_name_plural = _("rows that could not be examined")

    def __str__(self) -> str:
        return f"{self.history} {self.row}"
