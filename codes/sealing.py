"""Secrets that the database keeps without being able to read them: sealed under a key derived from SECRET_KEY."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"onecode: passwords of print files"


class SealBroken(ValueError):  # noqa: N818 - says what is wrong with the text
    """The text was sealed under a SECRET_KEY that is gone, or was changed."""


def seal(text: str) -> str:
    """The text as a Fernet token, under the present SECRET_KEY."""
    return _box().encrypt(text.encode()).decode("ascii")


def unseal(token: str) -> str:
    """What was sealed, be it under SECRET_KEY or one of SECRET_KEY_FALLBACKS. Raises SealBroken."""
    try:
        return _box().decrypt(token).decode()
    except InvalidToken as error:
        raise SealBroken("It was sealed under a SECRET_KEY that is neither SECRET_KEY nor a fallback.") from error


def _box() -> MultiFernet:
    return MultiFernet([Fernet(_key_of(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key_of(secret: str) -> bytes:
    """A Fernet key by HKDF-SHA256 (RFC 5869), for this purpose alone."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
