"""The opening of an item, and the binding of the store (B) to the consumer (C) that it proves."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import APPEND_ONLY


class Opening(models.Model):
    """The first valid scan of an item's reward mark by a known consumer. One per item, for ever. Append-only."""

    serial = models.BigIntegerField(primary_key=True, help_text=_("Of the item."))
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey("codes.CodeOrder", on_delete=models.PROTECT, related_name="+", db_index=False)
    scan = models.OneToOneField("codes.Scan", on_delete=models.PROTECT, related_name="opening")
    consumer = models.ForeignKey(
        "consumers.Consumer", on_delete=models.PROTECT, related_name="openings", db_index=False
    )
    opened_at = models.DateTimeField()
    day = models.DateField(help_text=_("Business day of the brand."))

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["brand", "consumer", "opened_at"], name="opening_of_consumer"),
            models.Index(fields=["brand", "opened_at", "serial"], name="opening_brand_in_time"),
        ]
        triggers: ClassVar = [APPEND_ONLY]
        verbose_name = _("opening")
        verbose_name_plural = _("openings")

    def __str__(self) -> str:
        return str(self.serial)


class Binding(models.Model):
    """One opened item ↔ one store ↔ one consumer, with the confidence of the fused evidence."""

    opening = models.OneToOneField(Opening, primary_key=True, on_delete=models.PROTECT, related_name="binding")
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+", db_index=False)
    store = models.ForeignKey(
        "stores.Store",
        null=True,
        on_delete=models.PROTECT,
        related_name="bindings",
        db_index=False,
        help_text=_("Empty where no evidence points to a store."),
    )
    salesperson = models.ForeignKey(
        "stores.Salesperson",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text=_("Who looked after the store at the opening's time."),
    )
    consumer = models.ForeignKey(
        "consumers.Consumer", on_delete=models.PROTECT, related_name="bindings", db_index=False
    )
    confidence = models.FloatField(help_text=_("0 to 1: how sure the fused evidence makes us of the store."))
    day = models.DateField(help_text=_("Business day of the opening, copied for counting."))
    bound_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(confidence__range=(0, 1)), name="binding_confidence_share"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["store", "day"], name="binding_store_day", include=["consumer"]),
            models.Index(fields=["consumer"], name="binding_consumer"),
        ]
        verbose_name = _("binding")
        verbose_name_plural = _("bindings")

    def __str__(self) -> str:
        return f"{self.opening_id}: {self.store_id} ↔ {self.consumer_id}"


class Evidence(models.Model):
    """One piece of evidence for a store, kept with the binding so that the decision can be replayed. Append-only."""

    class Road(models.TextChoices):
        CASE = "case", _("the item's case was received by the store")
        B_CODE = "b_code", _("the store's B-code was scanned shortly before")
        PLACE = "place", _("the phone was at the store")
        C_CODE = "c_code", _("the store scanned the member code")
        SHARE = "share", _("a share link of the store led here")

    id = models.BigAutoField(primary_key=True)
    binding = models.ForeignKey(Binding, on_delete=models.PROTECT, related_name="evidence")
    store = models.ForeignKey("stores.Store", on_delete=models.PROTECT, related_name="+", db_index=False)
    road = models.CharField(max_length=6, choices=Road)
    weight = models.FloatField(help_text=_("0 to 1: how far this piece alone would convince."))
    facts = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(weight__range=(0, 1)), name="evidence_weight_share"),
        ]
        triggers: ClassVar = [APPEND_ONLY]
        verbose_name_plural = _("evidence")

    def __str__(self) -> str:
        return f"{self.road} {self.weight:.2f}"
