"""Encrypted print files: written, killed, taken away by one and their password read by another."""

import pytest
import pyzipper

from codes.models import Download, PasswordReveal, PrintFile
from codes.printing.run import CHUNK_UNITS
from codes.sealing import unseal
from codes.services import parts, writing
from codes.services.downloading import PasswordApart, take_file
from codes.services.exporting import FileState, WantedFile, request_print_file, retry_print_file
from codes.services.revealing import NoPassword, PasswordGone, reveal_password
from core.errors import NotFound
from core.models import AuditEntry
from tests.factories.codes import make_order
from tests.factories.stores import NOON, BrandFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.PRIVATE_FILES = tmp_path / "files"
    return settings.PRIVATE_FILES / "print"


def request(kind="zip", order=None, quantity=10):
    order = order or make_order(quantity=quantity)
    wanted = WantedFile(recipient="printer", kind=kind)
    return request_print_file(brand=order.brand, order_id=order.pk, wanted=wanted, actor="user:ann", now=NOON)


def write():
    return writing.write_waiting(clock=lambda: NOON, until=NOON)


@pytest.fixture
def file():
    waiting = request()
    write()
    return PrintFile.objects.select_related("order__brand").get(pk=waiting.pk)


def take(file, actor="user:ann"):
    return take_file(brand=file.order.brand, file_id=file.pk, actor=actor, address="192.0.2.1", now=NOON)


def reveal(file, actor="user:bob", brand=None):
    return reveal_password(brand=brand or file.order.brand, file_id=file.pk, actor=actor, address="192.0.2.2", now=NOON)


def rows_in(file):
    file.refresh_from_db()
    with pyzipper.AESZipFile(parts.path_of(file)) as archive:
        return archive.read(parts.rows_path_of(file).name, pwd=unseal(file.sealed_password).encode())


def test_the_rows_inside_are_those_of_the_plain_file(file, folder):
    plain = request("csv", order=file.order)
    write()
    assert rows_in(file) == parts.path_of(plain).read_bytes()


def test_the_password_shown_to_another_opens_the_file_that_one_took(file):
    handover = take(file, "user:ann")
    with pyzipper.AESZipFile(handover.path) as archive:
        archive.setpassword(reveal(file, "user:bob").encode())
        assert archive.read(archive.namelist()[0]).startswith(b"serial,role,code,url\r\n")


def test_the_database_and_the_audit_trail_keep_no_password_in_clear(file):
    password = reveal(file)
    assert password not in file.sealed_password
    assert not [entry for entry in AuditEntry.objects.all() if password in str(entry.after)]


def test_whoever_took_the_file_is_not_shown_its_password(file):
    take(file, "user:ann")
    with pytest.raises(PasswordApart):
        reveal(file, "user:ann")
    assert not PasswordReveal.objects.exists()


def test_whoever_was_shown_the_password_does_not_get_the_file(file):
    reveal(file, "user:ann")
    with pytest.raises(PasswordApart):
        take(file, "user:ann")
    assert not Download.objects.exists()


def test_a_showing_is_a_row_and_in_the_audit_trail(file):
    reveal(file)
    row = PasswordReveal.objects.get()
    assert (row.file, row.shown_to, row.shown_at, row.address) == (file, "user:bob", NOON, "192.0.2.2")
    assert AuditEntry.objects.get(action="print_file.password").actor == "user:bob"


def test_a_plain_file_has_no_password():
    with pytest.raises(NoPassword):
        reveal(request("csv"))


def test_no_password_is_shown_before_the_file_is_ready():
    with pytest.raises(FileState):
        reveal(request())


def test_under_another_secret_the_password_is_gone(file, settings):
    settings.SECRET_KEY = "another" * 10
    with pytest.raises(PasswordGone):
        reveal(file)
    assert not PasswordReveal.objects.exists()


def test_another_brands_password_is_not_there(file):
    with pytest.raises(NotFound):
        reveal(file, brand=BrandFactory())


def test_no_row_is_left_beside_a_ready_file(file, folder):
    assert [path.name for path in folder.iterdir()] == [parts.path_of(file).name]


def test_only_the_owner_reads_it(file):
    assert oct(parts.path_of(file).stat().st_mode)[-3:] == "600"


@pytest.mark.faults
def test_a_writer_that_is_killed_among_the_rows_goes_on_from_there(monkeypatch, folder):
    monkeypatch.setattr(writing, "SLICE_CHUNKS", 1)
    killed = request(quantity=3 * CHUNK_UNITS + 7)
    assert write() is True
    killed.refresh_from_db()
    assert (killed.state, [path.suffixes for path in folder.iterdir()]) == ("writing", [[".csv", ".part"]])
    while write():
        pass
    plain = request("csv", order=killed.order)
    while write():
        pass
    assert rows_in(killed) == parts.path_of(plain).read_bytes()


@pytest.mark.faults
def test_a_writer_that_is_killed_while_sealing_seals_anew(monkeypatch, folder):
    file = request()

    class Killed(BaseException):
        pass

    def die(*, out, **_rest):
        out.write(b"half a ZIP" * 1000)
        out.flush()
        raise Killed

    monkeypatch.setattr(writing, "write_encrypted_zip", die)
    with pytest.raises(Killed):
        write()
    monkeypatch.undo()
    assert not parts.path_of(file).exists()
    write()
    assert rows_in(file).count(b"\r\n") == 21


def test_a_seal_that_is_broken_fails_the_file_and_a_retry_makes_a_new_password(settings):
    file = request()
    before = settings.SECRET_KEY
    settings.SECRET_KEY = "another" * 10
    write()
    file.refresh_from_db()
    assert (file.state, "SECRET_KEY" in file.fault) == ("failed", True)
    retry_print_file(brand=file.order.brand, file_id=file.pk, actor="user:ann", now=NOON)
    write()
    assert rows_in(file).count(b"\r\n") == 21
    assert before != settings.SECRET_KEY
