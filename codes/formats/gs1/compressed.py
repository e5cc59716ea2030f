"""Compressed GS1 Digital Links: recognised, and written out again.

Source: GS1 Digital Link, the part on compression. A link's identifiers and values are bits, six to a character of
base64url: wholly (`/AQnYUc1gmiCNV4JG`), or behind a key that stays readable (`/01/05412345000013/EEarwSM`).
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import quote, unquote, urlencode

from codes.formats.gs1.compression import Component, bits_of_digits, bits_of_length, components, lengths, sequences
from codes.formats.gs1.identifiers import identifier, orders_of, primary_keys, qualifiers_of
from codes.formats.gs1.links import DigitalLink, InvalidDigitalLink, Pair, parse_link

_BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_TEXT = re.compile(r"[A-Za-z0-9_-]+")
_OF_QUERIES = "%&=+;:@/?!$'()*"
"""What a query may hold as it came, beside letters, digits and `-._~`; not the comma, which parts a header's values."""
_OCTET = 8
_NAME_BITS = 7
"""Of the length of a name that is not GS1's, and of its value's length."""
_OTHER = 0xF
_DIGITS, _ASCII = 0, 4
_ALPHABETS = {1: "0123456789abcdef", 2: "0123456789ABCDEF", 3: _BASE64URL, _ASCII: "".join(map(chr, range(128)))}


class InvalidCompression(InvalidDigitalLink):
    """No compressed Digital Link.

    Attributes:
        place: the bit, counted from 0, up to which it could be read.
    """

    def __init__(self, message: str, place: int) -> None:
        super().__init__(f"bit {place} of the compressed part: {message}")
        self.place = place


class Uncompressed(NamedTuple):
    """What a compressed link says: itself, and the query string that it has with everything that was in the bits."""

    link: DigitalLink
    query: str

    def uri(self) -> str:
        """Path and query of the same link, uncompressed, without what could end it in a header."""
        return f"{self.link.path()}{'?' if self.query else ''}{quote(self.query, safe=_OF_QUERIES)}"


def is_compressed(path: str) -> bool:
    """Whether a path has the form of a compressed link: one part that begins with an identifier, or key, value, part.

    The form alone: `decompress` may still find it invalid.
    """
    texts = path.strip("/").split("/")
    if len(texts) == len(("key", "value", "compressed")):
        return texts[0] in primary_keys() and _TEXT.fullmatch(texts[2]) is not None
    return len(texts) == 1 and _TEXT.fullmatch(texts[0]) is not None and _begins_with_identifier(texts[0])


def decompress(path: str, query: str = "") -> Uncompressed:
    """Write a compressed link out: a path for which `is_compressed` is true, as it came, and its query string.

    Raises:
        InvalidCompression: the bits say nothing, or what no link can say.
        InvalidDigitalLink: they say a link, but GS1 allows no such one.
    """
    if not is_compressed(path):
        raise InvalidCompression("it begins with no application identifier of GS1", 0)
    *readable, text = path.strip("/").split("/")
    bits = _Bits(text)
    said = _read(bits)
    key = (readable[0], unquote(readable[1])) if readable else _key_of(said, bits)
    rest = [pair for pair in said.pairs if readable or pair != key]
    if key[0] in dict(rest):
        raise bits.fault(f"({key[0]}) stands twice")
    in_path = _in_order(key[0], [pair for pair in rest if pair[0] in qualifiers_of(key[0])])
    in_query = sorted(pair for pair in rest if pair not in in_path)
    written = urlencode([*in_query, *said.others], quote_via=quote, safe="")
    whole = "&".join(filter(None, (written, query)))
    plain = "".join(f"/{code}/{quote(value, safe='')}" for code, value in (key, *in_path))
    return Uncompressed(parse_link(plain, whole), whole)


@dataclass(slots=True)
class _Said:
    pairs: list[Pair] = field(default_factory=list)
    others: list[Pair] = field(default_factory=list)


