import io
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from codes.formats.code_text import CodeCipher, Role
from codes.formats.keys import KeyRing
from codes.printing.qr import QUIET_ZONE, dark_runs, qr_modules, render_eps, render_png, render_svg

CIPHER = CodeCipher(KeyRing.parse(f"1:{bytes(32).hex()}"))
SHORT = "HTTPS://ONE.CN/C/" + CIPHER.encode(Role.ITEM_INNER, 1)


def read(image):
    (found,) = zxingcpp.read_barcodes(image)
    return found


def drawn(svg):
    """The picture that the path of an SVG describes, at 4 pixels a module."""
    root = ET.fromstring(svg)  # noqa: S314 - our own output
    side = int(root.get("viewBox").split()[2])
    dark = np.zeros((side, side), dtype=bool)
    for run in root[1].get("d").split("M")[1:]:
        column, rest = run.split(" ")
        row, length = rest.split("v")[0].split("h")
        dark[int(row), int(column) : int(column) + int(length)] = True
    return Image.fromarray(~dark).resize((4 * side, 4 * side)).convert("L")


def painted(eps):
    """The picture that the runs of an EPS describe, at 4 pixels a module; PostScript counts rows from the bottom."""
    lines = eps.decode("ascii").splitlines()
    side = int(next(line for line in lines if line.startswith("%%BoundingBox")).split()[-1])
    dark = np.zeros((side, side), dtype=bool)
    for line in lines:
        if line.endswith(" r"):
            column, bottom, length = map(int, line.split()[:3])
            dark[side - 1 - bottom, column : column + length] = True
    return Image.fromarray(~dark).resize((4 * side, 4 * side)).convert("L")


FORMS = {
    "png": lambda text: Image.open(io.BytesIO(render_png(text))).convert("L"),
    "svg": lambda text: drawn(render_svg(text)),
    "eps": lambda text: painted(render_eps(text)),
}
HARM = {
    "untouched": lambda picture: picture,
    "shrunk": lambda picture: picture.resize((99, 99), Image.Resampling.BILINEAR),
    "rotated": lambda picture: picture.rotate(17, expand=True, fillcolor=255, resample=Image.Resampling.BILINEAR),
    "upside down": lambda picture: picture.rotate(180),
    "blurred": lambda picture: picture.filter(ImageFilter.GaussianBlur(1.5)),
}


@pytest.mark.parametrize("harm", HARM)
@pytest.mark.parametrize("form", FORMS)
def test_every_form_reads_back_also_when_the_picture_is_poor(form, harm):
    assert read(HARM[harm](FORMS[form](SHORT))).text == SHORT


def test_an_eps_says_how_large_it_is_and_draws_one_path():
    eps = render_eps(SHORT)
    assert eps.startswith(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 33 33\n")
    assert eps.count(b" r\n") == len(dark_runs(qr_modules(SHORT)))
    assert eps.count(b"newpath") == 1


def test_each_length_takes_the_smallest_version_that_holds_it():
    # ISO/IEC 18004, level M: version 1 holds 20 alphanumeric or 14 byte characters, version 2 holds 38 or 26
    sides = {text: len(qr_modules(text)) for text in ("A" * 20, "A" * 21, "A" * 38, "A" * 39, "a" * 14, "a" * 15)}
    assert list(sides.values()) == [21, 25, 25, 29, 21, 25]


@pytest.mark.parametrize("serial", range(0, 2**40, 2**40 // 25))
def test_a_printed_mark_reads_back_from_png(serial):
    text = "HTTPS://ONE.CN/C/" + CIPHER.encode(Role.ITEM_OUTER, serial)
    assert read(Image.open(io.BytesIO(render_png(text)))).text == text


@pytest.mark.parametrize("text", [SHORT, "http://127.0.0.1:8000/c/abc", "真的 https://one.cn/", "A" * 1500])
def test_any_text_reads_back_from_svg(text):
    assert read(drawn(render_svg(text))).text == text


def test_the_short_form_fits_a_bottle_cap():
    found = read(Image.open(io.BytesIO(render_png(SHORT))))
    assert (found.ec_level, qr_modules(SHORT).shape) == ("M", (25, 25))


def test_lower_case_takes_a_larger_symbol():
    assert len(qr_modules(SHORT.lower())) > len(qr_modules(SHORT))


def test_a_png_has_a_quiet_zone_of_four_modules():
    pixels = np.array(Image.open(io.BytesIO(render_png(SHORT, module_px=3))))
    dark_rows, dark_columns = np.nonzero(~pixels)
    assert pixels.shape == (3 * (25 + 2 * QUIET_ZONE),) * 2
    assert dark_rows.min() == dark_columns.min() == 3 * QUIET_ZONE
    assert dark_rows.max() == dark_columns.max() == pixels.shape[0] - 3 * QUIET_ZONE - 1


def test_runs_cover_the_dark_modules_and_nothing_else():
    modules = qr_modules(SHORT)
    covered = np.zeros_like(modules)
    for row, column, length in dark_runs(modules):
        covered[row, column : column + length] = True
    assert np.array_equal(covered, modules)


def test_a_text_beyond_the_largest_symbol_is_refused():
    with pytest.raises(ValueError, match="version"):
        qr_modules("A" * 4000)
