"""Taking a print file away: each time is a row that tells who, when, from where and what (custody)."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.models import Download, PrintFile, Roll
from codes.services.exporting import FileState, lock_file, write_audit
from codes.services.ordering import mark_exported
from core.errors import Conflict, NotFound
from stores.models import Brand


class DownloadsSpent(Conflict):
    code = "downloads_spent"
    title = gettext_lazy("This file was taken away as often as is allowed. An administrator can grant more downloads.")


class FileExpired(Conflict):
    code = "print_file_expired"
    title = gettext_lazy("The time for taking this file away is over. An administrator can prolong it.")


class PasswordApart(Conflict):
    code = "password_apart"
    title = gettext_lazy("The file and its password go to different people: you have had the other one.")


class FileMissing(Conflict):
    code = "print_file_missing"
    title = gettext_lazy("The file is no longer on the disk. Have it written again.")


@dataclass(frozen=True, slots=True)
class Handover:
    """A whole file to be streamed to whoever takes it."""

    path: Path
    name: str
    sha256: str
    size: int


def take_file(*, brand: Brand, file_id: int, actor: str, address: str | None, now: dt.datetime) -> Handover:
    """Note a download and answer where the file lies. The order counts as exported from the first one on.

    Raises:
        NotFound: the brand has no such file.
        FileState: the file is not ready; `state` and `fault` are among the facts.
        OrderState: the order was cancelled.
        FileExpired: its time is over; `expires_at` is among the facts.
        PasswordApart: `actor` has been shown the file's password.
        DownloadsSpent: it was taken as often as is allowed.
        FileMissing: the row is there but the file on the disk is not, or is not whole.
    """
    with transaction.atomic():
        order_id = PrintFile.objects.filter(pk=file_id, order__brand=brand).values_list("order_id", flat=True).first()
        if order_id is None:
            raise NotFound
        # first the order, then the file: the order in which all take their locks
        order = mark_exported(order_id=order_id, brand=brand, actor=actor, now=now)
        for number in holders_of(file_id):
            mark_exported(order_id=number, brand=brand, actor=actor, now=now)
        file = lock_file(file_id, brand)
        if file.state != PrintFile.State.READY:
            raise FileState(_("The file is not ready."), state=file.state, fault=file.fault)
        if file.expires_at is not None and file.expires_at <= now:
            raise FileExpired(expires_at=file.expires_at.isoformat())
        if file.reveals.filter(shown_to=actor).exists():
            raise PasswordApart
        if file.downloads.count() >= file.downloads_allowed:
            raise DownloadsSpent(downloads_allowed=file.downloads_allowed)
        handover = handover_of(file)
        Download.objects.create(file=file, taken_by=actor, taken_at=now, address=address, sha256=file.sha256)
        write_audit(file, order, actor=actor, action="print_file.download", now=now)
    return handover


def holders_of(file_id: int) -> list[int]:
    """The orders of cases and pallets whose codes are in the file too: those of a pre-matched roll."""
    rolls = Roll.objects.filter(file_id=file_id).values_list("case_order_id", "pallet_order_id")
    return sorted({number for roll in rolls for number in roll if number is not None})


def handover_of(file: PrintFile) -> Handover:
    """Where a ready file lies, after a look whether it does."""
    path = Path(settings.PRIVATE_FILES) / file.path
    size = file.size_bytes or 0
    if not path.is_file() or path.stat().st_size != size:
        raise FileMissing
    return Handover(path, path.name, file.sha256, size)
