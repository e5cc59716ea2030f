"""The text of a code: what is printed on a mark, and what it says once deciphered.

A mark's text is one key-version character and 16 Crockford symbols: 80 bits enciphered by FF1.
In clear they are role (4 bits) ‖ serial (40) ‖ zeros (36); other than zero bits mean a forgery.
A store's code (B-code) and a consumer's code (C-code) look alike: B or C and 16 random symbols.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TypeVar
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray

from codes.formats import crockford
from codes.formats.ff1 import HALF_BITS, Ff1Bits80
from codes.formats.ff1_bulk import Ff1Bits80Bulk, Words
from codes.formats.keys import KeyRing, UnknownKeyVersion

CODE_LENGTH = 17
SERIAL_BITS = 40
SERIAL_LIMIT = 1 << SERIAL_BITS
ZERO_BITS = 36
# longer than any address that a code was ever printed in; keeps pasted novels out
LONGEST_INPUT = 2048

_SERIAL_MASK = SERIAL_LIMIT - 1
_ZERO_MASK = (1 << ZERO_BITS) - 1
_LOW_SERIAL_BITS = HALF_BITS - ZERO_BITS
_CODE = re.compile(f"[{crockford.ALPHABET}]{{{CODE_LENGTH}}}")
_SHORT_LINK = re.compile(r"/c/([^/?#\s]+)", re.IGNORECASE)
_DIGITAL_LINK = re.compile(r"/01/[0-9]{8,14}(?:/(?:22|10)/[^/?#\s]+)*/21/([^/?#\s]+)")
_MASKED = slice(4, -2)
_Cipher = TypeVar("_Cipher", Ff1Bits80, Ff1Bits80Bulk)


class CodeTextError(ValueError):
    """A text is no genuine mark."""


class MalformedCode(CodeTextError):  # noqa: N818 - the verdict's own name
    """Not 17 symbols of the alphabet."""


class ForgedCode(CodeTextError):  # noqa: N818 - the verdict's own name
    """Well formed, but no key of ours made it."""


class Level(StrEnum):
    """The kind of thing that a mark is printed on."""

    ITEM = "item"
    CASE = "case"
    PALLET = "pallet"


class Role(IntEnum):
    """What a mark is for; the number is part of every printed code and never changes."""

    ITEM_OUTER = 1
    ITEM_INNER = 2
    CASE_OUTER = 3
    CASE_INNER = 4
    PALLET = 5

    @property
    def slug(self) -> str:
        """Stable name in files and interfaces, such as `item_outer`."""
        return self.name.lower()

    @property
    def level(self) -> Level:
        """Whether the mark sits on an item, a case or a pallet."""
        return Level(self.slug.partition("_")[0])

    @classmethod
    def from_slug(cls, slug: str) -> "Role":
        """The role of this slug; raises KeyError."""
        return _ROLES_BY_SLUG[slug]


_ROLES_BY_SLUG = {role.slug: role for role in Role}
_ROLES_BY_NUMBER = {int(role): role for role in Role}


class CodeKind(StrEnum):
    """Whose code a text is, told by its first character."""

    MARK = "mark"
    STORE = "store"
    CONSUMER = "consumer"


@dataclass(frozen=True, slots=True)
class CodeMark:
    """What a genuine mark says."""

    role: Role
    serial: int
    version: str


def normalise(text: str) -> str:
    """The canonical 17 upper-case symbols of forgiving input; raises `MalformedCode`."""
    symbols = crockford.canonical(text) if len(text) <= LONGEST_INPUT else ""
    if _CODE.fullmatch(symbols) is None:
        msg = f"a code has {CODE_LENGTH} symbols of {crockford.ALPHABET}"
        raise MalformedCode(msg)
    return symbols


def extract_code(text: str) -> str:
    """The canonical code in a pasted text: a bare code, a short link or a GS1 Digital Link.

    Host and GTIN are not judged here. Raises `MalformedCode`.
    """
    searched = text[:LONGEST_INPUT]
    link = _DIGITAL_LINK.search(searched) or _SHORT_LINK.search(searched)
    return normalise(unquote(link[1])) if link else normalise(text)


def kind_of(text: str) -> CodeKind:
    """Whose code this is; raises `MalformedCode`. Says nothing of its being genuine."""
    match normalise(text)[0]:
        case "B":
            return CodeKind.STORE
        case "C":
            return CodeKind.CONSUMER
        case _:
            return CodeKind.MARK


def mask(text: str) -> str:
    """A code for screens and logs: the first four and last two characters, the rest hidden.

    Takes any text without complaint, and hides how long it was.
    """
    hidden = "•" * (CODE_LENGTH - 6)
    if len(text) < CODE_LENGTH:
        return hidden
    return text[: _MASKED.start] + hidden + text[_MASKED.stop :]


class CodeCipher:
    """Writes and reads the texts of marks under a ring of keys. Immutable, safe between threads."""

    def __init__(self, keyring: KeyRing) -> None:
        self._issuing = keyring.issuing
        self._single = {version: Ff1Bits80(keyring.key(version)) for version in keyring.versions}
        self._bulk = {version: Ff1Bits80Bulk(keyring.key(version)) for version in keyring.versions}

    @property
    def issuing_version(self) -> str:
        """The key version that new codes are written under."""
        return self._issuing

    def encode(self, role: Role, serial: int, version: str | None = None) -> str:
        """The 17 characters of a mark; the serial lies in [0, 2**40). Without a version, the issuing one."""
        _check_serials(serial, 1)
        version = version or self._issuing
        plain = role << (SERIAL_BITS + ZERO_BITS) | serial << ZERO_BITS
        return version + crockford.encode(_of_version(self._single, version).encrypt(plain), CODE_LENGTH - 1)

    def decode(self, text: str) -> CodeMark:
        """Read a mark from forgiving input.

        Raises `MalformedCode`, `UnknownKeyVersion` (also for a store's or consumer's code), `ForgedCode`.
        """
        code = normalise(text)
        version = code[0]
        plain = _of_version(self._single, version).decrypt(crockford.decode(code[1:]))
        role = _ROLES_BY_NUMBER.get(plain >> (SERIAL_BITS + ZERO_BITS))
        if plain & _ZERO_MASK or role is None:
            msg = "no key of ours made this code"
            raise ForgedCode(msg)
        return CodeMark(role=role, serial=plain >> ZERO_BITS & _SERIAL_MASK, version=version)

    def encode_block(
        self, roles: Sequence[Role], first_serial: int, count: int, *, version: str | None = None
    ) -> NDArray[np.bytes_]:
        """The marks of `count` consecutive serials: dtype S17, shape (count, len(roles))."""
        _check_serials(first_serial, count)
        version = version or self._issuing
        serials = np.repeat(np.arange(first_serial, first_serial + count, dtype=np.uint64), len(roles))
        numbers = np.tile(np.array(roles, dtype=np.uint64), count)
        left = numbers << np.uint64(ZERO_BITS) | serials >> np.uint64(_LOW_SERIAL_BITS)
        right = (serials << np.uint64(ZERO_BITS)) & np.uint64((1 << HALF_BITS) - 1)
        return _assemble(version, *_of_version(self._bulk, version).encrypt(left, right)).reshape(count, len(roles))

    def decode_block(self, codes: NDArray[np.bytes_]) -> tuple[NDArray[np.uint8], Words]:
        """Read many marks at once: (roles, serials) of codes of dtype S17, shape (n,).

        The role is 0, and the serial meaningless, where `decode` would have raised. Look-alikes
        and lower case are forgiven, separators are not.
        """
        symbols = np.ascontiguousarray(codes).view(np.uint8).reshape(-1, CODE_LENGTH)
        left, left_valid = crockford.decode_words(symbols[:, 1:9])
        right, right_valid = crockford.decode_words(symbols[:, 9:])
        versions = crockford.canonical_bytes(symbols[:, 0])
        roles = np.zeros(len(symbols), dtype=np.uint8)
        serials = np.zeros(len(symbols), dtype=np.uint64)
        for version, cipher in self._bulk.items():
            chosen = np.flatnonzero((versions == ord(version)) & left_valid & right_valid)
            roles[chosen], serials[chosen] = _open(*cipher.decrypt(left[chosen], right[chosen]))
        return roles, serials


def _check_serials(first: int, count: int) -> None:
    if first < 0 or count < 0 or first + count > SERIAL_LIMIT:
        msg = f"serials must lie in [0, {SERIAL_LIMIT})"
        raise ValueError(msg)


def _of_version(ciphers: dict[str, _Cipher], version: str) -> _Cipher:
    try:
        return ciphers[version]
    except KeyError:
        msg = f"no key of version {version!r}"
        raise UnknownKeyVersion(msg) from None


def _assemble(version: str, left: Words, right: Words) -> NDArray[np.bytes_]:
    texts = np.empty(len(left), dtype=[("version", "S1"), ("left", "S8"), ("right", "S8")])
    texts["version"] = version.encode("ascii")
    texts["left"] = crockford.encode_words(left)
    texts["right"] = crockford.encode_words(right)
    return texts.view(f"S{CODE_LENGTH}")


def _open(left: Words, right: Words) -> tuple[NDArray[np.uint8], Words]:
    """Roles and serials of deciphered halves; role 0 for a forgery."""
    roles = (left >> np.uint64(ZERO_BITS)).astype(np.uint8)
    genuine = (right & np.uint64(_ZERO_MASK) == 0) & np.isin(roles, list(Role))
    serials = (left & np.uint64(_ZERO_MASK)) << np.uint64(_LOW_SERIAL_BITS) | right >> np.uint64(ZERO_BITS)
    return np.where(genuine, roles, np.uint8(0)), serials
