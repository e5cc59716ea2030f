"""Label sheets of a print run as PDF: a QR code and a caption on each label of a grid.

For samples, small orders and replacements. A factory prints large orders from the print file.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from codes.formats.code_text import CodeCipher, mask
from codes.printing.qr import QUIET_ZONE, dark_runs, qr_modules
from codes.printing.run import PrintRun

# a PDF is put together in memory, some 0.2 MB a page
MAXIMUM_LABELS = 20_000

LATIN_FONT = "Helvetica"
CHINESE_FONT = "STSong-Light"
"""One of the Adobe CID fonts, which every reader brings along: nothing to embed."""

_BLOCK_UNITS = 1024
_CODE_LINE = 9
_PRODUCT_PT, _DETAIL_PT, _LEADING = 7.0, 5.0, 1.3


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

    def corner(self, place: int) -> tuple[float, float]:
        """The lower left corner of a place on the page (0 is top left, then along the row), in points."""
        row, column = divmod(place, self.columns)
        left = self.margin[0] + column * self.pitch[0]
        bottom = self.page[1] - self.margin[1] - row * self.pitch[1] - self.label[1]
        return left * mm, bottom * mm


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
    for number, (serial, code) in enumerate(_marks(cipher, run)):
        place = number % layout.labels
        _draw_label(canvas, layout, place, run.url_prefix + code, _lines(caption, code, serial))
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
    return Canvas(out, pagesize=(width * mm, height * mm), pageCompression=1, invariant=1)


def _marks(cipher: CodeCipher, run: PrintRun) -> Iterator[tuple[int, str]]:
    for first in range(run.first_serial, run.first_serial + run.quantity, _BLOCK_UNITS):
        count = min(_BLOCK_UNITS, run.first_serial + run.quantity - first)
        block = cipher.encode_block(run.roles, first, count, version=run.version)
        for serial, codes in enumerate(block.tolist(), start=first):
            yield from ((serial, code.decode("ascii")) for code in codes)


def _lines(caption: Caption, code: str, serial: int) -> list[tuple[str, float]]:
    """Caption lines from the top, each with its size in points."""
    parts = [code[:_CODE_LINE], code[_CODE_LINE:]] if caption.full_code else [mask(code)]
    return [(caption.product, _PRODUCT_PT), *((part, _DETAIL_PT) for part in parts), (str(serial), _DETAIL_PT)]


def _draw_label(canvas: Canvas, layout: SheetLayout, place: int, text: str, lines: list[tuple[str, float]]) -> None:
    left, bottom = layout.corner(place)
    padding = layout.padding * mm
    side = min(layout.label) * mm - 2 * padding
    _draw_qr(canvas, text, (left + padding, bottom + padding), side)
    column = layout.label[0] * mm - side - 2 * padding
    baseline = bottom + layout.label[1] * mm - padding
    for line, size in lines:
        baseline -= size * _LEADING
        font = _font_for(line)
        canvas.setFont(font, size)
        canvas.drawString(left + padding + side, baseline, _shortened(line, font, size, column))


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


def _shortened(text: str, font: str, size: float, width: float) -> str:
    if pdfmetrics.stringWidth(text, font, size) <= width:
        return text
    while text and pdfmetrics.stringWidth(text + "…", font, size) > width:
        text = text[:-1]
    return text + "…"
