"""A print file on the disk: a part while it is written, its final name once it is whole.

Files lie below settings.PRIVATE_FILES, which no web server serves; folders are 0700, files 0600.
"""

import hashlib
import os
import shutil
from io import BufferedRandom
from pathlib import Path
from typing import Any, BinaryIO

import structlog
from django.conf import settings

from codes.models import PrintFile

log = structlog.get_logger(__name__)
FOLDER = "print"
READ_BYTES = 1 << 20
SUFFIXES: dict[str, str] = {
    PrintFile.Kind.CSV: "csv",
    PrintFile.Kind.ZIP: "zip",
    PrintFile.Kind.LABELS: "pdf",
    PrintFile.Kind.ZPL: "zpl",
    PrintFile.Kind.ROLL: "csv",
}


def path_of(file: PrintFile) -> Path:
    """Where the whole file will lie."""
    return Path(settings.PRIVATE_FILES) / relative_path_of(file)


def open_part_of(file: PrintFile) -> BufferedRandom:
    """The part of a print file, in its folder."""
    path = path_of(file)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return open_part(part_of(path))


def rows_path_of(file: PrintFile) -> Path:
    """Where rows or labels of a file are written; of an encrypted file they are never offered, and go once sealed."""
    path = path_of(file)
    return path.with_suffix(".csv") if file.kind == PrintFile.Kind.ZIP else path


def open_rows_of(file: PrintFile) -> BufferedRandom:
    """The part that the rows of a print file are written to, in its folder."""
    path = rows_path_of(file)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return open_part(part_of(path))


def discard_of(file: PrintFile) -> None:
    """Remove all parts of a print file."""
    for path in {path_of(file), rows_path_of(file)}:
        discard(part_of(path))


def relative_path_of(file: PrintFile) -> str:
    """The same below the private files folder, as the row keeps it."""
    return f"{FOLDER}/order-{file.order_id}-file-{file.pk}.{SUFFIXES[file.kind]}"


def part_of(path: Path) -> Path:
    """Where a file lies until it is whole."""
    return path.with_name(f".{path.name}.part")


def open_part(part: Path) -> BufferedRandom:
    """The part, opened for reading and writing; made, readable by its owner alone, where it is not there."""
    return os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")


def cut_back(out: BufferedRandom, size: int) -> Any:
    """Cut a part to its first `size` bytes and stand at their end; answers the SHA-256 of what was kept."""
    out.truncate(size)
    out.seek(0)
    digest = hashlib.sha256()
    while block := out.read(READ_BYTES):
        digest.update(block)
    out.seek(size)
    return digest


def free_bytes() -> int:
    """Room on the disk of the private files."""
    return shutil.disk_usage(settings.PRIVATE_FILES).free


def keep(out: BinaryIO) -> None:
    """On the disk, and not only on its way."""
    out.flush()
    os.fsync(out.fileno())


def discard(part: Path) -> None:
    """Remove a part, where that can be done: the fault that made it useless may hinder this too."""
    try:
        part.unlink(missing_ok=True)
    except OSError as error:
        log.warning("a part of a print file could not be removed", part=part.name, fault=str(error))


def complete(part: Path, path: Path) -> None:
    """Give a whole part its final name, so that it survives a loss of power."""
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
