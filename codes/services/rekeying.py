"""Withdrawing a key that others may know: orders whose codes nobody has yet are enciphered under the present one."""

import datetime as dt
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.ciphers import code_cipher
from codes.models import CodeOrder, Download, PrintFile
from codes.services.exporting import ring_writer
from codes.services.ordering import files_with_codes_of
from codes.services.writing import writer_of
from core import audit
from core.errors import Conflict, Invalid
from core.models import AuditEntry

State = CodeOrder.State
UNWRITTEN = {
    "state": PrintFile.State.WAITING,
    "rows_done": 0,
    "sha256": "",
    "path": "",
    "size_bytes": None,
    "finished_at": None,
    "expires_at": None,
    "removed_at": None,
}
"""A print file as it was before anything of it was written."""
NOT_YET_OUT = (State.DRAFT, State.REVIEWED, State.RELEASED)


class FileBeingWritten(Conflict):
    code = "print_file_being_written"
    retry = True
    title = gettext_lazy("A print file of one of the orders is being written. Try again in a minute.")


class KeyWithdrawn(Conflict):
    code = "key_withdrawn"
    retry = True
    title = gettext_lazy("The key was withdrawn while the file was being written. Issue the codes again.")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What became of a key's orders: numbers of those that have another key now, and of those that can't have."""

    renewed: list[int]
    printed: list[int]


def withdraw_key(*, version: str, actor: str, now: dt.datetime) -> Withdrawal:
    """Give every order under `version` whose codes have not left the house the present issuing key.

    Its print files that nobody took away are written anew. Whatever was handed over, as a file or as a single mark,
    keeps its key: those orders are named, for freezing or recall. Asked twice, the second time finds nothing to do.

    Raises:
        Invalid: new orders still get this version, since it stands first in ONECODE_CODE_KEYS.
        FileBeingWritten: as it says; nothing was changed.
    """
    present = code_cipher().issuing_version
    if version == present:
        message = _("New orders still get this key. Put another first in ONECODE_CODE_KEYS and start all processes.")
        raise Invalid(fields={"version": [message]})
    with ExitStack() as held, transaction.atomic():
        orders = list(CodeOrder.objects.select_for_update(of=("self",)).filter(key_version=version).order_by("pk"))
        out = handed_over(version)
        done = Withdrawal([], [])
        for order in orders:
            if order.state in NOT_YET_OUT and order.pk not in out:
                renew(order, present, held=held, actor=actor, now=now)
                done.renewed.append(order.pk)
            elif order.state != State.CANCELLED:
                done.printed.append(order.pk)
        ring_writer()
    return done


def handed_over(version: str) -> set[int]:
    """Orders under this key of which somebody was handed a code: in a print file, or as a single mark."""
    taken = Download.objects.filter(file__order__key_version=version).values_list("file__order_id", flat=True)
    drawn = AuditEntry.objects.filter(action="mark.draw", object_kind="codeorder").values_list("object_id", flat=True)
    return {*taken.distinct(), *map(int, drawn.distinct())}


def renew(order: CodeOrder, version: str, *, held: ExitStack, actor: str, now: dt.datetime) -> None:
    """Change an order's key, and have its files begun anew; their writers are held off until the commit."""
    files = PrintFile.objects.filter(files_with_codes_of(order))
    hold_off_writers(files, held)
    files.update(**UNWRITTEN)
    before, order.key_version = order.key_version, version
    order.save(update_fields=["key_version"])
    audit.record(
        actor=actor,
        action="order.renew_key",
        subject=order,
        at=now,
        brand_slug=order.brand.slug,
        before={"key_version": before},
        after={"key_version": version},
    )


def hold_off_writers(files: QuerySet[PrintFile], held: ExitStack) -> None:
    """Take the files' session locks until `held` is left. Raises FileBeingWritten."""
    numbers: Iterable[int] = files.values_list("pk", flat=True)
    for number in numbers:
        if not held.enter_context(writer_of(number)):
            raise FileBeingWritten
