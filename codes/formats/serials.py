"""Ranges of serials, as people and partners say them: both ends included."""

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
