"""Alipay's signatures (RSA2): over which bytes, and by whose key."""

import base64
from collections.abc import Mapping, Sequence

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from rewards.providers.alipay.certificates import certificate_of, key_of, number_of
from rewards.providers.signing import SignatureRefused, is_signed

RSA2 = "RSA2"


class Signatures:
    """Alipay's certificates by number: several may be known while they are being changed."""

    def __init__(self, certificates: Sequence[str]) -> None:
        known = [certificate_of(pem) for pem in certificates]
        self.keys = {number_of(one): key_of(one) for one in known}

    def check(self, signed: bytes, signature: str, number: str = "") -> None:
        """Whether Alipay signed exactly these bytes, by the certificate of that number; by any that we know if empty.

        Raises:
            SignatureRefused: key_unknown, signature_wrong.
        """
        if number and number not in self.keys:
            raise SignatureRefused("key_unknown")
        keys = [self.keys[number]] if number else self.keys.values()
        if not any(is_signed(key, signed, signature) for key in keys):
            raise SignatureRefused("signature_wrong")


def signed_by(key: RSAPrivateKey, parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters of a call, signed: over all that are not empty, by name, as `name=value` with & between."""
    told = {name: value for name, value in parameters.items() if value}
    signature = key.sign(joined(told).encode(), PKCS1v15(), SHA256())
    return told | {"sign": base64.b64encode(signature).decode()}


def joined(parameters: Mapping[str, str]) -> str:
    """What is signed of parameters."""
    return "&".join(f"{name}={value}" for name, value in sorted(parameters.items()))
