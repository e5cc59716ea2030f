"""The print file of an order: CSV for the printer, one row a mark, written in vectorised chunks.

Header `serial,role,code,url`, lines end in CR LF (RFC 4180), ASCII only. Serials are padded to
13 digits, so every unit takes equally many bytes and any chunk starts at a known place.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from codes.formats.code_text import CODE_LENGTH, SERIAL_LIMIT, CodeCipher, Role
from codes.printing.decimals import SERIAL_DIGITS, serial_digits

HEADER = b"serial,role,code,url\r\n"
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
        return len(HEADER) + min(chunk * CHUNK_UNITS, self.quantity) * self.template.itemsize

    @cached_property
    def template(self) -> NDArray[np.void]:
        """One unit's rows with blank serials and codes: a record with fields per role, shape (1,)."""
        return _template(self.roles, self.url_prefix.encode("ascii"))


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
    digest: Any = None,
) -> PrintFileSummary:
    """Write the run's print file, reporting the number of rows in the file after each chunk.

    To go on with an unfinished file, cut it to `run.byte_offset(start_chunk)`, position `out` there and
    pass a `hashlib.sha256()` that has read what was kept. Memory stays flat whatever the quantity.
    """
    digest = hashlib.sha256() if digest is None else digest
    if start_chunk == 0:
        digest.update(HEADER)
        out.write(HEADER)
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
    first = run.first_serial + chunk * CHUNK_UNITS
    count = min(CHUNK_UNITS, run.quantity - chunk * CHUNK_UNITS)
    codes = cipher.encode_block(run.roles, first, count, version=run.version)
    serials = serial_digits(first, count)
    lines = np.empty((count, run.template.itemsize), dtype=np.uint8)
    lines[:] = run.template.view(np.uint8)
    records = lines.view(run.template.dtype).reshape(-1)
    for column in range(len(run.roles)):
        records[f"serial{column}"] = serials
        records[f"code{column}"] = codes[:, column]
        records[f"url{column}"] = codes[:, column]
    return lines.reshape(-1).data


def _template(roles: tuple[Role, ...], url_prefix: bytes) -> NDArray[np.void]:
    blank_serial, blank_code = b"0" * SERIAL_DIGITS, b"0" * CODE_LENGTH
    line, fields = b"", {}
    for column, role in enumerate(roles):
        fields[f"serial{column}"] = (f"S{SERIAL_DIGITS}", len(line))
        line += blank_serial + b"," + role.slug.encode("ascii") + b","
        fields[f"code{column}"] = (f"S{CODE_LENGTH}", len(line))
        line += blank_code + b"," + url_prefix
        fields[f"url{column}"] = (f"S{CODE_LENGTH}", len(line))
        line += blank_code + b"\r\n"
    layout = np.dtype(
        {
            "names": list(fields),
            "formats": [form for form, _ in fields.values()],
            "offsets": [offset for _, offset in fields.values()],
            "itemsize": len(line),
        }
    )
    return np.frombuffer(line, dtype=layout)
