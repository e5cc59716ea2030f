"""FF1 for radix 2, n = 80, empty tweak, over NumPy arrays: the cipher of `ff1.Ff1Bits80`, many at a time.

An 80-bit text is two arrays of 40-bit halves (uint64). Work goes in chunks that stay in the
processor's cache; a round is one AES-ECB call for the whole chunk.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from codes.formats.ff1 import BLOCK_BYTES, HALF_BITS, HALF_MASK, ROUNDS, aes_ecb, constant_block

CHUNK = 16_384

Words = NDArray[np.uint64]

_MASK = np.uint64(HALF_MASK)
_BIG_ENDIAN = np.dtype(">u8")


class _BlockEncryptor(Protocol):
    def update_into(self, data: memoryview, buf: memoryview) -> int: ...


class _Workspace:
    """Buffers for one chunk, laid out so that every number that NumPy touches is aligned.

    FF1 adds bytes 7 to 11 of each AES output block. The output is written four bytes into its
    buffer, so that bytes 4 to 11 of a block are an aligned 8-byte word whose low 40 bits are wanted.
    """

    def __init__(self, size: int) -> None:
        blocks = np.empty((size, 2), dtype=_BIG_ENDIAN)
        # update_into asks for one block's slack behind the output
        output = np.empty((size + 2, 2), dtype=_BIG_ENDIAN)
        self.high = blocks[:, 0]
        self.low = blocks[:, 1]
        self.wanted = output.reshape(-1)[1 : 2 * size : 2]
        self.source = blocks.data.cast("B")
        self.target = output.data.cast("B")[4:]


class Ff1Bits80Bulk:
    """FF1 on arrays of 80-bit texts, each given as (left, right) 40-bit halves."""

    def __init__(self, key: bytes) -> None:
        self._aes = aes_ecb(key)
        first = self._aes.encryptor().update(constant_block(radix=2, length=2 * HALF_BITS, tweak_bytes=0))
        self._mac_high = int.from_bytes(first[:8], "big")
        mac_low = int.from_bytes(first[8:], "big")
        self._round_masks = tuple(np.uint64(mac_low ^ (turn << HALF_BITS)) for turn in range(ROUNDS))

    def encrypt(self, left: Words, right: Words) -> tuple[Words, Words]:
        """Encipher equally long one-dimensional arrays of halves; the arguments stay untouched."""
        left, right = left.copy(), right.copy()
        for start in range(0, len(left), CHUNK):
            part = slice(start, start + CHUNK)
            self._encrypt_chunk(left[part], right[part])
        return left, right

    def decrypt(self, left: Words, right: Words) -> tuple[Words, Words]:
        """The inverse of `encrypt`."""
        left, right = left.copy(), right.copy()
        for start in range(0, len(left), CHUNK):
            part = slice(start, start + CHUNK)
            self._decrypt_chunk(left[part], right[part])
        return left, right

    def _encrypt_chunk(self, left: Words, right: Words) -> None:
        work, encryptor = self._open(len(left))
        # an even number of rounds: the halves end up in the arrays they started in
        for mask in self._round_masks:
            _run_aes(work, encryptor, right ^ mask)
            left += work.wanted
            left &= _MASK
            left, right = right, left

    def _decrypt_chunk(self, left: Words, right: Words) -> None:
        work, encryptor = self._open(len(left))
        for mask in reversed(self._round_masks):
            _run_aes(work, encryptor, left ^ mask)
            right -= work.wanted
            right &= _MASK
            left, right = right, left

    def _open(self, size: int) -> tuple[_Workspace, _BlockEncryptor]:
        work = _Workspace(size)
        work.high[:] = self._mac_high
        return work, self._aes.encryptor()


def _run_aes(work: _Workspace, encryptor: _BlockEncryptor, low: Words) -> None:
    work.low[:] = low
    written = encryptor.update_into(work.source, work.target)
    assert written == len(low) * BLOCK_BYTES
