import datetime as dt
import errno
import hashlib

import pytest

from codes.ciphers import code_cipher
from codes.models import PrintFile
from codes.printing.run import CHUNK_UNITS
from codes.services import parts, writing
from codes.services.exporting import WantedFile, request_print_file, retry_print_file
from codes.services.ordering import cancel_order
from codes.tasks import write_waiting_files
from core import bell
from core.models import AuditEntry
from tests.factories.codes import make_order
from tests.factories.stores import NOON
from tests.locks import held_elsewhere

pytestmark = pytest.mark.django_db
SLICE = writing.SLICE_CHUNKS * CHUNK_UNITS
LATER, AT_ONCE = NOON + dt.timedelta(hours=1), NOON


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.PRIVATE_FILES = tmp_path / "files"
    return settings.PRIVATE_FILES


@pytest.fixture
def small_slices(monkeypatch):
    monkeypatch.setattr(writing, "SLICE_CHUNKS", 1)


def request(quantity=10, kind="csv"):
    order = make_order(quantity=quantity)
    wanted = WantedFile(recipient="printer", kind=kind)
    return request_print_file(brand=order.brand, order_id=order.pk, wanted=wanted, actor="user:ann", now=NOON)


def write(until=LATER):
    return writing.write_waiting(clock=lambda: NOON, until=until)


def content(file):
    file.refresh_from_db()
    return parts.path_of(file).read_bytes()


def test_a_file_is_written_whole_with_its_hash_and_size():
    file = request()
    assert write() is False
    body = content(file)
    assert (file.state, file.rows_done, file.finished_at) == ("ready", 20, NOON)
    assert (file.sha256, file.size_bytes) == (hashlib.sha256(body).hexdigest(), len(body))
    assert AuditEntry.objects.get(action="print_file.ready").after["sha256"] == file.sha256


def test_each_row_tells_serial_role_code_and_address():
    file = request(quantity=1)
    write()
    header, _outer, inner, end = content(file).decode().split("\r\n")
    serial, role, code, url = inner.split(",")
    assert (header, end, role) == ("serial,role,code,url", "", "item_inner")
    assert int(serial) == file.order.first_serial
    assert code_cipher().decode(code).serial == file.order.first_serial
    assert url == f"HTTP://127.0.0.1:8000/C/{code}"


def test_only_their_owner_reads_the_files(folder):
    file = request()
    write()
    assert oct(parts.path_of(file).stat().st_mode)[-3:] == "600"
    assert oct((folder / "print").stat().st_mode)[-3:] == "700"


def test_a_file_is_not_offered_before_it_is_whole(small_slices, folder):
    file = request(quantity=3 * CHUNK_UNITS)
    assert write(until=AT_ONCE) is True
    file.refresh_from_db()
    assert (file.state, file.rows_done) == ("writing", 2 * CHUNK_UNITS)
    assert [path.suffix for path in (folder / "print").iterdir()] == [".part"]


def test_a_file_is_finished_turn_by_turn(small_slices):
    file = request(quantity=2 * CHUNK_UNITS + 5)
    whole = writing.run_of(file.order, (file.serials.lower, file.serials.upper), file.url_prefix)
    assert [write(until=AT_ONCE) for _ in range(3)] == [True, True, False]
    assert len(content(file)) == whole.byte_offset(whole.chunks)


@pytest.mark.faults
@pytest.mark.parametrize("damage", [b"", b"half a row", b"x" * 500_000])
def test_a_killed_writer_leaves_a_file_that_comes_out_byte_for_byte(small_slices, damage):
    undisturbed = request(quantity=3 * CHUNK_UNITS + 7)
    write()
    killed = request_print_file(
        brand=undisturbed.order.brand,
        order_id=undisturbed.order_id,
        wanted=WantedFile(recipient="another"),
        actor="user:ann",
        now=NOON,
    )
    write(until=AT_ONCE)
    with parts.part_of(parts.path_of(killed)).open("ab") as part:
        part.write(damage)
    write()
    assert content(killed) == content(undisturbed)
    assert killed.sha256 == undisturbed.sha256


@pytest.mark.faults
@pytest.mark.parametrize("kept", [0, 10, 300_000])
def test_a_part_that_lost_rows_goes_on_from_what_is_left(small_slices, kept):
    file = request(quantity=3 * CHUNK_UNITS + 7)
    write(until=AT_ONCE)
    write(until=AT_ONCE)
    part = parts.part_of(parts.path_of(file))
    with part.open("r+b") as out:
        out.truncate(kept)
    write()
    whole = writing.run_of(file.order, (file.serials.lower, file.serials.upper), file.url_prefix)
    body = content(file)
    assert len(body) == whole.byte_offset(whole.chunks)
    assert body.count(b"\r\n") == file.rows_total + 1
    assert hashlib.sha256(body).hexdigest() == file.sha256