class _Bits:
    """The bits of a compressed text, read from the left."""

    def __init__(self, text: str) -> None:
        self.bits = "".join(f"{_BASE64URL.index(character):06b}" for character in text)
        self.place = 0

    def left(self) -> str:
        return self.bits[self.place :]

    def number(self, count: int) -> int:
        if self.place + count > len(self.bits):
            raise self.fault(f"{count} bits wanted, {len(self.bits) - self.place} left")
        self.place += count
        return int(self.bits[self.place - count : self.place], 2)

    def fault(self, message: str) -> InvalidCompression:
        return InvalidCompression(message, self.place)


def _begins_with_identifier(text: str) -> bool:
    bits = _Bits(text[:2]).bits[:_OCTET]
    first = f"{int(bits, 2):02X}"
    return len(bits) == _OCTET and (first in lengths() or first in sequences())


def _read(bits: _Bits) -> _Said:
    """All that the bits say; fewer than eight that are left fill the last character, and are 0."""
    said = _Said()
    while len(bits.left()) >= _OCTET:
        first = bits.number(4)
        if first == _OTHER:
            said.others.append(_other(bits))
        else:
            said.pairs += ((code, _value(bits, code)) for code in _codes(bits, first))
    if "1" in bits.left():
        raise bits.fault("something follows that is no identifier")
    if len({code for code, _ in said.pairs}) < len(said.pairs):
        raise bits.fault("an identifier stands twice")
    return said


def _codes(bits: _Bits, first: int) -> tuple[str, ...]:
    """The identifiers that follow: one, by its digits, or a sequence of them, by its two hexadecimal digits."""
    code = f"{first:X}{bits.number(4):X}"
    if code in sequences():
        return sequences()[code]
    if code not in lengths():
        raise bits.fault(f"{code} begins no application identifier of GS1")
    for _ in range(lengths()[code] - len(code)):
        code += f"{bits.number(4):X}"
    if identifier(code) is None:
        raise bits.fault(f"({code}) is no application identifier of GS1")
    return (code,)


def _value(bits: _Bits, code: str) -> str:
    return "".join(_piece(bits, piece) for piece in components(code))


def _piece(bits: _Bits, piece: Component) -> str:
    encoding = _DIGITS if piece.numeric else bits.number(3)
    count = bits.number(bits_of_length(piece.length)) if piece.variable else piece.length
    if count > piece.length:
        raise bits.fault(f"{count} characters, where {piece.length} are the most")
    return _characters(bits, encoding, count)


def _characters(bits: _Bits, encoding: int, count: int) -> str:
    if encoding == _DIGITS:
        return _digits(bits, count)
    alphabet = _ALPHABETS.get(encoding)
    if alphabet is None:
        raise bits.fault(f"{encoding} is no encoding of characters")
    width = len(alphabet).bit_length() - 1
    return "".join(alphabet[bits.number(width)] for _ in range(count))


def _digits(bits: _Bits, count: int) -> str:
    digits = str(bits.number(bits_of_digits(count)))
    if int(digits) >= 10**count:
        raise bits.fault(f"a number of {len(digits)} digits, where {count} are wanted")
    return digits.zfill(count)[:count]


def _other(bits: _Bits) -> Pair:
    """A parameter that is not GS1's: length and characters of its name, then of its value."""
    name = _characters(bits, 3, bits.number(_NAME_BITS))
    if not name or name.isdigit():
        raise bits.fault("a name of digits would be an application identifier")
    encoding = bits.number(3)
    return name, _characters(bits, encoding, bits.number(_NAME_BITS))


def _key_of(said: _Said, bits: _Bits) -> Pair:
    keys = [pair for pair in said.pairs if pair[0] in primary_keys()]
    if len(keys) != 1:
        raise bits.fault(f"a link has one key, not {len(keys)}")
    return keys[0]


def _in_order(key: str, pairs: list[Pair]) -> list[Pair]:
    """The qualifiers in the first of the key's orders that has them all; as they came where none has."""
    for order in orders_of(key):
        if all(code in order for code, _ in pairs):
            return sorted(pairs, key=lambda pair: order.index(pair[0]))
    return pairs
