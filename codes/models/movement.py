"""What the supply chain did with units: an append-only history."""

from typing import ClassVar

from django.contrib.postgres.fields import BigIntegerRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import APPEND_ONLY


class Contradiction(models.TextChoices):
    """How a movement does not fit with custody or with what was sent; the gravest first."""

    MOVED_AFTER_DESTROYED = "moved_after_destroyed", _("moved after it was destroyed")
    RECEIVED_ELSEWHERE = "received_elsewhere", _("received by another than the one that it was sent to")
    RETURNED_ELSEWHERE = "returned_elsewhere", _("returned by one that never had it")
    DESTROYED_ELSEWHERE = "destroyed_elsewhere", _("destroyed by one that did not have it")
    SAMPLED_ELSEWHERE = "sampled_elsewhere", _("sampled at one that did not have it")
    MOVED_AFTER_SAMPLED = "moved_after_sampled", _("moved after it was taken as a sample")
    SHIPPED_FROM_A_STORE = "shipped_from_a_store", _("sent away from a store that has it")
    SHIPPED_TWICE = "shipped_twice", _("sent twice")
    RECEIVED_TWICE = "received_twice", _("received twice")
    RETURNED_TWICE = "returned_twice", _("returned twice")
    SHORT = "short", _("fewer than expected")
    SURPLUS = "surplus", _("more than expected")
    RECEIVED_NOT_SHIPPED = "received_not_shipped", _("received but never sent")
    RETURNED_NOT_RECEIVED = "returned_not_received", _("returned but never sent")
    DECLARED_AN_ERROR = "declared_an_error", _("declared to be an error by who reported it")


class Movement(models.Model):
    """A trace event. Facts are kept even when they contradict custody.

    Units were shipped to, received by or returned from a store or dealer; or they were destroyed, or taken as samples
    (laboratory, inspection, tasting), at a store, at a dealer or, where neither is named, at the brand itself.
    """

    class Kind(models.TextChoices):
        SHIP = "ship", _("shipped")
        RECEIVE = "receive", _("received")
        RETURN = "return", _("returned")
        DESTROY = "destroy", _("destroyed")
        SAMPLE = "sample", _("taken as sample")

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=8, choices=Kind)
    dealer = models.ForeignKey(
        "stores.Dealer", null=True, blank=True, on_delete=models.PROTECT, related_name="movements"
    )
    store = models.ForeignKey("stores.Store", null=True, blank=True, on_delete=models.PROTECT, related_name="movements")
    reference = models.CharField(max_length=60, blank=True, help_text=_("Delivery note or order number."))
    flag = models.CharField(
        max_length=60,
        blank=True,
        choices=Contradiction,
        help_text=_("Code of the gravest contradiction with custody, to be looked into."),
    )
    recorded_by = models.CharField(max_length=150)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(dealer__isnull=True, store__isnull=True, kind__in=["destroy", "sample"])
                | models.Q(dealer__isnull=False, store__isnull=True)
                | models.Q(dealer__isnull=True, store__isnull=False),
                name="movement_one_partner",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["store", "-happened_at"], name="movement_store_newest"),
            models.Index(fields=["brand", "-happened_at"], name="movement_brand_newest"),
            models.Index(
                fields=["brand", "reference"], name="movement_brand_reference", condition=~models.Q(reference="")
            ),
        ]
        triggers: ClassVar = [APPEND_ONLY]
        verbose_name = _("movement")
        verbose_name_plural = _("movements")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"


GONE = frozenset({Movement.Kind.DESTROY.value, Movement.Kind.SAMPLE.value})
"""After these kinds nobody has the goods any more."""


class MovementLine(models.Model):
    """A range of serials (of cases, pallets or loose items) that a movement moved, and how many items it brought."""

    id = models.BigAutoField(primary_key=True)
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="lines")
    serials = BigIntegerRangeField()
    items = models.PositiveIntegerField(
        help_text=_("Items inside at that moment, without those that the store had received already.")
    )
    counted = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("How many units were found directly inside of this one, where it was told.")
    )

    class Meta:
        indexes: ClassVar = [GistIndex(fields=["serials"], name="movement_line_serials")]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.movement_id} {self.serials}"
