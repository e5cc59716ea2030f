import pytest

from codes.models import PrintFile
from codes.services import parts, writing
from codes.services.exporting import WantedFile, request_print_file
from core.errors import Invalid
from tests.factories.codes import make_order
from tests.factories.stores import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.PRIVATE_FILES = tmp_path
    settings.PUBLIC_URL = "https://one.cn"


@pytest.fixture
def order():
    return make_order(quantity=4)


def request(order, kind, **labels):
    wanted = WantedFile("printer", kind=kind, labels=labels)
    return request_print_file(brand=order.brand, order_id=order.pk, wanted=wanted, actor="user:ann", now=NOON)


def written(file):
    writing.write_waiting(clock=lambda: NOON, until=NOON)
    file.refresh_from_db()
    assert (file.state, file.fault) == ("ready", "")
    return parts.path_of(file).read_bytes()


def test_zpl_is_written_and_offered_as_such(order):
    file = request(order, "zpl", label_width=50, label_height=25, dpi=300, captions=["lot", "serial"])
    body = written(file).decode("ascii")
    assert (body.count("^XA"), body.count(f"LOT {order.batch.lot}")) == (8, 8)
    assert parts.path_of(file).suffix == ".zpl"
    assert "MM,AHTTPS://ONE.CN/C/" in body


def test_a_sheet_of_ones_own_is_written(order):
    file = request(order, "labels", paper="roll", paper_width=60, label_width=40, label_height=20, captions=["serial"])
    assert b"/Count 8" in written(file)


def test_another_look_is_another_file_and_the_same_the_same(order):
    files = [request(order, "labels", sheet=sheet).pk for sheet in ("a4-3x7", "a4-2x7", "a4-3x7")]
    assert files[0] == files[2] != files[1]
    assert request(order, "labels", sheet=None, font="").labels == {}


@pytest.mark.parametrize(
    ("kind", "labels", "told"),
    [
        ("csv", {"dpi": 203}, "Only label sheets and ZPL"),
        ("labels", {"dpi": 203}, "Unknown here: dpi"),
        ("zpl", {"paper": "A4"}, "Unknown here: paper"),
        ("labels", {"sheet": "a9"}, "sheet: choose of a4-5x13"),
        ("labels", {"captions": ["serial", "serial"]}, "captions: choose of"),
        ("zpl", {"captions": ["code"]}, "captions: choose of"),
        ("zpl", {"dpi": 72}, "dpi: choose of 203"),
        ("labels", {"paper": "A4", "label_width": 0, "label_height": 20}, "between 1 and 1000"),
        ("labels", {"paper": "A4", "columns": 101}, "between 1 and 100"),
        ("labels", {"paper": "A4"}, "Name a sheet, or else give: label_height, label_width, paper."),
        ("labels", {"paper": "roll", "label_width": 40, "label_height": 20}, "paper_width"),
        ("labels", {"sheet": "a4-3x7", "paper": "A4", "label_width": 40, "label_height": 20}, "Name a sheet"),
        ("zpl", {"font": "^XA"}, "A font is named"),
        ("zpl", {"captions": ["product"]}, "no Chinese"),
        ("zpl", {"label_width": 9, "label_height": 9, "captions": []}, "at least 0.25 mm can be read"),
        (
            "zpl",
            {"label_height": 12, "captions": ["lot", "serial", "role", "expiry"], "label_width": 30},
            "fewer lines",
        ),
        ("zpl", {"label_width": 15, "captions": ["lot"]}, "no room beside"),
        ("labels", {"paper": "A4", "label_width": 60, "label_height": 30, "columns": 4}, "across; the paper has 210.0"),
        ("labels", {"paper": "A4", "label_width": 60, "label_height": 30, "rows": 10}, "down; the paper has 297.0"),
    ],
)
def test_what_can_not_be_printed_is_refused_with_what_would_do(order, kind, labels, told):
    with pytest.raises(Invalid) as refusal:
        request(order, kind, **labels)
    assert told in refusal.value.fields["labels"][0]
    assert not PrintFile.objects.exists()


def test_overlapping_labels_are_refused_though_the_pitch_can_not_be_told(order):
    with pytest.raises(Invalid) as refusal:
        request(order, "labels", paper="A4", label_width=40, label_height=30, columns=2, gap_x=-5)
    assert "lies between 0 and 1000" in refusal.value.fields["labels"][0]


def test_labels_have_no_printer_profile(order):
    wanted = WantedFile("printer", kind="zpl", profile="tabs", labels={"captions": ["serial"]})
    with pytest.raises(Invalid) as refusal:
        request_print_file(brand=order.brand, order_id=order.pk, wanted=wanted, actor="user:ann", now=NOON)
    assert list(refusal.value.fields) == ["profile"]
