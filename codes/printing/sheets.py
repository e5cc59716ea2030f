"""Papers and grids of labels: known sheets by name, or any grid in millimetres."""

from dataclasses import dataclass

from codes.printing.qr import QUIET_ZONE

SMALLEST_MODULE_MM = 0.25
"""A phone's camera at reading distance, and office and label printers alike, lose modules that are smaller."""

POINTS_PER_MM = 72 / 25.4
PAPERS = {"A4": (210.0, 297.0), "A3": (297.0, 420.0), "Letter": (215.9, 279.4)}
ROLL = "roll"
SLACK = 1e-6


class LabelsDoNotFit(ValueError):  # noqa: N818 - says what is wrong with them
    """A size that can't be. `what`: stable name of the fault; `values`: numbers for the message."""

    def __init__(self, what: str, **values: float) -> None:
        self.what, self.values = what, values
        super().__init__(f"{what}: {values}")


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """A grid of equal labels on a page, in millimetres. The default is A4 with 5 × 13 labels."""

    page: tuple[float, float] = PAPERS["A4"]
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

    def check(self, modules: int) -> None:
        """The grid lies on the paper, and a QR code of `modules` a side has modules that can be read.

        Raises:
            LabelsDoNotFit: `wider_than_paper` or `higher_than_paper` (needed, there, in mm), `overlapping`, or
                `module_too_small` (side of the label that would do, its side now, and the module, in mm).
        """
        counts = (self.columns, self.rows)
        for axis, what in enumerate(("wider_than_paper", "higher_than_paper")):
            needed = self.margin[axis] + (counts[axis] - 1) * self.pitch[axis] + self.label[axis]
            if needed > self.page[axis] + SLACK:
                raise LabelsDoNotFit(what, needed=needed, there=self.page[axis])
            if counts[axis] > 1 and self.pitch[axis] < self.label[axis] - SLACK:
                raise LabelsDoNotFit("overlapping", needed=self.label[axis], there=self.pitch[axis])
        count = modules + 2 * QUIET_ZONE
        module = (min(self.label) - 2 * self.padding) / count
        if module < SMALLEST_MODULE_MM - SLACK:
            needed = count * SMALLEST_MODULE_MM + 2 * self.padding
            raise LabelsDoNotFit("module_too_small", needed=needed, there=min(self.label), module=max(module, 0.0))


A4_5_BY_13 = SheetLayout()
SHEETS = {
    "a4-5x13": A4_5_BY_13,
    "a4-3x7": SheetLayout(columns=3, rows=7, label=(63.5, 38.1), pitch=(66.04, 38.1), margin=(7.21, 15.15)),
    "a4-3x8": SheetLayout(columns=3, rows=8, label=(63.5, 33.9), pitch=(66.04, 33.9), margin=(7.21, 12.9)),
    "a4-2x7": SheetLayout(columns=2, rows=7, label=(99.1, 38.1), pitch=(101.6, 38.1), margin=(4.65, 15.15)),
    "letter-3x10": SheetLayout(
        page=PAPERS["Letter"], columns=3, rows=10, label=(66.675, 25.4), pitch=(69.85, 25.4), margin=(4.7625, 12.7)
    ),
    "letter-4x20": SheetLayout(
        page=PAPERS["Letter"], columns=4, rows=20, label=(44.45, 12.7), pitch=(52.07, 12.7), margin=(7.62, 12.7)
    ),
}
"""Grids that label paper is sold in, by name."""


@dataclass(frozen=True, slots=True)
class FreeGrid:
    """A grid of one's own, in millimetres. On a roll `paper_width` is its width, and a page is one row of labels."""

    paper: str
    label_width: float
    label_height: float
    columns: int = 1
    rows: int = 1
    gap_x: float = 0.0
    gap_y: float = 0.0
    margin_left: float = 0.0
    margin_top: float = 0.0
    paper_width: float = 0.0

    def layout(self) -> SheetLayout:
        """The grid on its paper; whether it fits is for `SheetLayout.check` to say."""
        is_roll = self.paper == ROLL
        rows = 1 if is_roll else self.rows
        height = 2 * self.margin_top + self.label_height + self.gap_y
        return SheetLayout(
            page=(self.paper_width, height) if is_roll else PAPERS[self.paper],
            columns=self.columns,
            rows=rows,
            label=(self.label_width, self.label_height),
            pitch=(self.label_width + self.gap_x, self.label_height + self.gap_y),
            margin=(self.margin_left, self.margin_top),
        )
