"""The cipher of this installation, from the keys in the settings."""

from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from codes.formats.code_text import CodeCipher, Role
from codes.formats.keys import KeyRing, KeyRingError, UnknownKeyVersion
from core.errors import Conflict


class KeyGone(Conflict):
    """Whoever runs the installation can mend it; until then no code of the order can be made or read."""

    code = "code_key_gone"
    retry = True
    title = _("The key of this order's codes is not in ONECODE_CODE_KEYS. Put it back, then try again.")


def code_cipher() -> CodeCipher:
    """The cipher over settings.CODE_KEYS, built once a process.

    Raises:
        ImproperlyConfigured: the keys are missing or malformed; names the entry, never the key.
    """
    return _cipher_of(settings.CODE_KEYS)


def mark_text(role: Role, serial: int, version: str) -> str:
    """The 17 characters of a mark of an order, under the key version of that order.

    Raises:
        KeyGone: this installation has no longer that key.
    """
    try:
        return code_cipher().encode(role, serial, version)
    except UnknownKeyVersion as error:
        raise KeyGone(key_version=version) from error


@lru_cache(maxsize=4)
def _cipher_of(keys: str) -> CodeCipher:
    try:
        return CodeCipher(KeyRing.parse(keys))
    except KeyRingError as error:
        raise ImproperlyConfigured(f"ONECODE_CODE_KEYS: {error}") from error
