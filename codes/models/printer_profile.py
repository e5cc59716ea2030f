"""How a printer wants its files."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from codes.printing.layout import COLUMNS, DELIMITERS, LINE_ENDINGS, RowLayout

POSSIBLE = _(
    "Some of serial, role, code and url, each once, and code or url among them; without role where a row holds a unit."
)


class PrinterProfile(models.Model):
    """Which columns a printer's files have, and how they are written.

    Never changed, since files go on being written by it: retire it and add another.
    """

    class Column(models.TextChoices):
        SERIAL = "serial", _("serial")
        ROLE = "role", _("role of the mark")
        CODE = "code", _("code")
        URL = "url", _("address with the code")

    class Delimiter(models.TextChoices):
        COMMA = "comma", _("comma")
        SEMICOLON = "semicolon", _("semicolon")
        TAB = "tab", _("tab")
        BAR = "bar", _("vertical bar")

    class LineEnding(models.TextChoices):
        CRLF = "crlf", _("CR LF (Windows)")
        LF = "lf", _("LF (Unix)")

    brand = models.ForeignKey("stores.Brand", on_delete=models.PROTECT, related_name="printer_profiles")
    name = models.CharField(max_length=40)
    columns = ArrayField(
        models.CharField(max_length=6, choices=Column),
        help_text=_("In their order, with commas between: some of serial, role, code and url; code or url is needed."),
    )
    delimiter = models.CharField(max_length=9, choices=Delimiter, default=Delimiter.COMMA)
    line_ending = models.CharField(max_length=4, choices=LineEnding, default=LineEnding.CRLF)
    has_header = models.BooleanField(default=True)
    one_row_a_unit = models.BooleanField(
        default=False, help_text=_("All marks of a unit in one row, instead of a row for each mark.")
    )
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brand", "name"], name="printer_profile_name_once"),
            models.CheckConstraint(
                condition=models.Q(columns__contained_by=list(COLUMNS)) & models.Q(columns__overlap=["code", "url"]),
                name="printer_profile_columns",
                violation_error_message=POSSIBLE,
            ),
            models.CheckConstraint(
                condition=models.Q(one_row_a_unit=False) | ~models.Q(columns__contains=["role"]),
                name="printer_profile_unit_row_without_role",
                violation_error_message=POSSIBLE,
            ),
            models.CheckConstraint(
                condition=models.Q(delimiter__in=list(DELIMITERS)) & models.Q(line_ending__in=list(LINE_ENDINGS)),
                name="printer_profile_known_signs",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.ReadOnly(name="never_changed", exclude=["retired_at"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]
        verbose_name = _("printer profile")
        verbose_name_plural = _("printer profiles")

    def __str__(self) -> str:
        return self.name

    @property
    def layout(self) -> RowLayout:
        """As the writer of files wants it."""
        return RowLayout(
            columns=tuple(self.columns),
            delimiter=DELIMITERS[self.delimiter],
            line_ending=LINE_ENDINGS[self.line_ending],
            has_header=self.has_header,
            one_row_a_unit=self.one_row_a_unit,
        )
