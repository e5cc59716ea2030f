"""Ranges of serials, as people and partners say them: both ends included."""

from collections.abc import Iterable
from dataclasses import dataclass

from codes.formats.code_text import SERIAL_LIMIT


@dataclass(frozen=True, slots=True)
class SerialRange:
    """The serials from `first` to `last`, both included. Raises ValueError where they name no range."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if not 0 <= self.first <= self.last < SERIAL_LIMIT:
            msg = f"serials must lie in [0, {SERIAL_LIMIT}), the first not behind the last"
            raise ValueError(msg)

    @property
    def count(self) -> int:
        """How many serials these are."""
        return self.last - self.first + 1

    @property
    def bounds(self) -> tuple[int, int]:
        """The first serial, and the one after the last: what a range column takes."""
        return self.first, self.last + 1


def joined(ranges: Iterable[SerialRange]) -> list[SerialRange]:
    """The ranges in order, those that touch or overlap made one."""
    found: list[SerialRange] = []
    for each in sorted(ranges, key=lambda span: span.first):
        if found and each.first <= found[-1].last + 1:
            found[-1] = SerialRange(found[-1].first, max(found[-1].last, each.last))
        else:
            found.append(each)
    return found


def without(ranges: Iterable[SerialRange], serial: int) -> list[SerialRange]:
    """The ranges with one serial taken out."""
    found: list[SerialRange] = []
    for each in ranges:
        if not each.first <= serial <= each.last:
            found.append(each)
            continue
        found += [SerialRange(each.first, serial - 1)] if each.first < serial else []
        found += [SerialRange(serial + 1, each.last)] if serial < each.last else []
    return found
