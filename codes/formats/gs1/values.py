"""Whether a value is one that its application identifier allows."""

import re

from codes.formats.gs1.checks import CHECKS
from codes.formats.gs1.identifiers import Identifier, Part

_CHARACTERS = {
    "N": r"[0-9]",
    "X": r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]",
    "Y": r"[#\-/0-9A-Z]",
    "Z": r"[\-0-9A-Z_a-z=]",
}
_WHOLE = {charset: re.compile(f"{characters}+") for charset, characters in _CHARACTERS.items()}
_NAMES = {"N": "digits", "X": "characters of GS1's set 82", "Y": "characters of GS1's set 39", "Z": "base64url"}


class InvalidValue(ValueError):  # noqa: N818 - says what is wrong with the text
    """A value that its identifier does not allow; the message names both and what would be right."""


def validate(found: Identifier, value: str) -> None:
    """Hold the value against the identifier's parts, in order. Raises `InvalidValue`."""
    rest = value
    for part in found.parts:
        if part.optional and not rest:
            return
        taken, rest = rest[: part.length], rest[part.length :]
        wrong = _fault(part, taken)
        if wrong:
            raise InvalidValue(f"({found.code}) {found.title}: {wrong}")
    if rest:
        raise InvalidValue(f"({found.code}) {found.title}: {len(rest)} characters too many")


def _fault(part: Part, text: str) -> str:
    long_enough = 1 <= len(text) <= part.length if part.variable else len(text) == part.length
    if not long_enough:
        length = f"1 to {part.length}" if part.variable else str(part.length)
        return f"{length} {_NAMES[part.charset]} wanted, {len(text)} given"
    if _WHOLE[part.charset].fullmatch(text) is None:
        return f"only {_NAMES[part.charset]} are allowed"
    return next((wrong for name in part.checks if (wrong := CHECKS[name](text))), "")
