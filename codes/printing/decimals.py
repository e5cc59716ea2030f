"""Serial numbers as decimal text, many at a time."""

import numpy as np
from numpy.typing import NDArray

SERIAL_DIGITS = 13
"""Digits of the largest 40-bit serial, 1099511627775."""

_GROUP = 10_000
_DIGITS_OF_GROUP = np.char.mod("%04d", np.arange(_GROUP)).astype("S4")


def serial_digits(first: int, count: int) -> NDArray[np.bytes_]:
    """`count` consecutive serials from `first`, zero-padded to 13 digits: dtype S13, shape (count,)."""
    return digits_of(np.arange(first, first + count, dtype=np.int64))


def digits_of(serials: NDArray[np.int64]) -> NDArray[np.bytes_]:
    """Serials, zero-padded to 13 digits: dtype S13, of the same length."""
    count = len(serials)
    groups = np.empty(count, dtype=[("top", "S4"), ("high", "S4"), ("middle", "S4"), ("low", "S4")])
    for name in ("low", "middle", "high", "top"):
        serials, group = np.divmod(serials, _GROUP)
        groups[name] = _DIGITS_OF_GROUP[group]
    # four groups make 16 digits, of which the first three are always zero
    return groups.view("S1").reshape(count, 16)[:, 16 - SERIAL_DIGITS :].copy().view(f"S{SERIAL_DIGITS}").reshape(-1)
