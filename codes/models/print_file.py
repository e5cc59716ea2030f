"""Print files and who took them away."""

from typing import ClassVar

from django.contrib.postgres.fields import BigIntegerRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import APPEND_ONLY


class PrintFile(models.Model):
    """A print file of an order: made in slices by a worker, offered only when whole."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        WRITING = "writing", _("being written")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    class Kind(models.TextChoices):
        CSV = "csv", _("CSV for the printer")
        ZIP = "zip", _("CSV in an encrypted ZIP")
        LABELS = "labels", _("label sheets, PDF")
        ZPL = "zpl", _("ZPL for label printers")
        ROLL = "roll", _("pre-matched roll, CSV")

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey("codes.CodeOrder", on_delete=models.PROTECT, related_name="print_files")
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.CSV)
    profile = models.ForeignKey(
        "codes.PrinterProfile",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("How the rows are written; empty: the default."),
    )
    labels = models.JSONField(
        default=dict, blank=True, help_text=_("How labels look; of label sheets and ZPL alone, empty: the default.")
    )
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    recipient = models.CharField(max_length=80, help_text=_("Who will get it: printer or factory."))
    serials = BigIntegerRangeField(help_text=_("The part of the order that is printed."))
    url_prefix = models.CharField(
        max_length=200, help_text=_("What stands before each code; kept, so that a resumed file is of one piece.")
    )
    rows_done = models.PositiveBigIntegerField(default=0)
    rows_total = models.PositiveBigIntegerField()
    path = models.CharField(max_length=400, blank=True, help_text=_("Below the private files folder."))
    sha256 = models.CharField(max_length=64, blank=True)
    size_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    fault = models.CharField(max_length=200, blank=True)
    sealed_password = models.TextField(blank=True, editable=False, help_text=_("Of an encrypted file; never in clear."))
    downloads_allowed = models.PositiveSmallIntegerField(default=3)
    requested_by = models.CharField(max_length=150)
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text=_("From then on it is not given any more."))
    removed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When it was taken off the disk, its time being over.")
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(state="ready") | (~models.Q(sha256="") & ~models.Q(path="")),
                name="print_file_ready_is_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ready") | models.Q(expires_at__isnull=False), name="print_file_ready_expires"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="zip") ^ models.Q(sealed_password=""), name="print_file_zip_has_password"
            ),
            models.CheckConstraint(
                condition=models.Q(removed_at__isnull=True)
                | models.Q(state="ready", expires_at__lte=models.F("removed_at")),
                name="print_file_removed_when_over",
            ),
            models.CheckConstraint(
                condition=models.Q(labels={}) | models.Q(kind__in=["labels", "zpl"]), name="print_file_labels_look"
            ),
            models.CheckConstraint(
                condition=models.Q(rows_done__lte=models.F("rows_total")), name="print_file_rows_within_total"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"], name="print_file_unfinished", condition=models.Q(state__in=["waiting", "writing"])
            ),
            models.Index(
                fields=["expires_at"],
                name="print_file_on_disk",
                condition=models.Q(state="ready", removed_at__isnull=True),
            ),
        ]
        permissions: ClassVar = [("reveal_printfile", _("Can see the passwords of encrypted print files"))]
        verbose_name = _("print file")
        verbose_name_plural = _("print files")

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def first_serial(self) -> int:
        return int(self.serials.lower)

    @property
    def last_serial(self) -> int:
        return int(self.serials.upper) - 1


class Download(models.Model):
    """One handing-over of a print file. Append-only."""

    file = models.ForeignKey(PrintFile, on_delete=models.PROTECT, related_name="downloads")
    taken_by = models.CharField(max_length=150)
    taken_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    sha256 = models.CharField(max_length=64)

    class Meta:
        triggers: ClassVar = [APPEND_ONLY]
        verbose_name = _("download")
        verbose_name_plural = _("downloads")

    def __str__(self) -> str:
        return f"{self.file_id} {self.taken_by}"


class PasswordReveal(models.Model):
    """One showing of an encrypted print file's password to a person who did not take the file. Append-only."""

    file = models.ForeignKey(PrintFile, on_delete=models.PROTECT, related_name="reveals")
    shown_to = models.CharField(max_length=150)
    shown_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)

    class Meta:
        triggers: ClassVar = [APPEND_ONLY]
        verbose_name = _("showing of a password")
        verbose_name_plural = _("showings of passwords")

    def __str__(self) -> str:
        return f"{self.file_id} {self.shown_to}"
