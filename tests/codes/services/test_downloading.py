import datetime as dt

import pytest

from codes.models import Download, PrintFile
from codes.services.downloading import DownloadsSpent, FileExpired, FileMissing, take_file
from codes.services.exporting import FileState, WantedFile, grant_downloads, prolong_file, request_print_file
from codes.services.ordering import OrderState, cancel_order
from codes.services.writing import write_waiting
from core.errors import Invalid, NotFound
from core.models import AuditEntry
from tests.factories.codes import make_order
from tests.factories.stores import NOON, BrandFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(settings, tmp_path):
    settings.PRIVATE_FILES = tmp_path
    order = make_order()
    wanted = WantedFile(recipient="printer")
    waiting = request_print_file(brand=order.brand, order_id=order.pk, wanted=wanted, actor="user:ann", now=NOON)
    write_waiting(clock=lambda: NOON, until=NOON)
    return PrintFile.objects.select_related("order__brand").get(pk=waiting.pk)


def take(file, brand=None):
    return take_file(brand=brand or file.order.brand, file_id=file.pk, actor="user:ann", address="192.0.2.1", now=NOON)


def test_a_download_is_a_row_that_tells_who_when_from_where_and_what(file):
    handover = take(file)
    row = Download.objects.get()
    assert (row.taken_by, row.taken_at, row.address, row.sha256) == ("user:ann", NOON, "192.0.2.1", file.sha256)
    assert handover.path.stat().st_size == handover.size == file.size_bytes
    assert AuditEntry.objects.filter(action="print_file.download").count() == 1


def test_the_first_download_makes_the_order_exported(file):
    take(file)
    file.order.refresh_from_db()
    assert (file.order.state, file.order.exported_at) == ("exported", NOON)


def test_after_the_allowed_downloads_no_more_are_given(file):
    for _ in range(3):
        take(file)
    with pytest.raises(DownloadsSpent):
        take(file)
    assert Download.objects.count() == 3


def test_a_granted_download_can_be_taken(file):
    for _ in range(3):
        take(file)
    grant_downloads(brand=file.order.brand, file_id=file.pk, more=1, actor="user:boss", now=NOON)
    take(file)
    assert Download.objects.count() == 4


def test_a_file_that_is_not_ready_is_not_given_and_its_order_not_exported(file):
    PrintFile.objects.update(state="writing")
    with pytest.raises(FileState) as refusal:
        take(file)
    file.order.refresh_from_db()
    assert (refusal.value.facts["state"], file.order.state) == ("writing", "released")


def test_a_cancelled_orders_file_is_not_given(file):
    cancel_order(order_id=file.order_id, brand=file.order.brand, actor="user:ann", now=NOON)
    with pytest.raises(OrderState):
        take(file)


@pytest.mark.parametrize("damage", ["gone", "cut"])
def test_a_file_that_is_not_whole_on_the_disk_is_not_given(file, settings, damage):
    path = settings.PRIVATE_FILES / file.path
    path.unlink() if damage == "gone" else path.write_bytes(b"cut")
    with pytest.raises(FileMissing):
        take(file)
    assert not Download.objects.exists()


def test_another_brands_file_is_not_there(file):
    with pytest.raises(NotFound):
        take(file, brand=BrandFactory())


def at(days):
    return NOON + dt.timedelta(days=days)


def take_at(file, moment):
    return take_file(brand=file.order.brand, file_id=file.pk, actor="user:ann", address=None, now=moment)


def prolong(file, days, now=NOON, brand=None):
    return prolong_file(brand=brand or file.order.brand, file_id=file.pk, days=days, actor="user:boss", now=now)


def test_a_file_can_be_taken_for_fourteen_days_and_not_longer(file):
    assert file.expires_at == at(14)
    take_at(file, at(14) - dt.timedelta(seconds=1))
    with pytest.raises(FileExpired) as refusal:
        take_at(file, at(14))
    assert refusal.value.facts["expires_at"] == at(14).isoformat()
    assert Download.objects.count() == 1


def test_a_prolonged_file_can_be_taken_again(file):
    assert prolong(file, days=7, now=at(20)).expires_at == at(27)
    take_at(file, at(26))
    assert AuditEntry.objects.get(action="print_file.prolong").after["expires_at"] == at(27).isoformat()


def test_to_prolong_never_shortens(file):
    assert prolong(file, days=1).expires_at == at(14)


@pytest.mark.parametrize("days", [0, -1, 366])
def test_impossible_terms_are_refused(file, days):
    with pytest.raises(Invalid) as refusal:
        prolong(file, days=days)
    assert list(refusal.value.fields) == ["days"]


def test_a_file_that_is_not_ready_is_not_prolonged(file):
    PrintFile.objects.update(state="writing")
    with pytest.raises(FileState):
        prolong(file, days=1)


def test_another_brands_file_is_not_prolonged(file):
    with pytest.raises(NotFound):
        prolong(file, days=1, brand=BrandFactory())
