import hashlib
import io

import pytest

from codes.formats.code_text import CodeCipher, Role
from codes.formats.keys import KeyRing
from codes.printing.layout import RowLayout
from codes.printing.print_file import write_print_file
from codes.printing.run import CHUNK_UNITS, PrintRun

CIPHER = CodeCipher(KeyRing.parse(f"1:{bytes(32).hex()}"))
PREFIX = "HTTPS://ONE.CN/C/"
BOTTLE = (Role.ITEM_OUTER, Role.ITEM_INNER)


def written(quantity=1, **layout):
    out = io.BytesIO()
    run = PrintRun(BOTTLE, 7, quantity, PREFIX, layout=RowLayout(**layout))
    summary = write_print_file(out=out, cipher=CIPHER, run=run)
    assert (summary.bytes, summary.sha256) == (len(out.getvalue()), hashlib.sha256(out.getvalue()).hexdigest())
    return out.getvalue().decode()


OUTER, INNER = (CIPHER.encode(role, 7) for role in BOTTLE)


def test_columns_come_in_the_order_that_was_asked_for():
    assert written(columns=("url", "serial")) == (
        f"url,serial\r\n{PREFIX}{OUTER},0000000000007\r\n{PREFIX}{INNER},0000000000007\r\n"
    )


def test_delimiter_line_ending_and_header_are_chosen():
    rows = written(columns=("role", "code"), delimiter="\t", line_ending="\n", has_header=False)
    assert rows == f"item_outer\t{OUTER}\nitem_inner\t{INNER}\n"


def test_a_row_a_unit_holds_all_its_marks():
    assert written(columns=("serial", "code"), one_row_a_unit=True, delimiter=";") == (
        f"serial;item_outer_code;item_inner_code\r\n0000000000007;{OUTER};{INNER}\r\n"
    )


def test_in_a_row_a_unit_the_serial_may_be_last_or_absent():
    assert written(columns=("code", "serial"), one_row_a_unit=True).startswith(
        "item_outer_code,item_inner_code,serial\r\n"
    )
    assert written(columns=("url",), one_row_a_unit=True, has_header=False) == f"{PREFIX}{OUTER},{PREFIX}{INNER}\r\n"


def test_every_unit_of_several_chunks_has_its_row():
    rows = written(quantity=CHUNK_UNITS + 3, columns=("serial", "code"), one_row_a_unit=True).splitlines()[1:]
    for number, row in enumerate(rows, start=7):
        assert row == ",".join([f"{number:013}", *(CIPHER.encode(role, number) for role in BOTTLE)])
    assert len(rows) == CHUNK_UNITS + 3


@pytest.mark.parametrize(
    "layout",
    [
        {"columns": ()},
        {"columns": ("serial",)},
        {"columns": ("code", "code")},
        {"columns": ("code", "price")},
        {"columns": ("code", "role"), "one_row_a_unit": True},
    ],
)
def test_an_impossible_layout_is_refused(layout):
    with pytest.raises(ValueError, match="column"):
        RowLayout(**layout)


def test_an_address_with_the_delimiter_in_it_is_refused():
    with pytest.raises(ValueError, match="delimiter"):
        PrintRun(BOTTLE, 7, 1, "HTTPS://ONE.CN/;/", layout=RowLayout(delimiter=";"))
