"""Signatures of WeChat Pay: which key, over which bytes. The same for answers and callbacks; nothing is fetched."""

import base64
import binascii
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

SIGNATURE_TYPE = "WECHATPAY2-SHA256-RSA2048"
DIGITS = 12
HEADERS = ("Timestamp", "Nonce", "Signature", "Serial", "Signature-Type")
"""Each behind `Wechatpay-`."""


class SignatureRefused(ValueError):  # noqa: N818 - says what became of it
    """`code` says why what claims to come from the provider is not believed."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Signatures:
    """WeChat Pay's public keys by id: several may be known while they are being changed."""

    def __init__(self, public_keys: Mapping[str, str]) -> None:
        self.keys = {key_id: rsa_key(pem) for key_id, pem in public_keys.items()}

    def check(self, headers: Mapping[str, str], body: bytes) -> int:
        """The moment (Unix seconds) at which WeChat Pay signed the body. How old it may be is the caller's matter.

        Raises:
            SignatureRefused: header_missing, signature_type, key_unknown, timestamp_malformed, signature_wrong.
        """
        values = {name: headers.get(f"Wechatpay-{name}", "") for name in HEADERS}
        if not all(values.values()):
            raise SignatureRefused("header_missing")
        if values["Signature-Type"] != SIGNATURE_TYPE:
            raise SignatureRefused("signature_type")
        key = self.keys.get(values["Serial"])
        if key is None:
            raise SignatureRefused("key_unknown")
        if not (values["Timestamp"].isascii() and values["Timestamp"].isdigit() and len(values["Timestamp"]) <= DIGITS):
            raise SignatureRefused("timestamp_malformed")
        signed = b"%s\n%s\n%s\n" % (values["Timestamp"].encode(), values["Nonce"].encode(), body)
        try:
            key.verify(base64.b64decode(values["Signature"], validate=True), signed, PKCS1v15(), SHA256())
        except (binascii.Error, InvalidSignature, ValueError) as error:
            raise SignatureRefused("signature_wrong") from error
        return int(values["Timestamp"])


def rsa_key(pem: str) -> RSAPublicKey:
    """A public key from its PEM text.

    Raises:
        ValueError: it is no RSA key.
    """
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, RSAPublicKey):
        raise ValueError("The key is not an RSA key.")  # noqa: TRY004 - the text is wrong, not its type
    return key
