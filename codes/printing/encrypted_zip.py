"""A print file in a ZIP under AES-256 (WinZip AE-2), as 7-Zip, WinZip and WinRAR open it; Windows' own viewer does not.

Made in one streaming pass: memory stays flat whatever the size.
"""

import secrets
from collections.abc import Callable
from typing import BinaryIO

PASSWORD_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # noqa: S105 - the letters to choose from
"""31 signs; without 0 and O, 1, I and L, which are mistaken for one another when read aloud."""

GROUPS, GROUP_LENGTH = 4, 5
PIECE_BYTES = 1 << 20
FASTEST = 1
EARLIEST = (1980, 1, 1, 0, 0, 0)


def new_password() -> str:
    """Twenty random signs in groups of five, 99 bits: out of reach even for a format with a cheap key derivation."""
    groups = ("".join(secrets.choice(PASSWORD_ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def write_encrypted_zip(
    *, out: BinaryIO, source: BinaryIO, name: str, password: str, on_progress: Callable[[int], None] | None = None
) -> None:
    """Write `source`, from where it stands to its end, to `out` as the only member `name` of an encrypted ZIP.

    `out` must be seekable and empty. `on_progress` is told the number of bytes read after each MiB.
    """
    import pyzipper  # noqa: PLC0415 - takes long to load, and few processes write one
    from pyzipper.zipfile_aes import AESZipInfo  # noqa: PLC0415 - the same

    member = AESZipInfo(name, date_time=EARLIEST)
    member.compress_type = pyzipper.ZIP_DEFLATED
    done = 0
    with pyzipper.AESZipFile(
        out, "w", compression=pyzipper.ZIP_DEFLATED, compresslevel=FASTEST, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword(password.encode("ascii"))
        with archive.open(member, "w", force_zip64=True) as inner:
            while piece := source.read(PIECE_BYTES):
                inner.write(piece)
                done += len(piece)
                if on_progress is not None:
                    on_progress(done)
