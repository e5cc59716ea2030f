"""The cipher, by the name under which services know it."""

from codes.ciphers import code_cipher

__all__ = ["code_cipher"]
