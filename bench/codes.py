"""How fast codes are written and read, beside what the parts underneath would allow.

Each function returns rows of `{name, value, unit, floor_name, floor, ratio}`. Project and floor are
interleaved and the best of several rounds is kept. The ratio is value / floor: a rate can at best
come near 1 from below, a duration from above.
"""

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from codes.formats.code_text import CodeCipher, Role
from codes.formats.ff1 import aes_ecb
from codes.formats.ff1_bulk import CHUNK, Ff1Bits80Bulk
from codes.formats.keys import KeyRing
from codes.printing.print_file import write_print_file
from codes.printing.run import PrintRun

ROUNDS = 5

Row = dict[str, str | float]
Action = Callable[[], None]


def seconds(action: Action) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def interleaved(action: Action, floor: Action, rounds: int = ROUNDS) -> tuple[float, float]:
    """Best seconds of both, measured in turns."""
    pairs = [(seconds(action), seconds(floor)) for _ in range(rounds)]
    return min(own for own, _ in pairs), min(bare for _, bare in pairs)


def rate_row(name: str, amount: int, own: float, floor_name: str, bare: float) -> Row:
    return {
        "name": name,
        "value": round(amount / own),
        "unit": "codes/s",
        "floor_name": floor_name,
        "floor": round(amount / bare),
        "ratio": round(bare / own, 2),
    }


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
    return [rate_row("cipher alone, one core", codes, own, "10 AES-256-ECB calls a chunk", bare)]


def print_file(units: int = 1_000_000, folder: Path | None = None) -> list[Row]:
    """A print file with two marks a unit, against hashing and writing as many ready bytes."""
    cipher = random_cipher()
    run = PrintRun((Role.ITEM_OUTER, Role.ITEM_INNER), 1, units, "HTTPS://ONE.CN/C/")
    size = run.byte_offset(run.chunks)
    ready = os.urandom(1 << 18)
    with tempfile.TemporaryDirectory(dir=folder) as room:
        path = Path(room) / "print.csv"

        def own_file() -> None:
            with path.open("wb") as out:
                write_print_file(out=out, cipher=cipher, run=run)

        def bare_file() -> None:
            digest = hashlib.sha256()
            with path.open("wb") as out:
                for _ in range(size // len(ready)):
                    digest.update(ready)
                    out.write(ready)

        own, bare = interleaved(own_file, bare_file, rounds=3)
    return [rate_row("codes to a print file, one core", run.rows, own, "SHA-256 and write of as many bytes", bare)]


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
    return {
        "name": f"verify one code, p{share}",
        "value": round(value, 1),
        "unit": "µs",
        "floor_name": "10 AES-256 calls on one block",
        "floor": round(floor, 1),
        "ratio": round(value / floor, 2),
    }


def measure() -> list[Row]:
    """All rows of this file."""
    return [*cipher_alone(), *print_file(), *single_verify()]


if __name__ == "__main__":
    for row in measure():
        print(json.dumps(row, ensure_ascii=False))
