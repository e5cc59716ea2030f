"""Writing print files, in slices: after a kill, a file is cut back to its recorded rows and goes on from there.

A session lock of PostgreSQL gives each file one writer at a time, and ends with the writer's connection.
"""

import datetime as dt
import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedRandom
from itertools import takewhile
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet

from codes.ciphers import code_cipher
from codes.formats.keys import UnknownKeyVersion
from codes.models import PrintFile
from codes.printing.captions import Caption
from codes.printing.encrypted_zip import write_encrypted_zip
from codes.printing.labels import write_label_sheet
from codes.printing.print_file import render_chunk
from codes.printing.roll import RollRun
from codes.printing.run import PrintRun
from codes.sealing import unseal
from codes.services import parts
from codes.services.exporting import GOOD_FOR, write_audit
from codes.services.label_looks import caption_of, sheet_layout
from codes.services.runs import run_of, written_run
from codes.services.spans import LEAVES_THE_HOUSE
from core.sweeping import go_through

log = structlog.get_logger(__name__)
State = PrintFile.State
ACTOR = "system:print-files"
UNFINISHED = (State.WAITING, State.WRITING)
SLICE_CHUNKS = 64
LOCKS = 0x7072
"""First half of our session locks' names ("pr"); the second is the file's number."""
NEEDED = ("order__brand", "order__batch__product", "profile", "roll__case_order", "roll__pallet_order")
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
NO_ROOM = "The disk is full. The file is written by itself once there is room."


class DiskFull(Exception):  # noqa: N818 - it is no error
    """There is no room for what is still to be written."""


class Dropped(Exception):  # noqa: N818 - it is no error
    """The file is no longer wanted: its order was cancelled meanwhile."""


@dataclass(slots=True)
class Pen:
    """A part being written: where it stands, and the hash of what is in it."""

    out: BufferedRandom
    run: PrintRun | RollRun
    chunk: int
    digest: Any

    @property
    def rows(self) -> int:
        """Rows in the part."""
        return self.run.rows_before(self.chunk)


def write_waiting(*, clock: Callable[[], dt.datetime], until: dt.datetime) -> bool:
    """Write files that wait until there are none (False) or it is `until`, between slices (True: more is left).

    One at which something fails that nobody thought of is gone past; it waits as it was left.
    """
    left: list[int] = []

    def write(file_id: int) -> None:
        with writer_of(file_id) as is_ours:
            if is_ours and not write_file(file_id, clock=clock, until=until):
                left.append(file_id)

    waiting = unfinished().order_by("id").values_list("id", flat=True)
    go_through(takewhile(lambda _: not left, waiting), write, sweep="print_files.write")
    return bool(left)


def unfinished() -> QuerySet[PrintFile]:
    """Files to be written."""
    return PrintFile.objects.filter(state__in=UNFINISHED, order__state__in=LEAVES_THE_HOUSE)


