"""Codes that name a store or a consumer: a letter and 80 random bits, looked up by a unique index (docs/adr/0002)."""

import secrets
from typing import Literal

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYMBOLS = 16


def new_code(letter: Literal["B", "C"]) -> str:
    """The letter and 16 random symbols of Crockford's base32; none can be guessed."""
    return letter + "".join(secrets.choice(CROCKFORD) for _ in range(SYMBOLS))
