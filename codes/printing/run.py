"""What is to be printed, and how a unit's rows lie in the print file."""

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from codes.formats.code_text import CODE_LENGTH, SERIAL_LIMIT, Role
from codes.printing.decimals import SERIAL_DIGITS
from codes.printing.layout import PLAIN, RowLayout

CHUNK_UNITS = 2048

_PLAIN_FIELD = re.compile(r"[!#-+\--~]+", re.ASCII)


@dataclass(frozen=True)
class PrintRun:
    """What is to be printed: the marks of consecutive serials, each serial's roles in the order given."""

    roles: tuple[Role, ...]
    first_serial: int
    quantity: int
    url_prefix: str
    version: str | None = None
    """Key version; without one, the issuing version of the cipher."""
    layout: RowLayout = PLAIN

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

    def byte_offset(self, chunk: int) -> int:
        """Where a chunk begins in the file: what to cut an unfinished file back to before going on."""
        return len(self.header) + min(chunk * CHUNK_UNITS, self.quantity) * self.template.itemsize

    @cached_property
    def template(self) -> NDArray[np.void]:
        """One unit's rows with blank serials and codes: a record with fields per role, shape (1,)."""
        return _template(self)


def _template(run: PrintRun) -> NDArray[np.void]:
    slugs, layout = tuple(role.slug for role in run.roles), run.layout
    blanks = {"serial": b"0" * SERIAL_DIGITS, "code": b"0" * CODE_LENGTH, "url": b"0" * CODE_LENGTH}
    text, fields = b"", {}
    for cells in layout.lines(slugs):
        for number, (column, place) in enumerate(cells):
            text += layout.delimiter.encode("ascii") if number else b""
            text += run.url_prefix.encode("ascii") if column == "url" else b""
            if column in blanks:
                fields[f"{column}{place}"] = (f"S{len(blanks[column])}", len(text))
            text += blanks.get(column, slugs[place].encode("ascii"))
        text += layout.line_ending.encode("ascii")
    form = np.dtype(
        {
            "names": list(fields),
            "formats": [form for form, _ in fields.values()],
            "offsets": [offset for _, offset in fields.values()],
            "itemsize": len(text),
        }
    )
    return np.frombuffer(text, dtype=form)
