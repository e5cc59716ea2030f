"""A writer of print files is killed with -9, among the rows or while it seals them; another one goes on."""

import datetime as dt
import os
import signal
import time
import traceback
import tracemalloc
from itertools import count

import pytest
import pyzipper
from django.db import connection

from codes.models import Download, PrintFile
from codes.printing.encrypted_zip import write_encrypted_zip
from codes.sealing import unseal
from codes.services import parts, writing
from codes.services.downloading import take_file
from codes.services.exporting import FileState, WantedFile, request_print_file
from tests.factories.codes import make_order
from tests.factories.stores import NOON

pytestmark = [pytest.mark.faults]
UNITS = 20_000
LONGEST = 120
"""Seconds after which a writer that nobody kills goes on."""


def write_until(far, slow):
    """Write what waits, and stay there once so many slices, or pieces of the sealed file, are written.

    It is on a connection of this process's own; the inherited one is not closed, since its other end is the parent's.
    """
    vars(connection)["inherited"] = connection.connection
    connection.connection = None
    writing.SLICE_CHUNKS = 1
    write_slice, seal, done = writing.write_slice, writing.write_encrypted_zip, count(1)

    def stay(part):
        if part == slow and next(done) == far:
            time.sleep(LONGEST)

    def slice_by_slice(pen):
        write_slice(pen)
        stay("rows")

    def sealing(*, on_progress, **rest):
        seal(on_progress=lambda size: (on_progress(size), stay("sealing")), **rest)

    writing.write_slice, writing.write_encrypted_zip = slice_by_slice, sealing
    writing.write_waiting(clock=lambda: NOON, until=NOON + dt.timedelta(hours=1))


def begun_writer(slow):
    """The number of a process that writes what waits."""
    writer = os.fork()
    if writer:
        return writer
    try:
        write_until(2, slow)
    except BaseException:  # noqa: BLE001 - it must not go on with the tests
        traceback.print_exc()
    finally:
        os._exit(1)


def killed_writer(slow, is_far_enough):
    """Start a writer, and kill it with -9 once it has come far enough."""
    writer = begun_writer(slow)
    try:
        while not is_far_enough():
            ended = os.waitid(os.P_PID, writer, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            assert ended is None, "the writer ended by itself"
            time.sleep(0.01)
    finally:
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)


def has_rows(file):
    """Whether the writer has noted that some are done."""
    return PrintFile.objects.filter(pk=file.pk, state="writing", rows_done__gt=0).exists()


def waiting_file():
    order = make_order(quantity=UNITS)
    wanted = WantedFile("printer", kind="zip")
    return request_print_file(brand=order.brand, order_id=order.pk, wanted=wanted, actor="user:ann", now=NOON)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("slow", ["rows", "sealing"])
def test_of_a_writer_that_is_killed_no_half_file_is_offered_and_another_goes_on(settings, tmp_path, slow):
    settings.PRIVATE_FILES = tmp_path
    file = waiting_file()
    rows, sealed = parts.part_of(parts.rows_path_of(file)), parts.part_of(parts.path_of(file))
    watched = rows if slow == "rows" else sealed
    killed_writer(slow, lambda: has_rows(file) and watched.exists() and watched.stat().st_size > 100_000)
    file.refresh_from_db()
    assert (file.state, file.sha256, parts.path_of(file).exists()) == ("writing", "", False)
    with pytest.raises(FileState):
        take_file(brand=file.order.brand, file_id=file.pk, actor="user:bob", address=None, now=NOON)
    assert not Download.objects.exists()
    done_before = file.rows_done

    for _ in range(200):  # the server may need a moment to see that the killed writer's lock is free
        writing.write_waiting(clock=lambda: NOON, until=NOON)
        file.refresh_from_db()
        if file.state == "ready":
            break
        time.sleep(0.02)
    assert (file.state, file.rows_done) == ("ready", UNITS * 2)
    assert 0 < done_before <= UNITS * 2
    taken = take_file(brand=file.order.brand, file_id=file.pk, actor="user:bob", address=None, now=NOON)
    with pyzipper.AESZipFile(taken.path) as archive:
        body = archive.read(parts.rows_path_of(file).name, pwd=unseal(file.sealed_password).encode())
    lines = body.split(b"\r\n")
    assert (len(lines), lines[0], lines[-1]) == (UNITS * 2 + 2, b"serial,role,code,url", b"")
    assert len(set(lines)) == len(lines)
    assert [path.name for path in parts.path_of(file).parent.iterdir()] == [parts.path_of(file).name]
    assert PrintFile.objects.count() == 1


class Endless:
    """So many bytes that are nowhere."""

    def __init__(self, size):
        self.left = size

    def read(self, count):
        piece = os.urandom(min(count, self.left))
        self.left -= len(piece)
        return piece


def peak_of(path, megabytes):
    """Bytes of memory at most while so much is sealed."""
    tracemalloc.start()
    try:
        with path.open("w+b") as out:
            write_encrypted_zip(out=out, source=Endless(megabytes << 20), name="x.csv", password="p" * 20)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_sealing_takes_the_same_memory_whatever_the_size(tmp_path):
    small, large = peak_of(tmp_path / "small", 2), peak_of(tmp_path / "large", 12)
    assert large < 1.2 * small + (1 << 20)
    assert large < 8 << 20
