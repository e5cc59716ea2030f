"""Geometry of the charts that the server draws as SVG. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

SPARK_WIDTH, SPARK_HEIGHT = 100, 28
BAR_WIDTH, BAR_GAP, BARS_HEIGHT = 20, 4, 100


def spark_points(values: Sequence[int]) -> str:
    """Points of a polyline in a box of 100 × 28, from left to right; a flat line at the bottom without openings."""
    highest = max([*values, 1])
    stride = SPARK_WIDTH / max(len(values) - 1, 1)
    margin = 2
    usable = SPARK_HEIGHT - 2 * margin
    return " ".join(
        f"{position * stride:.1f},{SPARK_HEIGHT - margin - value / highest * usable:.1f}"
        for position, value in enumerate(values)
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: its rectangle (height 0 to 100) and what it stands for."""

    day: dt.date
    value: int
    x: int
    y: str
    height: str
    is_last: bool


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars from left to right in a box of `width` × 100; `top` is the value of the upper edge."""

    bars: list[Bar]
    width: int
    top: int


def bar_chart(days: Sequence[tuple[dt.date, int]]) -> BarChart:
    """A bar for every day, against an axis that ends on a round number."""
    top = round_up(max((value for _, value in days), default=0))
    bars = []
    for position, (day, value) in enumerate(days):
        height = value / top * BARS_HEIGHT
        bars.append(
            Bar(
                day=day,
                value=value,
                x=position * (BAR_WIDTH + BAR_GAP),
                y=f"{BARS_HEIGHT - height:.2f}",
                height=f"{height:.2f}",
                is_last=position == len(days) - 1,
            )
        )
    return BarChart(bars, width=len(bars) * (BAR_WIDTH + BAR_GAP) - BAR_GAP, top=top)


def round_up(value: int) -> int:
    """The next of 2, 4, 10, 20, 40, 100, …: even, so that the half is a whole number too."""
    scale = 1
    while True:
        for step in (2, 4):
            if value <= step * scale:
                return step * scale
        scale *= 10
        if value <= scale:
            return scale
