"""Print files: asked for, tried again, and the downloads they are good for."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.formats.digital_link import short_prefix
from codes.formats.serials import SerialRange
from codes.models import CodeOrder, PrinterProfile, PrintFile
from codes.printing.encrypted_zip import new_password
from codes.printing.labels import MAXIMUM_LABELS
from codes.sealing import seal
from codes.services.label_looks import WITH_LABELS, checked_labels
from codes.services.locking import lock_order
from codes.services.ordering import OrderState
from codes.services.profiles import profile_named
from codes.services.spans import LEAVES_THE_HOUSE, bounds_within
from core import audit, bell
from core.errors import Conflict, Invalid, NotFound
from stores.models import Brand

WRITER = "codes.tasks.write_waiting_files"
RECIPIENT_LENGTH = 80
MOST_DOWNLOADS = 1_000
GOOD_FOR = dt.timedelta(days=14)
"""How long a file can be taken away once it is ready, unless it is prolonged."""

MOST_DAYS = 365


class FileState(Conflict):
    code = "print_file_state"
    title = gettext_lazy("The print file's state does not allow this.")


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A print file that somebody needs: for whom, of which kind, of which part of the order (None: all of it).

    `profile` is the name of a printer profile; empty: the default.
    """

    recipient: str
    kind: str = PrintFile.Kind.CSV
    serials: SerialRange | None = None
    profile: str = ""
    labels: Mapping[str, Any] = field(default_factory=dict)
    """How labels look, of sheets and ZPL: see `codes.services.label_looks`; empty: the default."""


def request_print_file(*, brand: Brand, order_id: int, wanted: WantedFile, actor: str, now: dt.datetime) -> PrintFile:
    """Have a worker write the file. Asked again for the same recipient and part, it answers the same file.

    Raises:
        NotFound: the brand has no such order.
        OrderState: the order is not released.
        Invalid: no recipient, serials outside of the order, no such profile, more labels than a PDF holds, or labels
            that do not fit.
    """
    recipient = checked_recipient(wanted.recipient)
    with transaction.atomic():
        order = lock_order(order_id, brand)
        if order.state not in LEAVES_THE_HOUSE:
            raise OrderState(_("Only a released order can be printed."), state=order.state)
        bounds = bounds_within(order, wanted.serials)
        rows = (bounds[1] - bounds[0]) * len(order.roles)
        check_labels(wanted.kind, rows, roles=len(order.roles))
        profile = wanted_profile(brand, wanted)
        prefix = short_prefix(settings.PUBLIC_URL)
        labels = checked_labels(order, wanted.kind, wanted.labels, prefix)
        same = {
            "kind": wanted.kind,
            "profile": profile,
            "labels": labels,
            "recipient": recipient,
            "serials": bounds,
        }
        earlier = order.print_files.filter(**same).first()
        if earlier is not None:
            return earlier
        file = PrintFile.objects.create(
            order=order,
            url_prefix=prefix,
            rows_total=rows,
            sealed_password=sealed_password_for(wanted.kind),
            requested_by=actor,
            requested_at=now,
            **same,
        )
        file.refresh_from_db(fields=["serials"])
        write_audit(file, order, actor=actor, action="print_file.request", now=now)
        ring_writer()
    return file


def retry_print_file(*, brand: Brand, file_id: int, actor: str, now: dt.datetime) -> PrintFile:
    """Let a file that failed, or was taken off the disk, be written anew; any other is answered as it is.

    An encrypted file gets a new password, unless somebody was shown the present one. Raises NotFound, OrderState.
    """
    with transaction.atomic():
        file = lock_file(file_id, brand)
        if file.order.state not in LEAVES_THE_HOUSE:
            raise OrderState(state=file.order.state)
        if file.state != PrintFile.State.FAILED and file.removed_at is None:
            return file
        file.state, file.fault, file.rows_done = PrintFile.State.WAITING, "", 0
        file.expires_at = file.removed_at = file.finished_at = None
        if not file.reveals.exists():
            file.sealed_password = sealed_password_for(file.kind)
        file.save(
            update_fields=[
                "state",
                "fault",
                "rows_done",
                "sealed_password",
                *("expires_at", "removed_at", "finished_at"),
            ]
        )
        write_audit(file, file.order, actor=actor, action="print_file.retry", now=now)
        ring_writer()
    return file


