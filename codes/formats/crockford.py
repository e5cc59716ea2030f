"""Crockford base32: the alphabet of codes, one at a time and over arrays.

Symbols are 0-9 and A-Z without I, L, O and U. Reading is forgiving: lower case, full-width
forms, hyphens and spaces, I and L for 1, O for 0. Writing is always canonical upper case.
Source: https://www.crockford.com/base32.html (without its optional check symbol).
"""

import re
import unicodedata

import numpy as np
from numpy.typing import NDArray

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
WORD_BITS = 40
WORD_SYMBOLS = 8
INVALID = 255

_SEPARATORS = "-\u2010\u2011\u2012\u2013\u2014 \t\r\n"
_CANONICAL = str.maketrans(
    {symbol.lower(): symbol for symbol in ALPHABET}
    | dict.fromkeys("IiLl", "1")
    | dict.fromkeys("Oo", "0")
    | dict.fromkeys(_SEPARATORS, None)
)
_SYMBOLS_ONLY = re.compile(f"[{ALPHABET}]+")
# Python reads base 32 itself, with the digits 0-9 and a-v
_TO_PYTHON_DIGITS = str.maketrans(ALPHABET, "0123456789ABCDEFGHIJKLMNOPQRSTUV")

Words = NDArray[np.uint64]


class CrockfordError(ValueError):
    """The text holds something that is no Crockford symbol, or the value does not fit."""


def canonical(text: str) -> str:
    """Bring forgiving input to canonical symbols; what is no symbol stays in place for the caller to refuse."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return text.translate(_CANONICAL)


def encode(value: int, symbols: int) -> str:
    """Write a value in [0, 32**symbols) as exactly that many symbols, most significant first."""
    if not 0 <= value < 1 << (5 * symbols):
        msg = f"value does not fit into {symbols} symbols"
        raise CrockfordError(msg)
    return "".join(ALPHABET[value >> shift & 31] for shift in range(5 * symbols - 5, -1, -5))


def decode(text: str) -> int:
    """Read forgiving input as a number; raises `CrockfordError` on any other character or an empty text."""
    symbols = canonical(text)
    if _SYMBOLS_ONLY.fullmatch(symbols) is None:
        msg = "not Crockford base32"
        raise CrockfordError(msg)
    return int(symbols.translate(_TO_PYTHON_DIGITS), 32)


def _pair_table() -> NDArray[np.uint16]:
    pairs = "".join(high + low for high in ALPHABET for low in ALPHABET)
    return np.frombuffer(pairs.encode("ascii"), dtype=np.uint16)


def _value_table() -> NDArray[np.uint8]:
    table = np.full(256, INVALID, dtype=np.uint8)
    for code_point in range(128):
        symbol = chr(code_point).translate(_CANONICAL)
        if symbol and symbol in ALPHABET:
            table[code_point] = ALPHABET.index(symbol)
    return table


_PAIRS = _pair_table()
_VALUES = _value_table()
_FORMS = np.zeros(256, dtype=np.uint8)
_FORMS[: len(ALPHABET)] = np.frombuffer(ALPHABET.encode("ascii"), dtype=np.uint8)
_PAIR_SHIFTS = (30, 20, 10, 0)
_PAIR_MASK = np.uint64(1023)


def encode_words(words: Words) -> NDArray[np.bytes_]:
    """Write 40-bit numbers, shape (n,), as ASCII of 8 symbols each, dtype S8, shape (n,)."""
    pairs = np.empty((len(words), len(_PAIR_SHIFTS)), dtype=np.uint16)
    for column, shift in enumerate(_PAIR_SHIFTS):
        pairs[:, column] = _PAIRS[(words >> np.uint64(shift) & _PAIR_MASK).astype(np.intp)]
    return pairs.view(f"S{WORD_SYMBOLS}").reshape(-1)


def canonical_bytes(symbols: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Each ASCII symbol in its canonical form; what is no symbol becomes 0."""
    return _FORMS[_VALUES[symbols]]


def decode_words(symbols: NDArray[np.uint8]) -> tuple[Words, NDArray[np.bool_]]:
    """Read ASCII symbols, shape (n, 8), as 40-bit numbers; and which rows held symbols only.

    Lower case and I, L, O are forgiven; a separator is not, for the width is fixed.
    A row that holds anything else has an unspecified number.
    """
    values = _VALUES[symbols]
    words = np.zeros(len(values), dtype=np.uint64)
    for column in range(WORD_SYMBOLS):
        words <<= np.uint64(5)
        words |= values[:, column].astype(np.uint64)
    return words, (values != INVALID).all(axis=1)
