"""WeChat Pay's callbacks, true and false: each a body and its headers, ready to be posted."""

import base64
import json
import secrets
import time
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.wechatpay.book import Bill
from tests.wechatpay.keys import APIV3_KEY
from tests.wechatpay.server import WechatPay, described, signature

Callback = tuple[bytes, dict[str, str]]
MISSING = ("Timestamp", "Nonce", "Signature", "Serial", "Signature-Type")


def sealed(content: dict[str, Any], key: str = APIV3_KEY, **changes: Any) -> bytes:
    """The body of a callback about this content."""
    nonce, beside = secrets.token_hex(6), "mch_payment"
    ciphertext = AESGCM(key.encode()).encrypt(nonce.encode(), json.dumps(content).encode(), beside.encode())
    resource = {
        "original_type": "mch_payment",
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": base64.b64encode(ciphertext).decode(),
        "associated_data": beside,
        "nonce": nonce,
    } | changes
    document = {
        "id": secrets.token_hex(16),
        "create_time": "2026-11-22T09:00:00+08:00",
        "resource_type": "encrypt-resource",
        "event_type": "MCHTRANSFER.BILL.FINISHED",
        "summary": "商家转账单据终态通知",
        "resource": resource,
    }
    return json.dumps(document, ensure_ascii=False).encode()


def true(bank: WechatPay, bill: Bill, **changes: Any) -> Callback:
    """What the provider says of a bill, signed; `changes` are lies that it signs too."""
    body = sealed(described(bill) | changes)
    return body, bank.signed(body)


def with_signature(bank: WechatPay, body: bytes, *, age: float = 0, key: Any = None, serial: str = "") -> Callback:
    """A body signed so long ago, or by a key that is not the one of the serial."""
    headers = bank.signed(body, serial)
    stamp, nonce = str(int(time.time() - age)), headers["Wechatpay-Nonce"]
    key = key or bank.keys.platform[headers["Wechatpay-Serial"]]
    return body, headers | {
        "Wechatpay-Timestamp": stamp,
        "Wechatpay-Signature": signature(key, stamp, nonce, body),
    }


def false_ones(bank: WechatPay, bill: Bill) -> dict[str, Callback]:
    """By name: what must never be believed. All of them say that the bill was paid."""
    body = sealed(described(bill) | {"state": "SUCCESS"})
    good = bank.signed(body)
    probe = "WECHATPAY/SIGNTEST/" + good["Wechatpay-Signature"][:200]
    return {
        "forged signature": with_signature(bank, body, key=bank.keys.stranger),
        "forged body": (body.replace(b'"id"', b'"Id"'), good),
        "old": with_signature(bank, body, age=301),
        "from the future": with_signature(bank, body, age=-302),
        "unknown serial": with_signature(bank, body, key=bank.keys.stranger, serial="PUB_KEY_ID_9999"),
        "probe": (body, good | {"Wechatpay-Signature": probe}),
        "signature is no base64": (body, good | {"Wechatpay-Signature": "%%%"}),
        "timestamp is none": (body, good | {"Wechatpay-Timestamp": "soon"}),
        "other algorithm": (body, good | {"Wechatpay-Signature-Type": "WECHATPAY2-SM2-WITH-SM3"}),
        **{
            f"without {name}": (body, {key: value for key, value in good.items() if key != f"Wechatpay-{name}"})
            for name in MISSING
        },
    }
