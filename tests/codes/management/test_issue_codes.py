import io
import json
import os
import signal
import sys
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from codes.management.commands import issue_codes
from codes.models import CodeOrder, Span
from codes.services import issuing
from tests.factories.codes import ProductFactory

pytestmark = pytest.mark.django_db


def run(output, *more, product=None, **changed):
    product = product or ProductFactory()
    wanted = {"brand": product.brand.slug, "gtin": product.gtin, "lot": "L1", "quantity": 3} | changed
    arguments = [f"--{name}={value}" for name, value in wanted.items()]
    out = io.StringIO()
    call_command("issue_codes", *arguments, *more, f"--output={output}", stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


@pytest.fixture
def output(tmp_path):
    return tmp_path / "codes.csv"


def test_the_last_line_tells_what_was_issued(output):
    told = run(output)
    order = CodeOrder.objects.get()
    assert list(told) == ["order", "first_serial", "last_serial", "rows", "seconds", "sha256"]
    assert (told["order"], told["first_serial"], told["last_serial"], told["rows"]) == (
        order.pk,
        order.first_serial,
        order.last_serial,
        6,
    )


@pytest.mark.parametrize("roles", [["case_outer,case_inner"], ["case_outer", "case_inner"]])
def test_roles_are_separated_by_commas_or_blanks(output, roles):
    run(output, "--roles", *roles)
    assert CodeOrder.objects.get().roles == [3, 4]


def test_the_order_is_activated_only_if_asked_for(output):
    run(output)
    run(output, "--activate")
    assert Span.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"brand": "nobody"}, "brand: There is no brand nobody."),
        ({"gtin": "06900000000000"}, "must be"),
        ({"quantity": 0}, "quantity: 0 units"),
        ({"lot": ""}, "lot: A lot has"),
        ({"roles": "lid"}, "There is no role lid"),
        ({"roles": "item_inner,pallet"}, "one level"),
    ],
)
def test_a_refusal_is_one_line_and_leaves_nothing(output, tmp_path, changed, said):
    with pytest.raises(CommandError, match=said) as refusal:
        run(output, **changed)
    assert "\n" not in str(refusal.value)
    assert list(tmp_path.iterdir()) == []
    assert not CodeOrder.objects.exists()


def test_another_brands_product_is_not_there(output):
    other = ProductFactory()
    with pytest.raises(CommandError, match="no product"):
        run(output, gtin=other.gtin)


def test_a_file_that_can_not_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="can't be written: Not a directory"):
        run(tmp_path / "file" / "codes.csv")
    assert not CodeOrder.objects.exists()


def test_a_database_that_refuses_is_told_in_one_line(output, monkeypatch):
    def refuse(**_):
        raise DatabaseError("no more room\nDETAIL: …")

    monkeypatch.setattr(issuing, "place_order", refuse)
    with pytest.raises(CommandError, match=r"^The database refused: no more room$"):
        run(output)


@pytest.mark.faults
def test_sigterm_in_the_middle_leaves_no_file(output, tmp_path, monkeypatch):
    def killed(**_):
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(issuing, "write_print_file", killed)
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit):
        run(output)
    assert list(tmp_path.iterdir()) == []
    assert CodeOrder.objects.get().state == "cancelled"
    assert signal.getsignal(signal.SIGTERM) is before


def test_outside_of_the_main_thread_signals_are_left_alone():
    before, inside = signal.getsignal(signal.SIGTERM), []

    def look():
        with issue_codes.stop_on_sigterm():
            inside.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert inside == [before]


def test_a_terminal_gets_a_progress_bar(output, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    run(output)
    assert "6/6" in terminal.getvalue()
