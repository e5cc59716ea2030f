"""Label sheets of a print run as PDF: a QR code and a caption on each label of a grid.

For samples, small orders and replacements. A factory prints large orders from the print file.
"""

from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, BinaryIO

from codes.formats.code_text import CODE_LENGTH, CodeCipher, Role, mask
from codes.printing.captions import Caption
from codes.printing.qr import QUIET_ZONE, dark_runs, qr_modules
from codes.printing.run import PrintRun
from codes.printing.sheets import A4_5_BY_13, POINTS_PER_MM, LabelsDoNotFit, SheetLayout

if TYPE_CHECKING:  # what draws is loaded where it draws: few processes do, and loading it takes long
    from reportlab.pdfgen.canvas import Canvas

# a PDF is put together in memory, some 0.2 MB a page
MAXIMUM_LABELS = 20_000

LATIN_FONT = "Helvetica"
CHINESE_FONT = "STSong-Light"
"""One of the Adobe CID fonts, which every reader brings along: nothing to embed."""

SHORTEST_LINE_MM = 8.0

_BLOCK_UNITS = 1024
_CODE_LINE = 9
_HEADING_PT, _DETAIL_PT, _LEADING = 7.0, 5.0, 1.3

Line = tuple[str, str, float]
"""A caption line: text, font, size in points."""


class LabelSheetTooLong(ValueError):  # noqa: N818 - says what is wrong with the run
    """More labels than one PDF should hold."""


