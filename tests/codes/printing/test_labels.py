import io

import pypdfium2 as pdfium
import pytest
import zxingcpp

from codes.formats.code_text import CodeCipher, Role, mask
from codes.formats.keys import KeyRing
from codes.printing import labels
from codes.printing.captions import Caption
from codes.printing.labels import LabelSheetTooLong, write_label_sheet
from codes.printing.run import PrintRun
from codes.printing.sheets import SheetLayout

CIPHER = CodeCipher(KeyRing.parse(f"1:{bytes(32).hex()}"))
PREFIX = "HTTPS://ONE.CN/C/"
BAIJIU = Caption("Baijiu 500 ml")
BOTTLE = (Role.ITEM_OUTER, Role.ITEM_INNER)


def run_of(quantity, roles=BOTTLE, first_serial=1000):
    return PrintRun(roles=roles, first_serial=first_serial, quantity=quantity, url_prefix=PREFIX)


def sheet(run, caption=BAIJIU, **options):
    out = io.BytesIO()
    pages = write_label_sheet(out=out, cipher=CIPHER, run=run, caption=caption, **options)
    document = pdfium.PdfDocument(out.getvalue())
    assert len(document) == pages
    return document


def read_codes(page):
    return {found.text for found in zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil())}


def text_of(page):
    return page.get_textpage().get_text_range()


def test_every_label_of_a_full_page_and_a_begun_one_reads_back():
    document = sheet(run_of(40))
    expected = [PREFIX + CIPHER.encode(role, serial) for serial in range(1000, 1040) for role in BOTTLE]
    assert len(document) == 2
    assert read_codes(document[0]) == set(expected[:65])
    assert read_codes(document[1]) == set(expected[65:])


def test_a_caption_gives_product_masked_code_and_serial():
    lines = text_of(sheet(run_of(1, roles=(Role.ITEM_INNER,)))[0]).split("\r\n")
    assert lines == ["Baijiu 500 ml", mask(CIPHER.encode(Role.ITEM_INNER, 1000)), "1000"]


def test_a_caption_gives_the_full_code_only_on_demand():
    caption = Caption("Baijiu", full_code=True)
    lines = text_of(sheet(run_of(1, roles=(Role.CASE_OUTER,)), caption)[0]).split("\r\n")
    code = CIPHER.encode(Role.CASE_OUTER, 1000)
    assert lines == ["Baijiu", code[:9], code[9:], "1000"]


def test_a_chinese_product_name_stands_in_the_caption():
    assert "一物一码白酒" in text_of(sheet(run_of(1), Caption("一物一码白酒"))[0])


@pytest.mark.parametrize(
    ("product", "lines"),
    [
        ("Old Cellar Baijiu", ["Old Cellar", "Baijiu"]),
        ("Old Cellar Baijiu of the north-eastern river", ["Old Cellar", "Baijiu of the …"]),
        ("Unbreakableproductname", ["Unbreakablepr", "oductname"]),
        ("一物一码白酒浓香型五百毫升", ["一物一码白酒", "浓香型五百…"]),
    ],
)
def test_a_long_product_name_takes_two_lines_and_is_cut_there(product, lines):
    assert text_of(sheet(run_of(1, roles=(Role.PALLET,)), Caption(product))[0]).split("\r\n")[:2] == lines


def test_progress_is_told_in_labels_after_each_page():
    told = []
    sheet(run_of(40), on_progress=told.append)
    assert told == [65, 80]


def test_another_layout_has_another_grid():
    layout = SheetLayout(
        page=(100.0, 60.0), columns=2, rows=1, label=(48.0, 50.0), pitch=(50.0, 50.0), margin=(1.0, 5.0)
    )
    document = sheet(run_of(2), layout=layout)
    assert [len(read_codes(page)) for page in document] == [2, 2]
    assert [round(length * 25.4 / 72) for length in document[0].get_size()] == [100, 60]


def test_an_empty_run_is_one_empty_page():
    document = sheet(run_of(0))
    assert text_of(document[0]) == ""


def test_a_run_that_no_pdf_should_hold_is_refused(monkeypatch):
    monkeypatch.setattr(labels, "MAXIMUM_LABELS", 9)
    with pytest.raises(LabelSheetTooLong, match="10 labels; a sheet holds at most 9"):
        sheet(run_of(5))
