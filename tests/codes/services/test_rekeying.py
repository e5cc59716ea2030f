import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import call_command

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.models import CodeOrder
from codes.services import parts
from codes.services.downloading import take_file
from codes.services.drawing import WantedMark, draw_mark
from codes.services.exporting import WantedFile, request_print_file
from codes.services.rekeying import FileBeingWritten, withdraw_key
from codes.services.writing import write_waiting, writer_of
from core.errors import Invalid
from core.models import AuditEntry
from tests.factories.codes import make_order
from tests.factories.stores import NOON
from tests.locks import held_elsewhere

pytestmark = pytest.mark.django_db
OLD, NEW = "1:" + "ab" * 32, "2:" + "cd" * 32


@pytest.fixture(autouse=True)
def settings_of_old(settings, tmp_path):
    settings.PRIVATE_FILES = tmp_path
    settings.CODE_KEYS = OLD


@pytest.fixture
def rotate(settings):
    def rotate():
        settings.CODE_KEYS = f"{NEW},{OLD}"

    return rotate


def withdraw():
    return withdraw_key(version="1", actor="system:test", now=NOON)


def filed(order):
    wanted = WantedFile(recipient="printer")
    return request_print_file(brand=order.brand, order_id=order.pk, wanted=wanted, actor="user:ann", now=NOON)


def write():
    write_waiting(clock=lambda: NOON, until=NOON + dt.timedelta(hours=1))


def versions_in(file):
    file.refresh_from_db()
    lines = parts.path_of(file).read_text().splitlines()[1:]
    return {line.split(",")[2][0] for line in lines}


def test_an_order_that_nobody_has_codes_of_gets_the_present_key(rotate):
    order = make_order()
    rotate()
    assert (withdraw().renewed, withdraw().renewed) == ([order.pk], [])
    order.refresh_from_db()
    assert order.key_version == "2"
    entry = AuditEntry.objects.get(action="order.renew_key")
    assert (entry.before, entry.after) == ({"key_version": "1"}, {"key_version": "2"})


def test_a_whole_file_that_nobody_took_is_written_anew_under_the_present_key(rotate):
    file = filed(make_order())
    write()
    assert versions_in(file) == {"1"}
    rotate()
    withdraw()
    file.refresh_from_db()
    assert (file.state, file.sha256, file.rows_done) == ("waiting", "", 0)
    write()
    assert versions_in(file) == {"2"}


def test_orders_whose_codes_are_out_keep_their_key_and_are_named(rotate):
    taken, drawn, exported, cancelled = (make_order() for _ in range(4))
    file = filed(taken)
    write()
    take_file(brand=taken.brand, file_id=file.pk, actor="user:ann", address="127.0.0.1", now=NOON)
    mark = WantedMark(drawn.pk, drawn.first_serial, Role.ITEM_OUTER)
    draw_mark(brand=drawn.brand, wanted=mark, form="svg", actor="user:ann", now=NOON)
    CodeOrder.objects.filter(pk=exported.pk).update(state="exported")
    CodeOrder.objects.filter(pk=cancelled.pk).update(state="cancelled")
    rotate()
    done = withdraw()
    assert (done.renewed, done.printed) == ([], [taken.pk, drawn.pk, exported.pk])
    assert set(CodeOrder.objects.values_list("key_version", flat=True)) == {"1"}
    assert code_cipher().decode(code_cipher().encode(Role.ITEM_OUTER, drawn.first_serial, "1")).serial


def test_the_key_that_still_issues_cant_be_withdrawn():
    make_order()
    with pytest.raises(Invalid) as refusal:
        withdraw()
    assert list(refusal.value.fields) == ["version"]


@pytest.mark.django_db(transaction=True)
def test_nothing_changes_while_one_of_the_files_is_being_written(rotate):
    order = make_order()
    file = filed(order)
    rotate()
    with held_elsewhere(lambda: writer_of(file.pk)), pytest.raises(FileBeingWritten):
        withdraw()
    order.refresh_from_db()
    assert order.key_version == "1"
    assert withdraw().renewed == [order.pk]


def test_the_command_tells_both_lists_in_one_line(rotate):
    order = make_order()
    rotate()
    out = StringIO()
    call_command("withdraw_key", "1", stdout=out)
    assert json.loads(out.getvalue()) == {"renewed": [order.pk], "printed": []}
