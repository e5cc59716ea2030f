"""Label sheets of a print run as PDF: a QR code and a caption on each label of a grid.

For samples, small orders and replacements. A factory prints large orders from the print file.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from codes.formats.code_text import CodeCipher, mask
from codes.printing.qr import QUIET_ZONE, dark_runs, qr_modules
from codes.printing.run import PrintRun

# a PDF is put together in memory, some 0.2 MB a page
MAXIMUM_LABELS = 20_000

POINTS_PER_MM = 72 / 25.4

LATIN_FONT = "Helvetica"
CHINESE_FONT = "STSong-Light"
"""One of the Adobe CID fonts, which every reader brings along: nothing to embed."""

_BLOCK_UNITS = 1024
_CODE_LINE = 9
_HEADING_PT, _DETAIL_PT, _LEADING = 7.0, 5.0, 1.3

Line = tuple[str, str, float]
"""A caption line: text, font, size in points."""


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """A grid of equal labels on a page, in millimetres. The default is A4 with 5 × 13 labels."""

    page: tuple[float, float] = (210.0, 297.0)
    columns: int = 5
    rows: int = 13
    label: tuple[float, float] = (38.1, 21.2)
    pitch: tuple[float, float] = (40.6, 21.2)
    """From one label's left or top edge to the next one's."""
    margin: tuple[float, float] = (4.75, 10.7)
    """From the page's left and top edge to the first label."""
    padding: float = 1.0

    @property
    def labels(self) -> int:
        """Labels on one page."""
        return self.columns * self.rows

    @property
    def symbol_side(self) -> float:
        """The side of a label's QR code with its quiet zone, in points."""
        return (min(self.label) - 2 * self.padding) * POINTS_PER_MM

    @property
    def caption_width(self) -> float:
        """The room beside the QR code, in points."""
        return (self.label[0] - 2 * self.padding) * POINTS_PER_MM - self.symbol_side

    def corner(self, place: int) -> tuple[float, float]:
        """The lower left corner of a place on the page (0 is top left, then along the row), in points."""
        row, column = divmod(place, self.columns)
        left = self.margin[0] + column * self.pitch[0]
        bottom = self.page[1] - self.margin[1] - row * self.pitch[1] - self.label[1]
        return left * POINTS_PER_MM, bottom * POINTS_PER_MM


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands beside the QR code, above the serial."""

    product: str
    full_code: bool = False
    """Print the whole code rather than a masked one; an inner code is worth money to whoever reads it."""


A4_5_BY_13 = SheetLayout()


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
    canvas = _open_canvas(out, layout)
    heading = _heading(caption.product, layout)
    for number, (serial, code) in enumerate(_marks(cipher, run)):
        place = number % layout.labels
        _draw_label(canvas, layout, place, run.url_prefix + code, [*heading, *_details(caption, code, serial)])
        if place == layout.labels - 1 or number == run.rows - 1:
            canvas.showPage()
            if on_progress is not None:
                on_progress(number + 1)
    if run.rows == 0:
        # a PDF without a page is none
        canvas.showPage()
    canvas.save()
    return max(1, -(-run.rows // layout.labels))


def _open_canvas(out: BinaryIO, layout: SheetLayout) -> Canvas:
    pdfmetrics.registerFont(UnicodeCIDFont(CHINESE_FONT))
    width, height = layout.page
    return Canvas(out, pagesize=(width * POINTS_PER_MM, height * POINTS_PER_MM), pageCompression=1, invariant=1)


def _marks(cipher: CodeCipher, run: PrintRun) -> Iterator[tuple[int, str]]:
    for first in range(run.first_serial, run.first_serial + run.quantity, _BLOCK_UNITS):
        count = min(_BLOCK_UNITS, run.first_serial + run.quantity - first)
        block = cipher.encode_block(run.roles, first, count, version=run.version)
        for serial, codes in enumerate(block.tolist(), start=first):
            yield from ((serial, code.decode("ascii")) for code in codes)


def _heading(product: str, layout: SheetLayout) -> list[Line]:
    """The product's name on at most two lines."""
    font, width = _font_for(product), layout.caption_width
    first, rest = _broken(product, font, width)
    lines = [first, _shortened(rest, font, width)] if rest else [first]
    return [(line, font, _HEADING_PT) for line in lines]


def _details(caption: Caption, code: str, serial: int) -> list[Line]:
    parts = [code[:_CODE_LINE], code[_CODE_LINE:]] if caption.full_code else [mask(code)]
    return [(part, LATIN_FONT, _DETAIL_PT) for part in (*parts, str(serial))]


def _draw_label(canvas: Canvas, layout: SheetLayout, place: int, text: str, lines: list[Line]) -> None:
    left, bottom = layout.corner(place)
    padding, side = layout.padding * POINTS_PER_MM, layout.symbol_side
    _draw_qr(canvas, text, (left + padding, bottom + padding), side)
    baseline = bottom + layout.label[1] * POINTS_PER_MM - padding
    for line, font, size in lines:
        baseline -= size * _LEADING
        canvas.setFont(font, size)
        canvas.drawString(left + padding + side, baseline, line)


def _draw_qr(canvas: Canvas, text: str, corner: tuple[float, float], side: float) -> None:
    """Draw all modules as one filled path, so that no reader shows seams between them."""
    modules = qr_modules(text)
    count = len(modules) + 2 * QUIET_ZONE
    canvas.saveState()
    canvas.translate(*corner)
    canvas.scale(side / count, side / count)
    path = canvas.beginPath()
    for row, column, length in dark_runs(modules):
        path.rect(QUIET_ZONE + column, count - QUIET_ZONE - row - 1, length, 1)
    canvas.drawPath(path, stroke=0, fill=1)
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
    return float(pdfmetrics.stringWidth(text, font, _HEADING_PT))
