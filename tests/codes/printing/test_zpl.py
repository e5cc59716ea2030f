"""There is no ZPL printer here: the text is held against the guide's grammar, and the QR code against our own."""

import re

import numpy as np
import pytest

from codes.formats.code_text import CODE_LENGTH, CodeCipher, Role
from codes.formats.keys import KeyRing
from codes.printing.captions import Caption
from codes.printing.print_file import render_chunk
from codes.printing.qr import QUIET_ZONE, qr_modules
from codes.printing.run import CHUNK_UNITS, PrintRun
from codes.printing.sheets import LabelsDoNotFit
from codes.printing.zpl import DROP, ZplLabel, escaped

CIPHER = CodeCipher(KeyRing.parse(f"1:{bytes(32).hex()}"))
PREFIX = "HTTPS://ONE.CN/C/"
CAPTION = Caption(
    "Baijiu ^500 ml~ 53_%", lot="L1", expiry="2036-01-05", shown=("product", "lot", "expiry", "role", "serial")
)
BOTTLE = (Role.ITEM_OUTER, Role.ITEM_INNER)
COMMAND = re.compile(r"\^(XA|XZ|CI|PW|LL|LH|FO|A0|A@|BQ|FH|FD|FS)([^^~]*)")
QR = re.compile(r"\^FO(\d+),(\d+)\^BQN,2,([1-9]|10),M,7\^FDMM,A([0-9A-Z $%*+\-./:]+)\^FS")
LINE = re.compile(r"\^FO(\d+),(\d+)\^A0N,(\d+),(\d+)(\^FH)?\^FD([^^~]*)\^FS")


def label_of(width=60.0, height=30.0, dpi=203, caption=CAPTION, **options):
    return ZplLabel(width, height, dpi, caption, **options)


def printed(label, quantity=3, roles=BOTTLE, chunk=0, prefix=PREFIX):
    run = PrintRun(roles=roles, first_serial=1000, quantity=quantity, url_prefix=prefix, layout=label)
    return bytes(render_chunk(cipher=CIPHER, run=run, chunk=chunk)).decode("ascii")


def unescaped(data):
    return re.sub(rb"_([0-9A-F]{2})", lambda found: bytes([int(found[1], 16)]), data.encode()).decode()


def test_each_mark_is_one_format_in_the_order_of_the_print_file():
    formats = printed(label_of()).splitlines()
    expected = [PREFIX + CIPHER.encode(role, serial) for serial in (1000, 1001, 1002) for role in BOTTLE]
    assert [QR.search(one)[4] for one in formats] == expected
    assert all(one.startswith("^XA^CI28") and one.endswith("^XZ") for one in formats)


def test_a_format_is_commands_of_the_guide_and_nothing_else():
    for one in printed(label_of()).splitlines():
        commands = [found[1] for found in COMMAND.finditer(one)]
        assert "".join(found[0] for found in COMMAND.finditer(one)) == one
        assert commands[:5] == ["XA", "CI", "PW", "LL", "LH"]
        assert commands.count("FD") == commands.count("FS") == commands.count("FO") == 6
        assert "~" not in one


def test_a_caption_is_read_back_with_its_signs():
    lines = list(LINE.finditer(printed(label_of(), 1).splitlines()[1]))
    told = [unescaped(found[6]) if found[5] else found[6] for found in lines]
    assert told == ["Baijiu ^500 ml~ 53_%", "LOT L1", "EXP 2036-01-05", "ITEM INNER", f"{1000:013d}"]


def test_chinese_is_escaped_utf_8_in_the_named_font():
    text = printed(label_of(caption=Caption("大曲", shown=("product",)), font="E:SIMSUN.TTF"), 1)
    assert "^A@N,17,17,E:SIMSUN.TTF^FH^FD_E5_A4_A7_E6_9B_B2^FS" in text
    assert unescaped(escaped("大曲 ^~_")) == "大曲 ^~_"


@pytest.mark.parametrize("dpi", [203, 300, 600])
@pytest.mark.parametrize("size", [(60.0, 30.0), (40.0, 40.0), (100.0, 60.0)])
def test_the_symbol_lies_on_the_label_with_its_quiet_zone_and_the_lines_beside_it(dpi, size):
    label = label_of(*size, dpi=dpi)
    label.check(PREFIX)
    first = printed(label, 1).splitlines()[0]
    x, y, magnification, payload = QR.search(first).groups()
    side = len(qr_modules(payload)) * int(magnification)
    quiet = QUIET_ZONE * int(magnification)
    width, height = (int(re.search(rf"\^{name}(\d+)", first)[1]) for name in ("PW", "LL"))
    assert (width, height) == (int(size[0] * dpi / 25.4), int(size[1] * dpi / 25.4))
    assert int(x) >= quiet
    assert int(y) + DROP >= quiet
    assert int(x) + side + quiet <= width
    assert int(y) + 2 * DROP + side + quiet <= height + DROP
    assert int(magnification) * 25.4 / dpi >= 0.25
    assert all(
        int(found[1]) >= int(x) + side + quiet and int(found[2]) + int(found[3]) <= height
        for found in LINE.finditer(first)
    )


def test_a_label_that_is_too_small_names_the_size_that_would_do():
    with pytest.raises(LabelsDoNotFit) as refusal:
        label_of(20.0, 10.0, caption=Caption("", shown=())).check(PREFIX)
    assert refusal.value.what == "module_too_small"
    enough = refusal.value.values["needed"] + 0.2
    label_of(enough, enough, caption=Caption("", shown=())).check(PREFIX)


@pytest.mark.parametrize(
    ("label", "prefix", "what"),
    [
        (label_of(15.0, 30.0), PREFIX, "no_room_for_caption"),
        (label_of(60.0, 15.0), PREFIX, "too_many_lines"),
        (label_of(caption=Caption("大曲")), PREFIX, "font_without_chinese"),
        (label_of(), "https://one.cn/c/", "address_not_upper_case"),
    ],
)
def test_what_can_not_be_printed_is_named(label, prefix, what):
    with pytest.raises(LabelsDoNotFit) as refusal:
        label.check(prefix)
    assert refusal.value.what == what


def test_an_empty_line_is_left_out():
    assert "EXP" not in printed(label_of(caption=Caption("x", shown=("expiry", "serial"))), 1)


def test_every_label_takes_equally_many_bytes_so_a_file_goes_on_anywhere():
    run = PrintRun(
        roles=BOTTLE, first_serial=5, quantity=CHUNK_UNITS + 3, url_prefix=PREFIX, version="1", layout=label_of()
    )
    whole = b"".join(bytes(render_chunk(cipher=CIPHER, run=run, chunk=chunk)) for chunk in range(run.chunks))
    assert len(whole) == run.byte_offset(run.chunks)
    assert whole[run.byte_offset(1) :].startswith(b"^XA")
    assert len(np.unique([len(line) for line in whole.decode().splitlines()])) == len(
        {len(role.slug) for role in BOTTLE}
    )
    assert len(PREFIX) + CODE_LENGTH == 34
