"""Labels in ZPL II, for thermal label printers: one format a mark, a QR code by ^BQ and a caption beside it.

Source: Zebra, ZPL II Programming Guide: ^XA/^XZ, ^PW, ^LL, ^CI, ^FO, ^A, ^BQ, ^FH, ^FD. `^BQN,2,m,M,7` is a QR code of
model 2 with m dots a module; its field data `MM,A…` say error correction M, manual input, alphanumeric characters, so
that the printer chooses the version that we reckon with. The files are ASCII: captions are UTF-8 (^CI28), escaped by
^FH.
"""

from dataclasses import dataclass

from codes.formats.code_text import CODE_LENGTH, Role
from codes.printing.captions import Caption
from codes.printing.layout import Piece
from codes.printing.qr import QUIET_ZONE, alphanumeric_side, is_alphanumeric
from codes.printing.sheets import SMALLEST_MODULE_MM, LabelsDoNotFit

MM_PER_INCH = 25.4
RESOLUTIONS = (203, 300, 600)
LARGEST_MAGNIFICATION = 10
DROP = 10
"""Dots by which firmware moves a QR code down from its ^FO: the bar height of ^BY, 10 unless it is set."""

PADDING_MM = 1.0
LINE_MM, LEADING = 2.2, 1.25
SHORTEST_LINE_MM = 8.0
FIXED = ("product", "lot", "expiry", "role")
SHOWN = (*FIXED, "serial")
"""Parts of a caption that a label can show."""

OUTLINE_FONT = "0"
"""The printer's own scalable font; it has no Chinese."""

_PLAIN = frozenset(range(0x20, 0x7F)) - frozenset(b"^~_")


def escaped(text: str) -> str:
    """Text as the data of ^FD behind ^FH: all but plain ASCII, and the signs of commands, as _ and two hex digits."""
    return "".join(chr(byte) if byte in _PLAIN else f"_{byte:02X}" for byte in text.encode())


@dataclass(frozen=True, slots=True)
class ZplLabel:
    """A label of so many millimetres on a printer of so many dots an inch, and what is written on it.

    `font` is "0" or a font file on the printer, such as E:SIMSUN.TTF, which Chinese captions need.
    """

    width_mm: float
    height_mm: float
    dpi: int
    caption: Caption
    font: str = OUTLINE_FONT

    delimiter: str = "^"

    def header(self, roles: tuple[str, ...]) -> bytes:  # noqa: ARG002 - as any layout
        """None."""
        return b""

    def dots(self, mm: float) -> int:
        """Whole dots within so many millimetres."""
        return int(mm * self.dpi / MM_PER_INCH + 1e-9)

    def magnification(self, text_length: int) -> int:
        """Dots a module: as many as the label has room for, with the caption beside it.

        Raises:
            LabelsDoNotFit: `no_room_for_caption` with the width, or `module_too_small` with the side, that would do.
        """
        count = alphanumeric_side(text_length) + 2 * QUIET_ZONE
        around, beside = 2 * self.dots(PADDING_MM), self.dots(SHORTEST_LINE_MM) if self.caption.shown else 0
        across = (self.dots(self.width_mm) - around - beside) // count
        down = (self.dots(self.height_mm) - around - DROP) // count
        found, least = min(across, down, LARGEST_MAGNIFICATION), -int(-SMALLEST_MODULE_MM * self.dpi // MM_PER_INCH)
        if found >= least:
            return found
        mm = MM_PER_INCH / self.dpi
        if beside and down >= least:
            needed = (count * least + around + beside + 1) * mm
            raise LabelsDoNotFit("no_room_for_caption", needed=needed, there=self.width_mm)
        there, needed = min(self.width_mm, self.height_mm), (count * least + around + DROP + 1) * mm
        raise LabelsDoNotFit("module_too_small", needed=needed, there=there, module=max(found, 0) * mm)

    def check(self, url_prefix: str) -> None:
        """The QR code fits and can be read, and the caption's lines fit beside it, in a font that has them.

        Raises:
            LabelsDoNotFit: also `too_many_lines`, `no_room_for_caption`, `font_without_chinese`, and
                `address_not_upper_case` for an address that a QR code does not hold as alphanumeric characters.
        """
        if not is_alphanumeric(url_prefix):
            raise LabelsDoNotFit("address_not_upper_case")
        text_length = len(url_prefix) + CODE_LENGTH
        self.magnification(text_length)
        lines = [self.caption.fixed_line(part, Role.ITEM_OUTER) for part in self.caption.shown if part in FIXED]
        needed = len(self.caption.shown) * LINE_MM * LEADING + 2 * PADDING_MM
        if needed > self.height_mm:
            raise LabelsDoNotFit("too_many_lines", needed=needed, there=self.height_mm)
        if self.font == OUTLINE_FONT and not all(line.isascii() for line in lines):
            raise LabelsDoNotFit("font_without_chinese")

    def pieces(self, roles: tuple[Role, ...], url_prefix: str) -> list[Piece]:
        """The labels of one unit, one for each role."""
        return [piece for place, role in enumerate(roles) for piece in self._label(role, place, url_prefix)]

    def _label(self, role: Role, place: int, url_prefix: str) -> list[Piece]:
        length = len(url_prefix) + CODE_LENGTH
        magnification = self.magnification(length)
        corner = self.dots(PADDING_MM) + QUIET_ZONE * magnification
        head = f"^XA^CI28^PW{self.dots(self.width_mm)}^LL{self.dots(self.height_mm)}^LH0,0"
        symbol = f"^FO{corner},{max(corner - DROP, 0)}^BQN,2,{magnification},M,7^FDMM,A{url_prefix}"
        found: list[Piece] = [(head + symbol).encode("ascii"), ("code", place), b"^FS"]
        for number, part in enumerate(self.caption.shown):
            found += self._line(number, part, role, place, length)
        return [*found, b"^XZ\n"]

    def _line(self, number: int, part: str, role: Role, place: int, length: int) -> list[Piece]:
        height = self.dots(LINE_MM)
        top = self.dots(PADDING_MM) + int(number * height * LEADING)
        font = f"^A0N,{height},{height}" if self.font == OUTLINE_FONT else f"^A@N,{height},{height},{self.font}"
        start = f"^FO{self._caption_left(length)},{top}{font}"
        if part == "serial":
            return [f"{start}^FD".encode("ascii"), ("serial", place), b"^FS"]
        line = self.caption.fixed_line(part, role)
        return [f"{start}^FH^FD{escaped(line)}^FS".encode("ascii")] if line else []

    def _caption_left(self, length: int) -> int:
        side = (alphanumeric_side(length) + 2 * QUIET_ZONE) * self.magnification(length)
        return self.dots(PADDING_MM) + side
