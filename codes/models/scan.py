"""What consumers did: scans, and the mark rows that remember who was first."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from codes.formats.code_text import Role
from core.models import APPEND_ONLY

NETWORK = "network(set_masklen({address}, CASE family({address}) WHEN 4 THEN 24 ELSE 48 END))"
"""The /24 or /48 that an address lies in, as SQL: just as the index has it."""


class Verdict(models.TextChoices):
    """The answer to a scan; the values are part of the public contract."""

    GENUINE_FIRST = "genuine_first", _("genuine, first scan")
    GENUINE_REPEAT = "genuine_repeat", _("genuine, scanned before")
    NOT_ACTIVATED = "not_activated", _("not activated")
    FROZEN = "frozen", _("frozen")
    RECALLED = "recalled", _("recalled")
    VOIDED = "voided", _("voided")
    UNKNOWN = "unknown", _("unknown")
    MALFORMED = "malformed", _("malformed")


FIRST_INSIDE = models.Q(verdict="genuine_first", role=int(Role.ITEM_INNER))
GUESS = models.Q(verdict="unknown")


class Scan(models.Model):
    """One scan by a visitor. Append-only. A scan posted twice under one nonce is kept once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey("stores.Brand", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    serial = models.BigIntegerField(null=True, help_text=_("Of the unit; empty where the text named none of ours."))
    role = models.PositiveSmallIntegerField(null=True, help_text=_("Of the mark; empty for a store's B-code."))
    store = models.ForeignKey(
        "stores.Store",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text=_("Whose B-code was scanned."),
    )
    masked_code = models.CharField(max_length=40, help_text=_("Never the whole code."))
    verdict = models.CharField(max_length=14, choices=Verdict)
    consumer = models.ForeignKey(
        "consumers.Consumer", null=True, on_delete=models.PROTECT, related_name="scans", db_index=False
    )
    visitor = models.CharField(max_length=40, help_text=_("Random name of the browser, from its signed cookie."))
    nonce = models.CharField(max_length=200, help_text=_("Idempotency key of the post, unique per visitor."))
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    region_code = models.CharField(max_length=6, blank=True)
    via = models.CharField(max_length=40, blank=True, help_text=_("Share link or channel that led here."))
    address = models.GenericIPAddressField(null=True)
    scanned_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visitor", "nonce"], name="scan_once_per_nonce"),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="scan_on_earth",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["serial", "role", "scanned_at"],
                name="scan_mark_history",
                condition=models.Q(serial__isnull=False),
            ),
            models.Index(
                fields=["consumer", "-scanned_at"],
                name="scan_b_code_of_consumer",
                condition=models.Q(store__isnull=False),
            ),
            models.Index(
                fields=["visitor", "-scanned_at"],
                name="scan_b_code_of_visitor",
                condition=models.Q(store__isnull=False),
            ),
            models.Index(fields=["visitor", "-scanned_at"], name="scan_first_of_visitor", condition=FIRST_INSIDE),
            models.Index(
                models.Func(models.F("address"), template=NETWORK.format(address="%(expressions)s")),
                models.F("scanned_at").desc(),
                name="scan_first_of_network",
                condition=FIRST_INSIDE,
            ),
            models.Index(fields=["visitor", "-scanned_at"], name="scan_guess_of_visitor", condition=GUESS),
            models.Index(fields=["consumer", "-scanned_at"], name="scan_guess_of_consumer", condition=GUESS),
            models.Index(fields=["address", "-scanned_at"], name="scan_guess_of_address", condition=GUESS),
            models.Index(fields=["-scanned_at"], name="scan_guess_in_time", condition=GUESS),
        ]
        triggers: ClassVar = [APPEND_ONLY]
        verbose_name = _("scan")
        verbose_name_plural = _("scans")

    def __str__(self) -> str:
        return f"{self.masked_code} {self.verdict}"


class Mark(models.Model):
    """A mark that was scanned while valid. The row's insertion decides, for good, which scan was the first."""

    id = models.BigIntegerField(primary_key=True, help_text=_("serial × 16 + role"))
    serial = models.BigIntegerField()
    role = models.PositiveSmallIntegerField()
    first_scan = models.ForeignKey(Scan, on_delete=models.PROTECT, related_name="+", db_index=False)
    first_scanned_at = models.DateTimeField()
    first_region_code = models.CharField(max_length=6, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(id=models.F("serial") * 16 + models.F("role")), name="mark_id_names_it"
            ),
        ]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.serial}/{self.role}"
