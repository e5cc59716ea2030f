"""The modules of QR codes, level M: what the `qrcode` package draws, some twenty times as fast.

The package draws each version once. Two symbols of a version and mask differ in their code words alone, so these are
made anew, and laid over what is always the same.
Source: ISO/IEC 18004, 7.4 (data), 7.5 (error correction), 7.6 (order of the code words), 7.7.3 (their placing).
"""

from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import zip_longest
from operator import mul

import numpy as np
import qrcode
from numpy.typing import NDArray
from qrcode.base import Polynomial, gexp, glog, rs_blocks
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import ALPHA_NUM, MODE_8BIT_BYTE, MODE_ALPHA_NUM, PAD0, PAD1, QRData, length_in_bits

MASK = 3
_ALPHANUMERIC = frozenset(ALPHA_NUM)
_PAIR, _SINGLE = 11, 6
"""Bits of two alphanumeric characters together, and of one alone."""

Modules = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Version:
    """What all symbols of a version share.

    Attributes:
        blocks: of each block, how many of its code words are data, and how many correct errors.
        blank: the modules without any code word, masked.
        places: of each bit of the code words, in their order, its place among all modules.
    """

    blocks: list[tuple[int, int]]
    blank: Modules
    places: NDArray[np.intp]


def modules_of(data: bytes) -> Modules:
    """The dark modules, shape (n, n), n from 21 to 177, of the smallest version that holds the data.

    Alphanumeric mode where every byte allows it. Raises ValueError if no version holds so much.
    """
    mode = MODE_ALPHA_NUM if is_alphanumeric(data) else MODE_8BIT_BYTE
    number = _smallest_version(mode, len(data))
    version = _version(number)
    words = _interleaved(_data_words(data, mode, number, sum(count for count, _ in version.blocks)), version.blocks)
    modules = version.blank.copy()
    modules.reshape(-1)[version.places] ^= np.unpackbits(np.frombuffer(words, np.uint8)).view(np.bool_)
    return modules


def is_alphanumeric(data: bytes) -> bool:
    """Whether every byte is one of the 45 characters of the alphanumeric mode."""
    return _ALPHANUMERIC.issuperset(data)


def side_of(length: int, *, alphanumeric: bool) -> int:
    """Modules a side of the symbol of so many bytes; ValueError if no version holds so many."""
    return 17 + 4 * _smallest_version(MODE_ALPHA_NUM if alphanumeric else MODE_8BIT_BYTE, length)


@lru_cache(maxsize=256)
def _smallest_version(mode: int, length: int) -> int:
    """The version that so many bytes need; kept, since the marks of a run are all of one length."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=MASK)
    code.add_data(QRData(b"0" * length, mode=mode), optimize=0)
    return int(code.best_fit())


@lru_cache(maxsize=40)
def _version(number: int) -> _Version:
    found = [(block.data_count, block.total_count - block.data_count) for block in rs_blocks(number, ERROR_CORRECT_M)]
    words = sum(map(sum, found))
    light, dark = (_drawn(number, [word] * words) for word in (0x00, 0xFF))
    return _Version(found, light, _places(light != dark))


def _drawn(number: int, words: list[int]) -> Modules:
    """The package's symbol of these code words."""
    code = qrcode.QRCode(version=number, error_correction=ERROR_CORRECT_M, mask_pattern=MASK)
    code.data_cache = words
    code.make(fit=False)
    return np.array(code.modules, dtype=np.bool_)


def _places(free: Modules) -> NDArray[np.intp]:
    """The free modules in the order of placing: two columns at a time from the right, up and down in turns."""
    side = len(free)
    columns = [*range(side - 1, 6, -2), *range(5, 0, -2)]  # column 6 holds the timing pattern
    rows = (range(side - 1, -1, -1), range(side))
    walk = ((row, right - left) for turn, right in enumerate(columns) for row in rows[turn % 2] for left in (0, 1))
    return np.array([row * side + column for row, column in walk if free[row, column]])


def _data_words(data: bytes, mode: int, number: int, count: int) -> bytes:
    """Mode, length and characters as `count` bytes: ended by up to four zeros, filled up to a byte, then padded."""
    bits, width = _alphanumeric(data) if mode == MODE_ALPHA_NUM else (int.from_bytes(data), 8 * len(data))
    length: int = length_in_bits(mode, number)
    bits |= (mode << length | len(data)) << width
    width += 4 + length
    end = min(8 * count - width, 4)
    end += -(width + end) % 8
    words = int(bits << end).to_bytes((width + end) // 8)
    padding: bytes = (bytes((PAD0, PAD1)) * count)[: count - len(words)]
    return words + padding


def _alphanumeric(data: bytes) -> tuple[int, int]:
    """The characters as one number, and its bits: two of them in base 45 at a time."""
    values = data.translate(_VALUES)
    bits = 0
    for first, second in zip(values[::2], values[1::2], strict=False):
        bits = bits << _PAIR | first * len(ALPHA_NUM) + second
    if len(values) % 2:
        bits = bits << _SINGLE | values[-1]
    return bits, _PAIR * (len(values) // 2) + _SINGLE * (len(values) % 2)


_VALUES = bytes(max(ALPHA_NUM.find(byte), 0) for byte in range(256))


def _interleaved(data: bytes, blocks: list[tuple[int, int]]) -> bytes:
    """Data, then correction, each by taking a word of every block in turns."""
    parts, corrections, start = [], [], 0
    for count, correcting in blocks:
        parts.append(data[start : start + count])
        corrections.append(_correction(parts[-1], correcting))
        start += count
    if len(blocks) == 1:
        return data + corrections[0]
    turns = (*zip_longest(*parts), *zip_longest(*corrections))
    return bytes(word for turn in turns for word in turn if word is not None)


def _correction(data: bytes, count: int) -> bytes:
    """The remainder of the data, as a polynomial over GF(256), by the generator of that degree."""
    products, above, kept = _products(count), 8 * (count - 1), (1 << 8 * count) - 1
    rest = 0
    for word in data:
        rest = (rest << 8 & kept) ^ products[word ^ rest >> above]
    return rest.to_bytes(count)


@lru_cache(maxsize=32)
def _products(count: int) -> list[int]:
    """The generator of that degree times each number of the field, without its highest term."""
    generator = reduce(mul, (Polynomial([1, gexp(power)], 0) for power in range(count)))
    logs = [glog(factor) for factor in list(generator)[1:]]
    return [0, *(int.from_bytes(gexp(log + glog(number)) for log in logs) for number in range(1, 256))]
