"""The other way round: compresses links, for tests alone. The product never writes a compressed link.

Source: GS1 Digital Link, the part on compression.
"""

import math
import re
from collections.abc import Sequence

from codes.formats.gs1.compression import Component, components

BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ENCODINGS = (
    (0, "[0-9]*", None),
    (2, "[0-9A-F]*", "0123456789ABCDEF"),
    (1, "[0-9a-f]*", "0123456789abcdef"),
    (3, "[A-Za-z0-9_-]*", BASE64URL),
    (4, "[ -~]*", "".join(map(chr, range(128)))),
)


def compressed(pairs: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]] = (), sequence: str = "") -> str:
    """The base64url text of these pairs; `sequence`, if any, says the identifiers of the first ones."""
    bits = "".join(f"{int(digit, 16):04b}" for digit in sequence)
    for place, (code, value) in enumerate(pairs):
        bits += "" if sequence and place < 2 else "".join(f"{int(digit):04b}" for digit in code)
        bits += value_bits(code, value)
    for name, value in others:
        bits += f"1111{len(name):07b}{''.join(f'{BASE64URL.index(char):06b}' for char in name)}" + characters(value, 7)
    return as_text(bits)


def as_text(bits: str) -> str:
    """Bits as characters, filled up with zeros."""
    bits += "0" * (-len(bits) % 6)
    return "".join(BASE64URL[int(bits[place : place + 6], 2)] for place in range(0, len(bits), 6))


def value_bits(code: str, value: str) -> str:
    bits = ""
    for piece in components(code):
        taken, value = value[: piece.length], value[piece.length :]
        bits += piece_bits(piece, taken)
    return bits


def piece_bits(piece: Component, text: str) -> str:
    length = math.ceil(math.log2(piece.length) + 0.01) if piece.variable else 0
    if piece.numeric:
        return (f"{len(text):0{length}b}" if length else "") + digits(text)
    return characters(text, length)


def characters(text: str, length: int) -> str:
    number, _, alphabet = next(encoding for encoding in ENCODINGS if re.fullmatch(encoding[1], text))
    bits = f"{number:03b}" + (f"{len(text):0{length}b}" if length else "")
    if alphabet is None:
        return bits + digits(text)
    width = len(alphabet).bit_length() - 1
    return bits + "".join(f"{alphabet.index(char):0{width}b}" for char in text)


def digits(text: str) -> str:
    return f"{int(text or '0'):0{math.ceil(len(text) * math.log2(10) + 0.01)}b}"
