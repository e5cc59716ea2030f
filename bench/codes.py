"""How fast codes are written and read, beside what the parts underneath would allow.

Each function returns rows of `{name, value, unit, floor_name, floor, ratio}`. Project and floor are
interleaved and the best of several rounds is kept. The ratio is value / floor: a rate can at best
come near 1 from below, a duration from above.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_ALPHA_NUM, QRData

from bench.rows import Row, row_of
from codes.formats.code_text import CodeCipher, Role
from codes.formats.ff1 import aes_ecb
from codes.formats.ff1_bulk import CHUNK, Ff1Bits80Bulk
from codes.formats.keys import KeyRing
from codes.printing.print_file import write_print_file
from codes.printing.qr import qr_modules
from codes.printing.run import PrintRun
from codes.printing.symbols import MASK

ROUNDS = 5
CIPHER_LIMIT = "memory traffic of NumPy between the ten AES rounds, one core"
QR_LIMIT = "Python: bits of the text, sixteen correcting code words, placing by one array operation; one core"
FILE_LIMIT = "the cipher, then base32 text, SHA-256 and the write, one core"
VERIFY_LIMIT = "Python around ten calls into OpenSSL, one core"

Action = Callable[[], None]


def seconds(action: Action) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def interleaved(action: Action, floor: Action, rounds: int = ROUNDS) -> tuple[float, float]:
    """Best seconds of both, measured in turns."""
    pairs = [(seconds(action), seconds(floor)) for _ in range(rounds)]
    return min(own for own, _ in pairs), min(bare for _, bare in pairs)


def rate_row(name: str, amount: int, own: float, floor_name: str, bare: float, **told: str) -> Row:
    return row_of(name=name, unit="codes/s", value=amount / own, floor=(floor_name, amount / bare), **told)


def random_cipher() -> CodeCipher:
    return CodeCipher(KeyRing.parse(f"1:{os.urandom(32).hex()}"))


def cipher_alone(codes: int = 1_048_576) -> list[Row]:
    """FF1 over arrays against the ten AES calls a chunk that it cannot do without."""
    key = os.urandom(32)
    cipher, aes = Ff1Bits80Bulk(key), aes_ecb(key)
    left = np.arange(codes, dtype=np.uint64)
    blocks, out = bytes(16 * CHUNK), bytearray(16 * CHUNK + 15)

    def bare_aes() -> None:
        for _ in range(codes // CHUNK):
            encryptor = aes.encryptor()
            for _ in range(10):
                encryptor.update_into(blocks, out)

    def own_cipher() -> None:
        cipher.encrypt(left, left)

    own, bare = interleaved(own_cipher, bare_aes)
    return [
        rate_row("cipher alone, one core", codes, own, "10 AES-256-ECB calls a chunk", bare, limit=CIPHER_LIMIT, aim="")
    ]


def print_file(units: int = 1_000_000, folder: Path | None = None) -> list[Row]:
    """A print file with two marks a unit, against enciphering as many codes and doing nothing with them."""
    cipher = random_cipher()
    run = PrintRun((Role.ITEM_OUTER, Role.ITEM_INNER), 1, units, "HTTPS://ONE.CN/C/")
    bare_cipher = Ff1Bits80Bulk(os.urandom(32))
    left = np.arange(CHUNK, dtype=np.uint64)
    with tempfile.TemporaryDirectory(dir=folder) as room:
        path = Path(room) / "print.csv"

        def own_file() -> None:
            with path.open("wb") as out:
                write_print_file(out=out, cipher=cipher, run=run)

        def bare_file() -> None:
            for _ in range(run.rows // CHUNK):
                bare_cipher.encrypt(left, left)

        own, bare = interleaved(own_file, bare_file, rounds=3)
    return [
        rate_row(
            "codes to a print file, one core",
            run.rows,
            own,
            "the cipher alone on as many codes",
            bare,
            limit=FILE_LIMIT,
            aim="≥ 1.5 M",
        )
    ]


def qr_symbols(symbols: int = 2_000) -> list[Row]:
    """The modules of short-form QR codes, against the package's work for a symbol whose version and mask are known."""
    cipher = random_cipher()
    texts = ["HTTPS://ONE.CN/C/" + cipher.encode(Role.ITEM_INNER, serial) for serial in range(symbols)]

    def own_symbols() -> None:
        for text in texts:
            qr_modules(text)

    def bare_symbols() -> None:
        for text in texts:
            code = qrcode.QRCode(version=2, error_correction=ERROR_CORRECT_M, border=0, mask_pattern=MASK)
            code.add_data(QRData(text.encode(), mode=MODE_ALPHA_NUM, check_data=False), optimize=0)
            code.make(fit=False)

    own, bare = interleaved(own_symbols, bare_symbols, rounds=3)
    return [
        row_of(
            name="QR symbols drawn, one core",
            unit="symbols/s",
            value=symbols / own,
            floor=("the package alone, version and mask given", symbols / bare),
            limit=QR_LIMIT,
            aim="≥ 1,500",
        )
    ]


def single_verify(codes: int = 20_000) -> list[Row]:
    """Reading one code's text, against the ten AES calls on one block that it contains."""
    cipher = random_cipher()
    aes = aes_ecb(os.urandom(32))
    texts = [text.decode() for text in cipher.encode_block([Role.ITEM_INNER], 1, codes)[:, 0].tolist()]
    block = bytes(16)
    own: list[int] = []
    bare: list[int] = []
    for text in texts:
        start = time.perf_counter_ns()
        cipher.decode(text)
        middle = time.perf_counter_ns()
        update = aes.encryptor().update
        for _ in range(10):
            update(block)
        own.append(middle - start)
        bare.append(time.perf_counter_ns() - middle)
    return [percentile_row(share, own, bare) for share in (50, 99)]


def percentile_row(share: int, own: list[int], bare: list[int]) -> Row:
    value, floor = (float(np.percentile(samples, share)) / 1000 for samples in (own, bare))
    return row_of(
        name=f"verify one code, p{share}",
        unit="µs",
        value=value,
        floor=("10 AES-256 calls on one block", floor),
        limit=VERIFY_LIMIT,
        aim="≤ 60",
    )


def measure() -> list[Row]:
    """All rows of this file."""
    return [*cipher_alone(), *print_file(), *qr_symbols(), *single_verify()]
