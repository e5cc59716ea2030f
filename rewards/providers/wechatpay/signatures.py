"""Signatures of WeChat Pay: which key, over which bytes. The same for answers and callbacks; nothing is fetched."""

from collections.abc import Mapping

from rewards.providers.signing import SignatureRefused, is_signed, rsa_key

SIGNATURE_TYPE = "WECHATPAY2-SHA256-RSA2048"
DIGITS = 12
HEADERS = ("Timestamp", "Nonce", "Signature", "Serial", "Signature-Type")
"""Each behind `Wechatpay-`."""


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
        if not is_signed(key, signed, values["Signature"]):
            raise SignatureRefused("signature_wrong")
        return int(values["Timestamp"])
