"""Orders of codes. An order of any size is one row: no row is kept per issued code."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

LAST_SERIAL = 2**40 - 1
CHANGES = (
    ("draft", "cancelled"),
    ("draft", "reviewed"),
    ("released", "cancelled"),
    ("released", "exported"),
    ("reviewed", "cancelled"),
    ("reviewed", "released"),
)
"""What may become of an order; docs/states.md says why."""


class SerialCounter(models.Model):
    """The one counter of serials. A block is taken by one UPDATE; serials are never given back."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    next_serial = models.BigIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="serial_counter_single"),
            models.CheckConstraint(
                condition=models.Q(next_serial__range=(1, LAST_SERIAL + 1)), name="serial_counter_40_bits"
            ),
        ]

    def __str__(self) -> str:
        return str(self.next_serial)


class CodeOrder(models.Model):
    """An order for units of one batch and level, with its whole serial block and the roles to print."""

    class State(models.TextChoices):
        DRAFT = "draft", _("waiting for review")
        REVIEWED = "reviewed", _("reviewed")
        RELEASED = "released", _("released for printing")
        EXPORTED = "exported", _("print file handed over")
        CANCELLED = "cancelled", _("cancelled")

    class Level(models.TextChoices):
        ITEM = "item", _("item")
        CASE = "case", _("case")
        PALLET = "pallet", _("pallet")

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="code_orders")
    batch = models.ForeignKey("codes.Batch", on_delete=models.PROTECT, related_name="code_orders")
    level = models.CharField(max_length=6, choices=Level)
    roles = ArrayField(models.PositiveSmallIntegerField(), help_text=_("Numbers of codes.formats.code_text.Role."))
    quantity = models.PositiveBigIntegerField(help_text=_("Units; each bears one mark per role."))
    serials = BigIntegerRangeField(help_text=_("The block: first serial, and the one after the last."))
    key_version = models.CharField(max_length=1)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    reviewed_by = models.CharField(max_length=150, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    exported_at = models.DateTimeField(null=True, blank=True, help_text=_("When its codes first left the house."))

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(name="code_order_serials_apart", expressions=[("serials", RangeOperators.OVERLAPS)]),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="code_order_not_empty"),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "cancelled"]) | ~models.Q(reviewed_by=""),
                name="code_order_reviewed",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by="") | ~models.Q(reviewed_by=models.F("created_by")),
                name="code_order_second_person",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["brand", "-created_at"], name="code_order_brand_newest")]
        triggers: ClassVar = [pgtrigger.FSM(name="allowed_moves", field="state", transitions=CHANGES)]
        permissions: ClassVar = [
            ("review_codeorder", _("Can review orders that another person placed")),
            ("release_codeorder", _("Can release reviewed orders for printing")),
            ("export_codeorder", _("Can have print files made and take them away")),
            ("activate_codeorder", _("Can activate, void, freeze and recall codes")),
        ]
        verbose_name = _("code order")
        verbose_name_plural = _("code orders")

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def first_serial(self) -> int:
        return int(self.serials.lower)

    @property
    def last_serial(self) -> int:
        return int(self.serials.upper) - 1