def write_label_sheet(
    *,
    out: BinaryIO,
    cipher: CodeCipher,
    run: PrintRun,
    caption: Caption,
    layout: SheetLayout = A4_5_BY_13,
    on_progress: Callable[[int], None] | None = None,
) -> int:
    """Write the run's marks as a PDF in the order of the print file; returns the number of pages.

    `on_progress` is told the number of labels drawn after each page. Raises `LabelSheetTooLong`
    beyond `MAXIMUM_LABELS`.
    """
    if run.rows > MAXIMUM_LABELS:
        msg = f"{run.rows} labels; a sheet holds at most {MAXIMUM_LABELS}. Use the print file."
        raise LabelSheetTooLong(msg)
    _register_fonts()
    canvas = _open_canvas(out, layout)
    for number, (serial, role, code) in enumerate(_marks(cipher, run)):
        place = number % layout.labels
        _draw_label(canvas, layout, place, run.url_prefix + code, _lines(caption, layout, role, code, serial))
        if place == layout.labels - 1 or number == run.rows - 1:
            canvas.showPage()
            if on_progress is not None:
                on_progress(number + 1)
    if run.rows == 0:
        # a PDF without a page is none
        canvas.showPage()
    canvas.save()
    return max(1, -(-run.rows // layout.labels))


@cache
def _register_fonts() -> None:
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415 - see above
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # noqa: PLC0415 - the same

    pdfmetrics.registerFont(UnicodeCIDFont(CHINESE_FONT))


def _open_canvas(out: BinaryIO, layout: SheetLayout) -> "Canvas":
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - see above

    width, height = layout.page
    return Canvas(out, pagesize=(width * POINTS_PER_MM, height * POINTS_PER_MM), pageCompression=1, invariant=1)


def check_caption(caption: Caption, layout: SheetLayout) -> None:
    """The caption's lines fit beside the QR code. Raises LabelsDoNotFit: `no_room_for_caption`, `too_many_lines`."""
    if not caption.shown:
        return
    width = layout.label[0]
    if layout.caption_width < SHORTEST_LINE_MM * POINTS_PER_MM:
        needed = width + SHORTEST_LINE_MM - layout.caption_width / POINTS_PER_MM
        raise LabelsDoNotFit("no_room_for_caption", needed=needed, there=width)
    sample = _lines(caption, layout, Role.ITEM_OUTER, "0" * CODE_LENGTH, 0)
    needed = sum(size for _line, _font, size in sample) * _LEADING / POINTS_PER_MM + 2 * layout.padding
    if needed > layout.label[1]:
        raise LabelsDoNotFit("too_many_lines", needed=needed, there=layout.label[1])


def _marks(cipher: CodeCipher, run: PrintRun) -> Iterator[tuple[int, Role, str]]:
    for first in range(run.first_serial, run.first_serial + run.quantity, _BLOCK_UNITS):
        count = min(_BLOCK_UNITS, run.first_serial + run.quantity - first)
        block = cipher.encode_block(run.roles, first, count, version=run.version)
        for serial, codes in enumerate(block.tolist(), start=first):
            for role, code in zip(run.roles, codes, strict=True):
                yield serial, role, code.decode("ascii")


def _lines(caption: Caption, layout: SheetLayout, role: Role, code: str, serial: int) -> list[Line]:
    """The shown parts of the caption, each on its lines: the product's name takes two at most."""
    found: list[Line] = []
    for part in caption.shown:
        if part == "product":
            found += _heading(caption.product, layout.caption_width)
        elif part == "code":
            halves = [code[:_CODE_LINE], code[_CODE_LINE:]] if caption.full_code else [mask(code)]
            found += [(half, LATIN_FONT, _DETAIL_PT) for half in halves]
        else:
            line = str(serial) if part == "serial" else caption.fixed_line(part, role)
            found += [(line, _font_for(line), _DETAIL_PT)] if line else []
    return found


@lru_cache(maxsize=64)
def _heading(product: str, width: float) -> list[Line]:
    """The product's name on at most two lines."""
    font = _font_for(product)
    first, rest = _broken(product, font, width)
    lines = [first, _shortened(rest, font, width)] if rest else [first]
    return [(line, font, _HEADING_PT) for line in lines]


def _draw_label(canvas: "Canvas", layout: SheetLayout, place: int, text: str, lines: list[Line]) -> None:
    left, bottom = layout.corner(place)
    padding, side = layout.padding * POINTS_PER_MM, layout.symbol_side
    _draw_qr(canvas, text, (left + padding, bottom + padding), side)
    baseline = bottom + layout.label[1] * POINTS_PER_MM - padding
    for line, font, size in lines:
        baseline -= size * _LEADING
        canvas.setFont(font, size)
        canvas.drawString(left + padding + side, baseline, line)


def _draw_qr(canvas: "Canvas", text: str, corner: tuple[float, float], side: float) -> None:
    """Draw all modules as one filled path, so that no reader shows seams between them.

    Its operators are written here, since the numbers are whole ones, and the canvas takes long over each.
    """
    modules = qr_modules(text)
    count = len(modules) + 2 * QUIET_ZONE
    canvas.saveState()
    canvas.translate(*corner)
    canvas.scale(side / count, side / count)
    top = count - QUIET_ZONE - 1
    runs = (f"{QUIET_ZONE + column} {top - row} {length} 1 re" for row, column, length in dark_runs(modules))
    canvas.addLiteral(f"n {' '.join(runs)} f*")
    canvas.restoreState()


def _font_for(text: str) -> str:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return CHINESE_FONT
    return LATIN_FONT


def _broken(text: str, font: str, width: float) -> tuple[str, str]:
    """As much of a text as fits on a line, broken at a space if there is one, and the rest."""
    fitting = next(n for n in range(len(text), -1, -1) if _width(text[:n], font) <= width)
    if fitting == len(text):
        return text, ""
    space = text.rfind(" ", 0, fitting + 1)
    end = space if space > 0 else fitting
    return text[:end], text[end:].strip()


def _shortened(text: str, font: str, width: float) -> str:
    if _width(text, font) <= width:
        return text
    return next(text[:n] + "…" for n in range(len(text) - 1, -1, -1) if n == 0 or _width(text[:n] + "…", font) <= width)


def _width(text: str, font: str) -> float:
    _register_fonts()
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415 - see above

    return float(pdfmetrics.stringWidth(text, font, _HEADING_PT))
