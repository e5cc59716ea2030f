"""The cipher of this installation, from the keys in the settings."""

from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from codes.formats.code_text import CodeCipher
from codes.formats.keys import KeyRing, KeyRingError


def code_cipher() -> CodeCipher:
    """The cipher over settings.CODE_KEYS, built once a process.

    Raises:
        ImproperlyConfigured: the keys are missing or malformed; names the entry, never the key.
    """
    return _cipher_of(settings.CODE_KEYS)


@lru_cache(maxsize=4)
def _cipher_of(keys: str) -> CodeCipher:
    try:
        return CodeCipher(KeyRing.parse(keys))
    except KeyRingError as error:
        raise ImproperlyConfigured(f"ONECODE_CODE_KEYS: {error}") from error
