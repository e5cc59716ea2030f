import errno
import hashlib

import pytest
from django.db import DatabaseError

from codes.formats.code_text import Role
from codes.models import CodeOrder, PrintFile, Span
from codes.services import issuing, parts
from codes.services.rekeying import KeyWithdrawn, withdraw_key
from core.errors import Invalid
from core.models import AuditEntry
from tests.factories.codes import BatchFactory
from tests.factories.stores import NOON

pytestmark = pytest.mark.django_db


def issue(output, quantity=5, is_activated=False, on_progress=None):
    batch = BatchFactory()
    roles = (Role.ITEM_OUTER, Role.ITEM_INNER)
    wanted = issuing.Issue(batch.product.brand, batch.product.gtin, batch.lot, roles, quantity, is_activated)
    return issuing.issue_to_file(issue=wanted, output=output, clock=lambda: NOON, on_progress=on_progress)


@pytest.fixture
def output(tmp_path):
    return tmp_path / "codes.csv"


def test_an_order_goes_straight_into_a_file(output):
    issued = issue(output)
    body = output.read_bytes()
    assert issued.file.rows == body.count(b"\r\n") - 1 == 10
    assert issued.file.sha256 == hashlib.sha256(body).hexdigest()
    assert CodeOrder.objects.get().state == "exported"
    assert oct(output.stat().st_mode)[-3:] == "600"


def test_the_audit_trail_tells_every_step_and_the_files_hash(output):
    issued = issue(output, is_activated=True)
    actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions == [
        "order.place",
        "order.review",
        "order.release",
        "order.export",
        "order.hand_over",
        "span.active",
    ]
    assert AuditEntry.objects.get(action="order.hand_over").after["sha256"] == issued.file.sha256


def test_a_key_withdrawn_meanwhile_leaves_no_file_of_its_codes(output, settings):
    old, new = "1:" + "ab" * 32, "2:" + "cd" * 32
    settings.CODE_KEYS = old

    def withdraw(_rows):
        settings.CODE_KEYS = f"{new},{old}"
        withdraw_key(version="1", actor="system:test", now=NOON)

    with pytest.raises(KeyWithdrawn):
        issue(output, on_progress=withdraw)
    assert not output.exists()
    assert CodeOrder.objects.get().state == "cancelled"


def test_the_order_is_activated_if_asked_for(output):
    issued = issue(output, is_activated=True)
    assert Span.objects.get().order_id == issued.order.pk


def test_progress_is_told_in_rows(output):
    told = []
    issue(output, quantity=2049, on_progress=told.append)
    assert told == [4096, 4098]


def test_a_million_codes_cost_one_order_row_and_no_print_file_row(output):
    issue(output, quantity=1_000_000)
    assert (CodeOrder.objects.count(), PrintFile.objects.count()) == (1, 0)


def test_an_earlier_file_is_replaced_whole(output):
    output.write_text("earlier")
    issue(output)
    assert output.read_bytes().startswith(b"serial,")


def test_an_output_that_is_no_file_is_refused_before_anything_is_ordered(tmp_path):
    with pytest.raises(Invalid):
        issue(tmp_path)
    assert not CodeOrder.objects.exists()


def test_a_refused_order_leaves_no_file(output, tmp_path):
    with pytest.raises(Invalid):
        issue(output, quantity=0)
    assert list(tmp_path.iterdir()) == []
    assert not CodeOrder.objects.exists()


@pytest.mark.faults
def test_a_full_disk_leaves_no_file_and_a_cancelled_order(output, tmp_path, monkeypatch):
    output.write_text("earlier")

    def full(out):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(parts, "keep", full)
    with pytest.raises(OSError, match="No space"):
        issue(output)
    assert [path.name for path in tmp_path.iterdir()] == ["codes.csv"]
    assert output.read_text() == "earlier"
    assert CodeOrder.objects.get().state == "cancelled"


@pytest.mark.faults
def test_a_lost_database_is_told_though_the_order_can_not_be_cancelled(output, tmp_path, monkeypatch):
    def lost(**_):
        raise DatabaseError("gone")

    monkeypatch.setattr(issuing, "mark_exported", lost)
    monkeypatch.setattr(issuing, "cancel_order", lost)
    with pytest.raises(DatabaseError, match="gone"):
        issue(output)
    assert list(tmp_path.iterdir()) == []
