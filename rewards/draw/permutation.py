"""A keyed bijection of [0, size): which place of the prize table each position of a campaign has. Pure.

Up to 2**20 positions the places are the positions ranked by AES-256 of their number: every permutation is
possible, and none is likelier than another for who does not have the key. Above, where a table would grow too
large, it is FF1 over the bits that the size needs, walked until the result lies within. docs/adr/0007 has the reasons.
"""

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

from codes.formats.ff1 import FF1

KEY_BYTES = 32
RANKED_UP_TO = 2**20


class DrawError(ValueError):
    """A key, size or position outside what a draw is defined for."""


class Permutation:
    """A permutation of [0, size) under a key of 32 bytes. Ranked ones keep 4 bytes a position in memory."""

    def __init__(self, key: bytes, size: int) -> None:
        if len(key) != KEY_BYTES:
            raise DrawError(f"a draw's key has {KEY_BYTES} bytes, not {len(key)}")
        if size < 1:
            raise DrawError("a draw needs at least one position")
        self.size = size
        self._places = ranked(key, size) if size <= RANKED_UP_TO else None
        self._cipher = FF1(key, radix=2)
        self._bits = (size - 1).bit_length()

    def __call__(self, position: int) -> int:
        """The place in the table of a position; both in [0, size)."""
        if not 0 <= position < self.size:
            raise DrawError(f"position must lie in [0, {self.size}), not {position}")
        return self._walk(position) if self._places is None else int(self._places[position])

    def _walk(self, position: int) -> int:
        place = self._enciphered(position)
        while place >= self.size:
            place = self._enciphered(place)
        return place

    def _enciphered(self, number: int) -> int:
        bits = [number >> shift & 1 for shift in reversed(range(self._bits))]
        enciphered = 0
        for bit in self._cipher.encrypt(bits):
            enciphered = enciphered << 1 | bit
        return enciphered


def ranked(key: bytes, size: int) -> NDArray[np.uint32]:
    """The place of each position when positions are sorted by 8 bytes of AES(key, position), then number."""
    blocks = np.zeros((size, 2), dtype=">u8")
    blocks[:, 1] = np.arange(size)
    encrypt = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - a keyed function of single blocks
    drawn = np.frombuffer(encrypt.update(blocks.tobytes()), dtype=">u8")[::2]
    places = np.empty(size, dtype=np.uint32)
    places[np.argsort(drawn, kind="stable")] = np.arange(size, dtype=np.uint32)
    return places
