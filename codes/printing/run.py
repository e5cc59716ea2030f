"""What is to be printed, and how a unit's rows lie in the print file."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from codes.formats.code_text import CODE_LENGTH, SERIAL_LIMIT, Role
from codes.printing.decimals import SERIAL_DIGITS
from codes.printing.layout import PLAIN, Piece

CHUNK_UNITS = 2048

_PLAIN_FIELD = re.compile(r"[!#-+\--~]+", re.ASCII)


class Layout(Protocol):
    """How the units of a run are written."""

    @property
    def delimiter(self) -> str:
        """What must not stand in an address."""

    def header(self, roles: tuple[str, ...]) -> bytes:
        """The beginning of the file."""

    def pieces(self, roles: tuple[Role, ...], url_prefix: str) -> list[Piece]:
        """What is written for one unit, equally long for all."""


@dataclass(frozen=True, slots=True)
class Inside:
    """What the units of a run hold: unit n has the serials from `first + n × each` on, none behind `last`."""

    first: int
    each: int
    last: int

    def ends(self, unit: int, count: int) -> dict[str, NDArray[np.int64]]:
        """First and last serial inside of `count` units from number `unit` on."""
        firsts = self.first + (unit + np.arange(count, dtype=np.int64)) * self.each
        return {"first_inside": firsts, "last_inside": np.minimum(firsts + self.each - 1, self.last)}


@dataclass(frozen=True)
class PrintRun:
    """What is to be printed: the marks of consecutive serials, each serial's roles in the order given."""

    roles: tuple[Role, ...]
    first_serial: int
    quantity: int
    url_prefix: str
    version: str | None = None
    """Key version; without one, the issuing version of the cipher."""
    layout: Layout = PLAIN
    inside: "Inside | None" = None
    """Of what is printed with the serials that it holds."""

    def __post_init__(self) -> None:
        if not self.roles or len(set(self.roles)) != len(self.roles):
            msg = "a print run needs at least one role, and each role once"
            raise ValueError(msg)
        if self.quantity < 0 or self.first_serial < 0 or self.first_serial + self.quantity > SERIAL_LIMIT:
            msg = f"serials must lie in [0, {SERIAL_LIMIT})"
            raise ValueError(msg)
        if _PLAIN_FIELD.fullmatch(self.url_prefix) is None:
            msg = "the address prefix must be plain ASCII without blanks, commas or quotes"
            raise ValueError(msg)
        if self.layout.delimiter in self.url_prefix:
            msg = "the address prefix must not contain the delimiter"
            raise ValueError(msg)

    @property
    def header(self) -> bytes:
        """The file's first line; empty where the layout has none."""
        return self.layout.header(tuple(role.slug for role in self.roles))

    @property
    def chunks(self) -> int:
        """How many chunks the file is written in."""
        return -(-self.quantity // CHUNK_UNITS)

    @property
    def rows(self) -> int:
        """How many marks the file holds."""
        return self.quantity * len(self.roles)

    def rows_before(self, chunk: int) -> int:
        """How many marks stand before a chunk."""
        return min(chunk * CHUNK_UNITS, self.quantity) * len(self.roles)

    def chunk_after(self, rows: int) -> int:
        """The first chunk behind so many marks."""
        return -(-(rows // len(self.roles)) // CHUNK_UNITS)

    def byte_offset(self, chunk: int) -> int:
        """Where a chunk begins in the file: what to cut an unfinished file back to before going on."""
        return len(self.header) + min(chunk * CHUNK_UNITS, self.quantity) * self.template.itemsize

    @cached_property
    def template(self) -> NDArray[np.void]:
        """One unit's rows with blank serials and codes: a record with fields per role, shape (1,)."""
        return _template(self)


def _template(run: PrintRun) -> NDArray[np.void]:
    text, fields = b"", {}
    for piece in run.layout.pieces(run.roles, run.url_prefix):
        if isinstance(piece, bytes):
            text += piece
            continue
        column, place = piece
        blank = b"0" * (CODE_LENGTH if column in {"code", "url"} else SERIAL_DIGITS)
        fields[f"{column}{place}"] = (f"S{len(blank)}", len(text))
        text += blank
    form = np.dtype(
        {
            "names": list(fields),
            "formats": [form for form, _ in fields.values()],
            "offsets": [offset for _, offset in fields.values()],
            "itemsize": len(text),
        }
    )
    return np.frombuffer(text, dtype=form)