@pytest.mark.faults
def test_a_full_disk_has_the_file_wait_and_leaves_nothing(monkeypatch, folder):
    file = request()

    def full(out):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(parts, "keep", full)
    assert write() is False
    file.refresh_from_db()
    assert (file.state, file.rows_done) == ("waiting", 0)
    assert file.fault == "The disk is full. The file is written by itself once there is room."
    assert list((folder / "print").iterdir()) == []
    monkeypatch.undo()
    assert write() is False
    file.refresh_from_db()
    assert (file.state, file.fault) == ("ready", "")


def test_a_failed_file_comes_out_well_when_tried_again(folder):
    file = request()
    folder.mkdir()
    (folder / "print").write_text("in the way")
    write()
    file.refresh_from_db()
    assert (file.state, file.fault) == ("failed", "Disk: File exists.")
    (folder / "print").unlink()
    retry_print_file(brand=file.order.brand, file_id=file.pk, actor="user:ann", now=NOON)
    write()
    assert content(file).count(b"\r\n") == 21


def test_a_key_that_is_gone_is_named(settings):
    file = request()
    settings.CODE_KEYS = "2:" + "ab" * 32
    write()
    file.refresh_from_db()
    assert (file.state, "ONECODE_CODE_KEYS" in file.fault) == ("failed", True)


def test_another_fault_is_told_as_it_is():
    assert writing.fault_of(ValueError("a wrong address")) == "a wrong address"


def test_an_order_that_is_cancelled_meanwhile_is_dropped(small_slices, folder, monkeypatch):
    file = request(quantity=3 * CHUNK_UNITS)
    slices = []

    def cancel_after_the_first(pen, write_slice=writing.write_slice):
        write_slice(pen)
        slices.append(pen.chunk)
        cancel_order(order_id=file.order_id, brand=file.order.brand, actor="user:ann", now=NOON)

    monkeypatch.setattr(writing, "write_slice", cancel_after_the_first)
    write()
    file.refresh_from_db()
    assert (file.state, slices) == ("failed", [1])
    assert list((folder / "print").iterdir()) == []


def test_a_file_that_is_finished_meanwhile_is_left_alone():
    file = request()
    write()
    assert writing.write_file(file.pk, clock=lambda: NOON, until=LATER) is True


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_a_file_that_another_worker_writes_is_left_to_it():
    file = request()
    with held_elsewhere(lambda: writing.writer_of(file.pk)):
        assert write() is False
    file.refresh_from_db()
    assert file.state == "waiting"
    write()
    assert content(file)


def test_label_sheets_are_pdf_files():
    file = request(quantity=3, kind="labels")
    write()
    body = content(file)
    assert body.startswith(b"%PDF-")
    assert (file.state, file.rows_done, file.size_bytes) == ("ready", 6, len(body))
    assert file.sha256 == hashlib.sha256(body).hexdigest()


def test_a_label_sheet_tells_how_far_it_has_come(monkeypatch):
    request(quantity=40, kind="labels")
    told = []

    def seen(file, *, record=writing.record, **values):
        record(file, **values)
        told.append(PrintFile.objects.values_list("state", "rows_done").get(pk=file.pk))

    monkeypatch.setattr(writing, "record", seen)
    write()
    assert told == [("writing", 65), ("writing", 80), ("ready", 80)]


def test_a_label_sheet_of_an_order_that_is_cancelled_meanwhile_is_dropped(folder, monkeypatch):
    file = request(quantity=40, kind="labels")

    def cancelled(file, *, record=writing.record, **values):
        cancel_order(order_id=file.order_id, brand=file.order.brand, actor="user:ann", now=NOON)
        record(file, **values)

    monkeypatch.setattr(writing, "record", cancelled)
    assert write() is False
    file.refresh_from_db()
    assert (file.state, list((folder / "print").iterdir())) == ("failed", [])


def test_the_task_writes_what_waits():
    file = request()
    write_waiting_files()
    file.refresh_from_db()
    assert file.state == "ready"


def test_with_more_left_the_task_is_rung_again(small_slices, monkeypatch):
    request(quantity=3 * CHUNK_UNITS)
    rung = []
    monkeypatch.setattr("codes.tasks.TURN", dt.timedelta(0))
    monkeypatch.setattr(bell, "ring", rung.append)
    write_waiting_files()
    assert rung == [write_waiting_files]


@pytest.mark.django_db(transaction=True)
def test_asking_for_a_file_rings_the_writer_after_the_commit(monkeypatch):
    rung = []
    monkeypatch.setattr(bell, "ring", lambda task: rung.append(task.name))
    request()
    assert rung == [write_waiting_files.name]
    assert PrintFile.objects.count() == 1
