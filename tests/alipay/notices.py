"""Alipay's notices, true and false: each a form, ready to be posted."""

import base64
import json
import time
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from tests.alipay.keys import APP_ID, NEW
from tests.alipay.server import Alipay, described
from tests.far_side.book import Bill


def form_of(key: Any, parameters: dict[str, str]) -> bytes:
    """The parameters, signed and in a form."""
    text = "&".join(f"{name}={value}" for name, value in sorted(parameters.items()))
    signature = base64.b64encode(key.sign(text.encode("gbk"), PKCS1v15(), SHA256())).decode()
    return urlencode(parameters | {"sign_type": "RSA2", "sign": signature}, encoding="gbk").encode()


def parameters_of(content: Any, *, age: float = 0, **changes: str) -> dict[str, str]:
    """What is told beside the content; names changed to nothing are left out."""
    told = {
        "charset": "GBK",
        "biz_content": json.dumps(content, ensure_ascii=False),
        "msg_method": "alipay.fund.trans.order.changed",
        "utc_timestamp": str(int((time.time() - age) * 1000)),
        "version": "1.1",
        "notify_id": "d275fec564e62af6bedbcee73f3f05fi5x",
        "app_id": APP_ID,
    } | changes
    return {name: value for name, value in told.items() if value != ""}


def content_of(bill: Bill, **lies: Any) -> dict[str, Any]:
    """What a notice says of a bill."""
    fixed = {"product_code": "TRANS_ACCOUNT_NO_PWD", "action_type": "FINISH", "title": "扫码红包"}
    return described(bill) | fixed | lies


def true(bank: Alipay, bill: Bill, **lies: Any) -> bytes:
    """What Alipay says of a bill, signed; `lies` are told and signed too."""
    return form_of(bank.keys.platform[bank.signer], parameters_of(content_of(bill, **lies)))


def false_ones(bank: Alipay, bill: Bill) -> dict[str, bytes]:
    """By name: what must never be believed. All of them say that the bill was paid."""
    key, content = bank.keys.platform[NEW], content_of(bill) | {"status": "SUCCESS"}
    good = form_of(key, parameters_of(content))
    return {
        "forged signature": form_of(bank.keys.stranger, parameters_of(content)),
        "forged body": good.replace(b"SUCCESS", b"SUCCESs"),
        "old": form_of(key, parameters_of(content, age=301)),
        "from the future": form_of(key, parameters_of(content, age=-302)),
        "old by its notify_time": form_of(
            key, parameters_of(content, utc_timestamp="", notify_time="2026-01-01 00:00:00")
        ),
        "no moment": form_of(key, parameters_of(content, utc_timestamp="soon")),
        "no such moment": form_of(key, parameters_of(content, utc_timestamp="9" * 40)),
        "no moment written": form_of(key, parameters_of(content, utc_timestamp="", notify_time="yesterday")),
        "unknown certificate": form_of(key, parameters_of(content, alipay_cert_sn="0" * 32)),
        "unsigned": good.partition(b"&sign=")[0],
        "no base64": good.partition(b"&sign=")[0] + b"&sign=%25",
        "other algorithm": good.replace(b"sign_type=RSA2", b"sign_type=RSA"),
        "nothing": b"",
    }
