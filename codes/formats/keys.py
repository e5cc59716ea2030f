"""The keys that codes are enciphered under: several versions at once, one of which issues."""

import re
from dataclasses import dataclass, field
from typing import Self

from codes.formats.crockford import ALPHABET

# The first character of a code: B and C mark a store's and a consumer's code instead of a key.
RESERVED_VERSIONS = "BC"
KEY_BYTES = 32

_HEX_KEY = re.compile(r"[0-9A-Fa-f]{64}", re.ASCII)


class KeyRingError(ValueError):
    """The text of the keys is malformed. The message names the entry, never its contents."""


class UnknownKeyVersion(LookupError):  # noqa: N818 - reads as the verdict it leads to
    """No key of this version is on the ring."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """AES-256 keys by version. The first issues new codes; all verify."""

    issuing: str
    _keys: dict[str, bytes] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `version:64 hex digits` entries separated by commas, the issuing one first."""
        keys: dict[str, bytes] = {}
        for position, entry in enumerate(text.split(","), start=1):
            version, key = _parse_entry(entry.strip(), position)
            if version in keys:
                msg = f"code key {position}: this version is listed twice"
                raise KeyRingError(msg)
            keys[version] = key
        return cls(issuing=next(iter(keys)), _keys=keys)

    @property
    def versions(self) -> tuple[str, ...]:
        """Every version on the ring, the issuing one first."""
        return tuple(self._keys)

    def key(self, version: str) -> bytes:
        """The 32 bytes of this version's key; raises `UnknownKeyVersion`."""
        try:
            return self._keys[version]
        except KeyError:
            msg = f"no key of version {version!r}"
            raise UnknownKeyVersion(msg) from None


def _parse_entry(entry: str, position: int) -> tuple[str, bytes]:
    version, colon, key = entry.partition(":")
    if not colon:
        msg = f"code key {position}: expected version:key, for example 1:<64 hex digits>"
        raise KeyRingError(msg)
    if len(version) != 1 or version not in ALPHABET or version in RESERVED_VERSIONS:
        msg = f"code key {position}: the version must be one of {ALPHABET} except {RESERVED_VERSIONS}"
        raise KeyRingError(msg)
    if _HEX_KEY.fullmatch(key) is None:
        msg = f"code key {position}: the key must be {2 * KEY_BYTES} hex digits"
        raise KeyRingError(msg)
    return version, bytes.fromhex(key)
