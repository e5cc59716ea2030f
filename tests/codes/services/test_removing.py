import datetime as dt

import pytest

from codes.models import PrintFile
from codes.services import parts, removing, writing
from codes.services.downloading import FileExpired, take_file
from codes.services.exporting import FileState, WantedFile, prolong_file, request_print_file, retry_print_file
from codes.services.removing import KEPT_AFTER, remove, remove_expired
from codes.services.revealing import reveal_password
from codes.tasks import remove_expired_files
from core.models import AuditEntry
from tests.factories.codes import make_order
from tests.factories.stores import NOON

pytestmark = pytest.mark.django_db
OVER = NOON + dt.timedelta(days=14) + KEPT_AFTER


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.PRIVATE_FILES = tmp_path


def written(kind="csv"):
    order = make_order()
    wanted = WantedFile("printer", kind=kind)
    file = request_print_file(brand=order.brand, order_id=order.pk, wanted=wanted, actor="user:ann", now=NOON)
    writing.write_waiting(clock=lambda: NOON, until=NOON)
    file.refresh_from_db()
    return file


def told(file):
    return {"brand": file.order.brand, "file_id": file.pk, "actor": "user:ann"}


def test_a_file_whose_time_is_long_over_leaves_the_disk_and_its_row_stays_as_it_was():
    file = written()
    path, sha256 = parts.path_of(file), file.sha256
    assert remove_expired(now=OVER - dt.timedelta(seconds=1)) == 0
    assert path.exists()
    assert remove_expired(now=OVER) == 1
    file.refresh_from_db()
    assert (path.exists(), file.state, file.sha256, file.removed_at) == (False, "ready", sha256, OVER)
    assert AuditEntry.objects.filter(action="print_file.removed").count() == 1
    assert remove_expired(now=OVER) == 0


def test_files_that_cannot_be_written_or_removed_keep_no_others_waiting(monkeypatch):
    """Nor do they take the places of those that a run may remove."""
    broken, others = written(), [written(), written()]
    take_off, go_on = removing.remove, writing.write_file
    monkeypatch.setattr(removing, "MOST_AT_ONCE", 1)

    def failing(work):
        def fail(file_id, *rest, **told):
            if file_id == broken.pk:
                raise PermissionError("not ours")
            return work(file_id, *rest, **told)

        return fail

    monkeypatch.setattr(removing, "remove", failing(take_off))
    assert [remove_expired(now=OVER) for _run in range(3)] == [1, 1, 0]
    PrintFile.objects.filter(pk=broken.pk).update(state="waiting")
    retry_print_file(**told(others[0]), now=OVER)
    monkeypatch.setattr(writing, "write_file", failing(go_on))
    assert writing.write_waiting(clock=lambda: OVER, until=OVER) is False
    assert dict(PrintFile.objects.values_list("pk", "state"))[others[0].pk] == "ready"


def test_a_removed_file_is_not_given_nor_prolonged_but_written_anew():
    file = written()
    body = parts.path_of(file).read_bytes()
    remove_expired(now=OVER)
    with pytest.raises(FileExpired):
        take_file(**told(file), address=None, now=OVER)
    with pytest.raises(FileState, match="written again"):
        prolong_file(**told(file), days=5, now=OVER)
    again = retry_print_file(**told(file), now=OVER)
    assert (again.state, again.removed_at, again.expires_at) == ("waiting", None, None)
    writing.write_waiting(clock=lambda: OVER, until=OVER)
    assert take_file(**told(file), address=None, now=OVER).path.read_bytes() == body


def test_an_encrypted_file_that_is_written_anew_keeps_a_password_that_was_shown():
    file = written("zip")
    shown = reveal_password(**told(file) | {"actor": "user:bob"}, address=None, now=NOON)
    remove_expired(now=OVER)
    retry_print_file(**told(file), now=OVER)
    writing.write_waiting(clock=lambda: OVER, until=OVER)
    assert reveal_password(**told(file) | {"actor": "user:bob"}, address=None, now=OVER) == shown


def test_a_file_that_is_prolonged_meanwhile_stays():
    file = written()
    prolong_file(**told(file), days=30, now=OVER)
    assert remove(file.pk, OVER) is False
    assert parts.path_of(file).exists()


def test_the_task_removes_what_is_over():
    file = written()
    PrintFile.objects.update(expires_at=NOON - dt.timedelta(days=400))
    remove_expired_files()
    assert not parts.path_of(file).exists()
