"""The print file of an order: CSV for the printer, one row a mark, written in vectorised chunks.

By default with header `serial,role,code,url` and lines that end in CR LF (RFC 4180); see RowLayout. ASCII only.
Serials are padded to 13 digits, so every unit takes equally many bytes and any chunk starts at a known place.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from codes.formats.code_text import CodeCipher
from codes.printing.decimals import digits_of, serial_digits
from codes.printing.run import CHUNK_UNITS, PrintRun


class Digest(Protocol):
    """A running hash, as `hashlib` gives it."""

    def update(self, data: bytes | memoryview, /) -> None:
        """Take in more of the file."""

    def hexdigest(self) -> str:
        """The hash so far."""


@dataclass(frozen=True, slots=True)
class PrintFileSummary:
    """What a file came to: marks written by this call, and the whole file's SHA-256 (hex) and size."""

    rows: int
    sha256: str
    bytes: int


def write_print_file(
    *,
    out: BinaryIO,
    cipher: CodeCipher,
    run: PrintRun,
    on_progress: Callable[[int], None] | None = None,
    start_chunk: int = 0,
    digest: Digest | None = None,
) -> PrintFileSummary:
    """Write the run's print file, reporting the number of rows in the file after each chunk.

    To go on with an unfinished file, cut it to `run.byte_offset(start_chunk)`, position `out` there and
    pass a `hashlib.sha256()` that has read what was kept. Memory stays flat whatever the quantity.
    """
    digest = digest or hashlib.sha256()
    if start_chunk == 0:
        digest.update(run.header)
        out.write(run.header)
    for chunk in range(start_chunk, run.chunks):
        block = render_chunk(cipher=cipher, run=run, chunk=chunk)
        digest.update(block)
        out.write(block)
        if on_progress is not None:
            on_progress(min((chunk + 1) * CHUNK_UNITS, run.quantity) * len(run.roles))
    written = run.quantity - min(start_chunk * CHUNK_UNITS, run.quantity)
    return PrintFileSummary(rows=written * len(run.roles), sha256=digest.hexdigest(), bytes=run.byte_offset(run.chunks))


def render_chunk(*, cipher: CodeCipher, run: PrintRun, chunk: int) -> memoryview:
    """The bytes of one chunk of rows."""
    count = min(CHUNK_UNITS, run.quantity - chunk * CHUNK_UNITS)
    return rendered_units(cipher, run, chunk * CHUNK_UNITS, count).reshape(-1).data


def rendered_units(cipher: CodeCipher, run: PrintRun, unit: int, count: int) -> NDArray[np.uint8]:
    """What is written for `count` units from number `unit` of the run on: bytes of shape (count, those of a unit)."""
    first = run.first_serial + unit
    codes = cipher.encode_block(run.roles, first, count, version=run.version)
    inside = run.inside.ends(unit, count) if run.inside else {}
    digits = {"serial": serial_digits(first, count)} | {name: digits_of(ends) for name, ends in inside.items()}
    lines = np.empty((count, run.template.itemsize), dtype=np.uint8)
    lines[:] = run.template.view(np.uint8)
    records = lines.view(run.template.dtype).reshape(-1)
    for name in run.template.dtype.names or ():
        column, place = name[:-1], int(name[-1])
        records[name] = digits[column] if column in digits else codes[:, place]
    return lines