@contextmanager
def writer_of(file_id: int) -> Iterator[bool]:
    """Hold the file's session lock; False where another writer has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, file_id % 2**31])
        is_ours = bool(cursor.fetchone()[0])
        try:
            yield is_ours
        finally:
            if is_ours:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, file_id % 2**31])


def write_file(file_id: int, *, clock: Callable[[], dt.datetime], until: dt.datetime) -> bool:
    """Go on with one file. True once nothing is left to be done for it, be it ready, failed or dropped."""
    file = unfinished().select_related(*NEEDED).filter(pk=file_id).first()
    if file is None:
        return True
    try:
        is_whole = WAYS[file.kind](file, clock=clock, until=until)
    except Dropped:
        parts.discard_of(file)
    except DiskFull:
        wait(file)
    except (OSError, UnknownKeyVersion, ValueError) as error:
        # the part goes first: on a full disk the database may need the room to take down the fault
        parts.discard_of(file)
        if isinstance(error, OSError) and error.errno in FULL:
            wait(file, rows_done=0)
        else:
            fail(file, fault_of(error))
    else:
        return is_whole
    return True


def write_csv(file: PrintFile, *, clock: Callable[[], dt.datetime], until: dt.datetime) -> bool:
    """Write slices of rows, or of ZPL labels, until the file is whole or it is `until`."""
    with parts.open_rows_of(file) as out:
        pen = resume(file, out)
        require_room(pen, copies=1)
        if not write_rows(file, pen, clock=clock, until=until):
            return False
        finish(file, sha256=pen.digest.hexdigest(), size=out.tell(), now=clock())
    return True


def write_zip(file: PrintFile, *, clock: Callable[[], dt.datetime], until: dt.datetime) -> bool:
    """Write the rows as for a CSV; once they are whole, seal them in one pass, which after a kill is done anew."""
    parts.discard(parts.part_of(parts.path_of(file)))
    with parts.open_rows_of(file) as rows:
        pen = resume(file, rows)
        require_room(pen, copies=2)
        if not write_rows(file, pen, clock=clock, until=until):
            return False
        seal_rows(file, rows, clock=clock)
    return True


def write_rows(file: PrintFile, pen: Pen, *, clock: Callable[[], dt.datetime], until: dt.datetime) -> bool:
    """Write slices until all rows are there (True) or it is `until` and some are missing (False)."""
    while pen.chunk < pen.run.chunks:
        write_slice(pen)
        record(file, rows_done=pen.rows)
        if clock() >= until and pen.chunk < pen.run.chunks:
            return False
    return True


def seal_rows(file: PrintFile, rows: BufferedRandom, *, clock: Callable[[], dt.datetime]) -> None:
    """Put the rows into the encrypted file and offer it; the rows themselves are gone before it is offered."""
    password = unseal(file.sealed_password)
    rows.seek(0)
    with parts.open_part_of(file) as out:
        write_encrypted_zip(
            out=out,
            source=rows,
            name=parts.rows_path_of(file).name,
            password=password,
            on_progress=lambda _done: record(file),
        )
        parts.keep(out)
        size = out.seek(0, 2)
        finish(file, sha256=parts.cut_back(out, size).hexdigest(), size=size, now=clock())


def resume(file: PrintFile, out: BufferedRandom) -> Pen:
    """Cut the part back to the recorded rows, or to the whole chunks that are left of them."""
    run = written_run(file)
    size = out.seek(0, 2)
    chunk = run.chunk_after(file.rows_done)
    while chunk and run.byte_offset(chunk) > size:
        chunk -= 1
    digest = parts.cut_back(out, run.byte_offset(chunk) if chunk else 0)
    if chunk == 0:
        out.write(run.header)
        digest.update(run.header)
    return Pen(out, run, chunk, digest)


def require_room(pen: Pen, *, copies: int) -> None:
    """Nothing is begun that can't be finished: whoever shares the disk may need the room. Raises DiskFull.

    `copies`: how often the rows will lie on the disk; sealed, they take no more room than in clear.
    """
    if parts.free_bytes() < copies * pen.run.byte_offset(pen.run.chunks) - pen.run.byte_offset(pen.chunk):
        raise DiskFull


def write_slice(pen: Pen) -> None:
    """Append a bounded number of rows, and see them on the disk."""
    end = min(pen.chunk + SLICE_CHUNKS, pen.run.chunks)
    for chunk in range(pen.chunk, end):
        block = rendered(pen.run, chunk)
        pen.out.write(block)
        pen.digest.update(block)
    parts.keep(pen.out)
    pen.chunk = end


def rendered(run: PrintRun | RollRun, chunk: int) -> memoryview | bytes:
    """The bytes of one chunk."""
    if isinstance(run, RollRun):
        return run.render(code_cipher(), chunk)
    return render_chunk(cipher=code_cipher(), run=run, chunk=chunk)


def write_labels(file: PrintFile, *, clock: Callable[[], dt.datetime], until: dt.datetime) -> bool:  # noqa: ARG001
    """Write a label sheet, small enough to be made in one go, and note each page that is drawn.

    Raises:
        Dropped: nobody wants it any more.
    """
    run = run_of(file.order, (file.serials.lower, file.serials.upper), file.url_prefix)
    caption = caption_of(file.order, file.labels, Caption("").shown)
    with parts.open_part_of(file) as out:
        out.truncate(0)
        write_label_sheet(
            out=out,
            cipher=code_cipher(),
            run=run,
            caption=caption,
            layout=sheet_layout(file.labels),
            on_progress=noting(file),
        )
        parts.keep(out)
        size = out.seek(0, 2)
        finish(file, sha256=parts.cut_back(out, size).hexdigest(), size=size, now=clock())
    return True


WAYS: dict[str, Callable[..., bool]] = {
    PrintFile.Kind.CSV: write_csv,
    PrintFile.Kind.ZIP: write_zip,
    PrintFile.Kind.LABELS: write_labels,
    PrintFile.Kind.ZPL: write_csv,
    PrintFile.Kind.ROLL: write_csv,
}


def record(file: PrintFile, **values: Any) -> None:
    """Note how far the file has come. Raises Dropped where nobody wants it any more."""
    if not unfinished().filter(pk=file.pk).update(**{"state": State.WRITING} | values):
        raise Dropped


def noting(file: PrintFile) -> Callable[[int], None]:
    """What is to be told how many rows of the file are done."""
    return lambda done: record(file, rows_done=done)


def finish(file: PrintFile, *, sha256: str, size: int, now: dt.datetime) -> None:
    """Offer the whole file, by its final name."""
    path = parts.path_of(file)
    with transaction.atomic():
        record(
            file,
            state=State.READY,
            fault="",
            rows_done=file.rows_total,
            path=parts.relative_path_of(file),
            sha256=sha256,
            size_bytes=size,
            finished_at=now,
            expires_at=now + GOOD_FOR,
        )
        file.state, file.sha256, file.expires_at = State.READY, sha256, now + GOOD_FOR
        write_audit(file, file.order, actor=ACTOR, action="print_file.ready", now=now)
        parts.complete(parts.part_of(path), path)
        # the rows of an encrypted file; before the commit, so that no ready file has them beside it
        parts.discard(parts.part_of(parts.rows_path_of(file)))


def wait(file: PrintFile, **values: Any) -> None:
    """Have the file go on by itself once there is room: beat comes by for all that wait."""
    log.warning("a print file waits for room on the disk", file=file.pk)
    unfinished().filter(pk=file.pk).update(**{"state": State.WAITING, "fault": NO_ROOM} | values)


def fail(file: PrintFile, fault: str) -> None:
    """Give the file up until somebody asks to try again."""
    log.error("a print file failed", file=file.pk, fault=fault)
    unfinished().filter(pk=file.pk).update(state=State.FAILED, fault=fault, rows_done=0)


def fault_of(error: Exception) -> str:
    """What went wrong, for people; without the private path."""
    if isinstance(error, OSError):
        return f"Disk: {error.strerror}."
    if isinstance(error, UnknownKeyVersion):
        return f"The key of this order is not in ONECODE_CODE_KEYS: {error}."
    return str(error)[:200]
