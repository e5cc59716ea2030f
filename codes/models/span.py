"""State by spans: what was said of a range of serials."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class Span(models.Model):
    """A statement about a range of serials of one order.

    The newest statement about a serial wins, except that an unrevoked freeze or recall always wins.
    Rows are never changed but for being revoked; no serial is under two unrevoked activations.
    """

    class Kind(models.TextChoices):
        ACTIVE = "active", _("active")
        VOIDED = "voided", _("voided")
        FROZEN = "frozen", _("frozen")
        RECALLED = "recalled", _("recalled")

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey("codes.CodeOrder", on_delete=models.PROTECT, related_name="spans")
    kind = models.CharField(max_length=8, choices=Kind)
    serials = BigIntegerRangeField()
    reason = models.CharField(max_length=200, blank=True)
    stated_by = models.CharField(max_length=150)
    stated_at = models.DateTimeField()
    revoked_by = models.CharField(max_length=150, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="span_activated_once",
                expressions=[("serials", RangeOperators.OVERLAPS)],
                condition=models.Q(kind="active", revoked_at__isnull=True),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="only_revoked", exclude=["revoked_by", "revoked_at"]),
        ]
        indexes: ClassVar = [
            GistIndex(fields=["serials"], name="span_serials_live", condition=models.Q(revoked_at__isnull=True)),
        ]
        verbose_name = _("span")
        verbose_name_plural = _("spans")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.serials}"

    @property
    def first_serial(self) -> int:
        return int(self.serials.lower)

    @property
    def last_serial(self) -> int:
        return int(self.serials.upper) - 1
