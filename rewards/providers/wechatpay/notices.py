"""WeChat Pay's callbacks: believed only when signed just now by a key we know, and deciphered by our own key.

wechatpayv3 has a reader of callbacks too; it takes replayed ones, calls the provider when a key is unknown, raises bare
exceptions and answers None for forged ones. So none of it is used here. Nothing on this way leaves the house.
"""

import base64
import binascii
import datetime as dt
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rewards.providers.documents import document_of
from rewards.providers.notices import FRESH, Notice, NoticeRefused, notice_of
from rewards.providers.signing import SignatureRefused
from rewards.providers.wechatpay.answers import described
from rewards.providers.wechatpay.merchant import Merchant
from rewards.providers.wechatpay.signatures import Signatures

FINISHED = "MCHTRANSFER.BILL.FINISHED"
ALGORITHM = "AEAD_AES_256_GCM"


class NoticeReader:
    """Reads the callbacks to one merchant."""

    def __init__(self, merchant: Merchant) -> None:
        self.mchid = merchant.mchid
        self.signatures = Signatures(merchant.public_keys)
        self.cipher = AESGCM(merchant.apiv3_key.encode())

    def read(self, headers: Mapping[str, str], body: bytes, *, now: dt.datetime) -> Notice:
        """The notice in a callback.

        Raises:
            SignatureRefused: as `Signatures.check`, or `timestamp_old`: signed more than five minutes from `now`.
            NoticeRefused: event_unknown, resource_malformed, cipher_wrong, merchant_differs, notice_malformed.
        """
        signed_at = self.signatures.check(headers, body)
        if abs(now.timestamp() - signed_at) > FRESH.total_seconds():
            raise SignatureRefused("timestamp_old")
        document = document_of(body)
        if document.get("event_type") != FINISHED:
            raise NoticeRefused("event_unknown")
        content = document_of(self.deciphered(document.get("resource")))
        if content.get("mch_id", content.get("mchid")) != self.mchid:
            raise NoticeRefused("merchant_differs")
        return notice_of(content.get("out_bill_no"), described(content))

    def deciphered(self, resource: Any) -> bytes:
        """The content of a callback's `resource`.

        Raises:
            NoticeRefused: it has another form, or was not enciphered with our key.
        """
        if not isinstance(resource, dict) or resource.get("algorithm") != ALGORITHM:
            raise NoticeRefused("resource_malformed")
        beside = resource.get("associated_data") or ""
        parts = (resource.get("nonce"), resource.get("ciphertext"), beside)
        if not all(isinstance(part, str) for part in parts):
            raise NoticeRefused("resource_malformed")
        nonce, ciphertext, beside = (str(part) for part in parts)
        try:
            return self.cipher.decrypt(nonce.encode(), base64.b64decode(ciphertext, validate=True), beside.encode())
        except (binascii.Error, ValueError) as error:
            raise NoticeRefused("resource_malformed") from error
        except InvalidTag as error:
            raise NoticeRefused("cipher_wrong") from error
