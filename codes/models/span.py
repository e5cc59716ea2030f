"""State by spans: what was said of a range of serials."""

import datetime as dt
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7


class Span(models.Model):
    """A statement about a range of serials of one order.

    The newest statement about a serial wins, except that an unrevoked freeze or recall always wins. A statement holds
    from `effective_at` on: whoever asks compares it with the present, so that nobody has to come by in time.
    Rows are never changed but for being revoked, voids not even that; no serial is under two unrevoked activations.
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
    effective_at = models.DateTimeField(
        help_text=_("From then on it holds; later than it was said for an activation alone.")
    )
    call = models.UUIDField(default=uuid7, editable=False, help_text=_("Ranges said together share it."))
    batch = models.ForeignKey(
        "codes.Batch",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text=_("Where it was said of the whole batch: later orders are frozen or recalled with it."),
    )
    revoked_by = models.CharField(max_length=150, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoke_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="span_activated_once",
                expressions=[("serials", RangeOperators.OVERLAPS)],
                condition=models.Q(kind="active", revoked_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=models.Q(effective_at=models.F("stated_at"))
                | models.Q(kind="active", effective_at__gt=models.F("stated_at")),
                name="span_only_activations_wait",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="voided") | models.Q(revoked_at__isnull=True), name="span_void_is_final"
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True, revoke_reason="", revoked_by="")
                | (models.Q(revoked_at__isnull=False) & ~models.Q(revoke_reason="") & ~models.Q(revoked_by="")),
                name="span_revoked_with_reason",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="only_revoked", exclude=["revoked_by", "revoked_at", "revoke_reason"]),
        ]
        indexes: ClassVar = [
            GistIndex(fields=["serials"], name="span_serials_live", condition=models.Q(revoked_at__isnull=True)),
            models.Index(fields=["call"], name="span_call"),
            models.Index(fields=["batch"], name="span_batch_held", condition=models.Q(batch__isnull=False)),
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

    def waits(self, now: dt.datetime) -> bool:
        """Whether it is still to take effect, and can be cancelled before it does."""
        return self.revoked_at is None and self.effective_at > now
