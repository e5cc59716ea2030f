"""How a compressed GS1 Digital Link writes identifiers and values as bits: lengths, components, sequences.

Source: GS1 Digital Link, the part on compression; what it tabulates follows from the identifiers' own parts (fixed ones
first, then one of variable length), but for the lines of `compression.tsv`. There, two hexadecimal digits stand for a
sequence of identifiers, and a pattern of identifiers has the component that it is compressed by.
"""

import math
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from codes.formats.gs1.identifiers import codes, parts_by_code, parts_of

_TABLE = Path(__file__).with_name("compression.tsv")
_ROUNDING = 0.01
"""The standard adds it before it rounds up, so that a power of two gets one bit more."""


@dataclass(frozen=True, slots=True)
class Component:
    """A piece of a value: digits or characters, exactly `length` of them or, if variable, 0 up to it."""

    numeric: bool
    length: int
    variable: bool


def bits_of_length(longest: int) -> int:
    """How many bits tell a length of 0 to `longest` characters."""
    return math.ceil(math.log2(longest) + _ROUNDING)


def bits_of_digits(count: int) -> int:
    """How many bits so many digits take, as one number."""
    return math.ceil(count * math.log2(10) + _ROUNDING)


@cache
def sequences() -> dict[str, tuple[str, ...]]:
    """The identifiers that two hexadecimal digits, of which one is a letter, stand for."""
    return {code: tuple(text.split(",")) for code, text in _lines() if "n" not in code}


@cache
def lengths() -> dict[str, int]:
    """How many digits an identifier has that begins with these two."""
    return {code[:2]: len(code) for code in codes()}


@cache
def components(code: str) -> tuple[Component, ...]:
    """A known identifier's value as it is compressed: neighbours of one kind count as one."""
    own = next((text for pattern, text in _lines() if re.fullmatch(pattern.replace("n", "[0-9]"), code)), "")
    merged: list[Component] = []
    for part in parts_of(own) or parts_by_code(code):
        piece = Component(part.charset == "N", part.length, part.variable or part.optional)
        if merged and (merged[-1].numeric, merged[-1].variable) == (piece.numeric, piece.variable):
            piece = Component(piece.numeric, merged.pop().length + piece.length, piece.variable)
        merged.append(piece)
    return tuple(merged)


@cache
def _lines() -> tuple[tuple[str, str], ...]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    return tuple((code, text) for code, _, text in (line.partition("\t") for line in lines))
