import io

import pypdfium2 as pdfium
import pytest
import zxingcpp

from codes.formats.code_text import CodeCipher, Role
from codes.formats.keys import KeyRing
from codes.printing.captions import Caption
from codes.printing.labels import check_caption, write_label_sheet
from codes.printing.run import PrintRun
from codes.printing.sheets import PAPERS, SHEETS, FreeGrid, LabelsDoNotFit

CIPHER = CodeCipher(KeyRing.parse(f"1:{bytes(32).hex()}"))
PREFIX = "HTTPS://ONE.CN/C/"
MODULES = 25
FREE = {
    "a3": FreeGrid("A3", 30, 30, columns=9, rows=13, gap_x=1, gap_y=1, margin_left=5, margin_top=5),
    "roll": FreeGrid("roll", 40, 20, columns=2, gap_x=2, gap_y=3, margin_left=2, paper_width=86),
    "letter": FreeGrid("Letter", 50, 30, columns=4, rows=9, margin_left=5, margin_top=2),
}


def sheet(layout, caption, quantity):
    run = PrintRun(roles=(Role.ITEM_OUTER,), first_serial=1000, quantity=quantity, url_prefix=PREFIX)
    out = io.BytesIO()
    write_label_sheet(out=out, cipher=CIPHER, run=run, caption=caption, layout=layout)
    return pdfium.PdfDocument(out.getvalue())


@pytest.mark.parametrize("name", [*SHEETS, *FREE])
def test_a_sheet_of_every_kind_reads_back_on_its_own_paper(name):
    layout = SHEETS[name] if name in SHEETS else FREE[name].layout()
    layout.check(MODULES)
    document = sheet(layout, Caption("大曲", lot="L1", shown=("lot", "serial")), layout.labels + 1)
    assert len(document) == 2
    assert [round(side * 25.4 / 72, 1) for side in document[0].get_size()] == [round(side, 1) for side in layout.page]
    read = {found.text for found in zxingcpp.read_barcodes(document[0].render(scale=300 / 72).to_pil())}
    assert read == {PREFIX + CIPHER.encode(Role.ITEM_OUTER, 1000 + n) for n in range(layout.labels)}


def test_chosen_captions_are_printed_in_their_order_in_chinese_too():
    caption = Caption("大曲", lot="批次7", expiry="2036-01-05", shown=("serial", "role", "expiry", "lot", "product"))
    lines = sheet(SHEETS["a4-3x7"], caption, 1)[0].get_textpage().get_text_range().split("\r\n")
    assert lines == ["1000", "ITEM OUTER", "EXP 2036-01-05", "LOT 批次7", "大曲"]


def test_what_a_batch_does_not_tell_is_left_out():
    lines = sheet(SHEETS["a4-3x7"], Caption("x", shown=("expiry", "serial")), 1)[0].get_textpage().get_text_range()
    assert lines == "1000"


@pytest.mark.parametrize(
    ("grid", "what", "needed"),
    [
        (FreeGrid("A4", 50, 30, columns=5, rows=2), "wider_than_paper", 250),
        (FreeGrid("A4", 50, 30, columns=4, rows=10), "higher_than_paper", 300),
        (FreeGrid("roll", 60, 30, columns=2, paper_width=100), "wider_than_paper", 120),
        (FreeGrid("A4", 50, 30, columns=2, rows=2, gap_x=-1), "overlapping", 50),
        (FreeGrid("A4", 10, 30, columns=2, rows=2), "module_too_small", 10.25),
        (FreeGrid("A4", 1, 1, columns=2, rows=2), "module_too_small", 10.25),
    ],
)
def test_labels_that_do_not_fit_are_refused_with_the_size_that_is_needed(grid, what, needed):
    with pytest.raises(LabelsDoNotFit) as refusal:
        grid.layout().check(MODULES)
    assert (refusal.value.what, refusal.value.values["needed"]) == (what, pytest.approx(needed))


def test_the_named_size_is_just_enough():
    FreeGrid("A4", 10.25, 10.25, columns=2, rows=2).layout().check(MODULES)


@pytest.mark.parametrize(("width", "height", "what"), [(26, 20, "no_room_for_caption"), (40, 10, "too_many_lines")])
def test_a_caption_that_does_not_fit_is_refused(width, height, what):
    layout = FreeGrid("A4", width, height).layout()
    with pytest.raises(LabelsDoNotFit) as refusal:
        check_caption(Caption("x", shown=("product", "role", "code", "serial", "lot")), layout)
    assert refusal.value.what == what
    check_caption(Caption("x", shown=()), layout)


def test_papers_are_in_millimetres():
    assert PAPERS["A3"] == (297.0, 420.0)
