"""Signatures of providers: RSA with SHA-256 (PKCS #1 v1.5), in base64. Nothing is fetched."""

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key


class SignatureRefused(ValueError):  # noqa: N818 - says what became of it
    """`code` says why what claims to come from the provider is not believed."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def is_signed(key: RSAPublicKey, signed: bytes, signature: str) -> bool:
    """Whether the key's owner signed exactly these bytes."""
    try:
        key.verify(base64.b64decode(signature, validate=True), signed, PKCS1v15(), SHA256())
    except (binascii.Error, InvalidSignature, ValueError):
        return False
    return True


def rsa_key(pem: str) -> RSAPublicKey:
    """A public key from its PEM text.

    Raises:
        ValueError: it is no RSA key.
    """
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, RSAPublicKey):
        raise ValueError("The key is not an RSA key.")  # noqa: TRY004 - the text is wrong, not its type
    return key