def grant_downloads(*, brand: Brand, file_id: int, more: int, actor: str, now: dt.datetime) -> PrintFile:
    """Allow `more` further downloads. Raises NotFound, and Invalid where `more` is not 1 to 1,000 in all."""
    with transaction.atomic():
        file = lock_file(file_id, brand)
        if more < 1 or file.downloads_allowed + more > MOST_DOWNLOADS:
            message = _("Grant at least one, and at most %(most)d in all.") % {"most": MOST_DOWNLOADS}
            raise Invalid(fields={"more": [message]})
        file.downloads_allowed += more
        file.save(update_fields=["downloads_allowed"])
        write_audit(file, file.order, actor=actor, action="print_file.grant_downloads", now=now)
    return file


def prolong_file(*, brand: Brand, file_id: int, days: int, actor: str, now: dt.datetime) -> PrintFile:
    """Let a ready file be taken for `days` from now; never for less than it can be already.

    Raises:
        NotFound: the brand has no such file.
        FileState: it is not ready.
        Invalid: `days` is not 1 to 365.
    """
    if not 1 <= days <= MOST_DAYS:
        message = _("Choose 1 to %(most)d days.") % {"most": MOST_DAYS}
        raise Invalid(fields={"days": [message]})
    with transaction.atomic():
        file = lock_file(file_id, brand)
        if file.state != PrintFile.State.READY or file.expires_at is None:
            raise FileState(_("The file is not ready."), state=file.state, fault=file.fault)
        if file.removed_at is not None:
            raise FileState(_("The file was taken off the disk. Have it written again."), state=file.state)
        file.expires_at = max(file.expires_at, now + dt.timedelta(days=days))
        file.save(update_fields=["expires_at"])
        write_audit(file, file.order, actor=actor, action="print_file.prolong", now=now)
    return file


def lock_file(file_id: int, brand: Brand) -> PrintFile:
    """The brand's print file, its row locked. Raises NotFound."""
    rows = PrintFile.objects.select_for_update(of=("self",)).select_related("order__brand")
    file = rows.filter(pk=file_id, order__brand=brand).first()
    if file is None:
        raise NotFound
    return file


def checked_recipient(text: str) -> str:
    """The recipient without blanks around it; a file without one could not be traced when it leaks."""
    recipient = text.strip()
    if not 1 <= len(recipient) <= RECIPIENT_LENGTH:
        message = _("Name who will get the file, in 1 to %(most)d characters.") % {"most": RECIPIENT_LENGTH}
        raise Invalid(fields={"recipient": [message]})
    return recipient


def wanted_profile(brand: Brand, wanted: WantedFile) -> PrinterProfile | None:
    """The profile that the rows are to be written by. Raises Invalid for one that is not there or does not fit."""
    if wanted.profile and wanted.kind in WITH_LABELS:
        raise Invalid(fields={"profile": [_("Labels have no rows: leave the profile empty.")]})
    return profile_named(brand, wanted.profile)


def sealed_password_for(kind: str) -> str:
    """A new password, sealed; none for a file that is not encrypted."""
    return seal(new_password()) if kind == PrintFile.Kind.ZIP else ""


def check_labels(kind: str, rows: int, *, roles: int) -> None:
    """Label sheets are for samples and small orders; each unit has a label for each of its roles."""
    if kind == PrintFile.Kind.LABELS and rows > MAXIMUM_LABELS:
        message = _("%(rows)d labels are too many for one PDF: choose a range of at most %(most)d units.")
        raise Invalid(fields={"serials": [message % {"rows": rows, "most": MAXIMUM_LABELS // roles}]})


def ring_writer() -> None:
    """After the commit, wake the worker that writes print files (named, since tasks stand above services)."""
    bell.ring_on_commit(current_app.signature(WRITER))


def write_audit(file: PrintFile, order: CodeOrder, *, actor: str, action: str, now: dt.datetime) -> None:
    """One entry about a print file, under its order's brand."""
    audit.record(
        actor=actor,
        action=action,
        subject=file,
        at=now,
        brand_slug=order.brand.slug,
        after={
            "order": order.pk,
            "kind": file.kind,
            "profile": file.profile.name if file.profile else "",
            "labels": file.labels,
            "recipient": file.recipient,
            "state": file.state,
            "rows": file.rows_total,
            "sha256": file.sha256,
            "downloads_allowed": file.downloads_allowed,
            "expires_at": file.expires_at and file.expires_at.isoformat(),
        },
    )
