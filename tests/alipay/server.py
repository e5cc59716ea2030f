"""Alipay's gateway as a real HTTP server on the loopback: RSA2 both ways, its own book, and a mood for each call."""

import base64
import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from rewards.providers.alipay.certificates import number_of
from tests.alipay.keys import APP_ID, NEW, Keys, keys
from tests.far_side import http
from tests.far_side.book import Bill, Book, Fate

GATEWAY = "/gateway.do"
BEIJING = timezone(timedelta(hours=8))
SLOW: Fate = ((0, "DEALING", ""), (2, "SUCCESS", ""))
FAILS: Fate = ((0, "DEALING", ""), (1, "FAIL", "PAYEE_ACCOUNT_STATUS_ERROR"))
LAPSES: Fate = ((0, "DEALING", ""), (1, "FAIL", "EXCEED_LIMIT_DC_RECEIVED"))
REFUSALS = {
    "no_money": ("40004", "PAYER_BALANCE_NOT_ENOUGH"),
    "unpaid": ("40004", "PAYCARD_UNABLE_PAYMENT"),
    "limit": ("40004", "EXCEED_LIMIT_DM_AMOUNT"),
    "too_much": ("40004", "EXCEED_LIMIT_SM_AMOUNT"),
    "busy": ("40005", "isv.app-call-limited"),
    "enough": ("40004", "EXCEED_LIMIT_DC_RECEIVED"),
    "nobody": ("40004", "PAYEE_NOT_EXIST"),
    "unknown_code": ("40004", "SOMETHING_NEW"),
    "permit": ("40004", "PERMIT_CHECK_PERM_LIMITED"),
    "system_error": ("40004", "SYSTEM_ERROR"),
    "unavailable": ("20000", "isp.unknow-error"),
}
"""Moods in which a call is answered before anything has happened."""
AFTERWARDS = {
    "paid_system_error": "system_error",
    "paid_unavailable": "unavailable",
    "paid_unknown_code": "unknown_code",
}
"""Moods in which it has happened by then."""


@dataclass
class Alipay(http.FarSide):
    """Moods are for send, query, list and token. `known` are user ids by the one-time codes that were given out."""

    keys: Keys = field(default_factory=keys)
    signer: str = NEW
    known: dict[str, str] = field(default_factory=dict)

    def signature(self, text: str) -> str:
        key = self.keys.platform.get(self.signer, self.keys.stranger)
        return base64.b64encode(key.sign(text.encode(), PKCS1v15(), SHA256())).decode()


class Refused(Exception):  # noqa: N818 - an answer
    def __init__(self, code: str, sub_code: str) -> None:
        self.said = {"code": code, "msg": "Business Failed", "sub_code": sub_code, "sub_msg": "whatever it says"}


class Handler(http.Handler):
    bank: Alipay

    def answer_to(self, body: bytes) -> None:
        if not self.path.startswith(GATEWAY):
            self.give_list()
            return
        told = dict(parse_qsl(body.decode(), keep_blank_values=True))
        self.method, content = told["method"], json.loads(told.get("biz_content", "{}"))
        try:
            self.require_signature(told)
            self.route(told, content)
        except Refused as refused:
            self.say(refused.said)

    def require_signature(self, told: dict[str, str]) -> None:
        """As the gateway checks a call."""
        text = "&".join(f"{name}={value}" for name, value in sorted(told.items()) if name != "sign" and value)
        self.bank.keys.app.public_key().verify(base64.b64decode(told["sign"]), text.encode(), PKCS1v15(), SHA256())
        numbers = (told["app_cert_sn"], told["alipay_root_cert_sn"])
        assert numbers == (number_of(self.bank.keys.app_certificate), self.bank.keys.root_number)
        assert (told["app_id"], told["sign_type"], told["version"]) == (APP_ID, "RSA2", "1.0")
        datetime.strptime(told["timestamp"] + "+0800", "%Y-%m-%d %H:%M:%S%z")

    def route(self, told: dict[str, str], content: dict[str, Any]) -> None:
        if self.method == "alipay.fund.trans.uni.transfer":
            self.transfer(content, told["biz_content"])
        elif self.method == "alipay.fund.trans.common.query":
            self.query(content)
        elif self.method == "alipay.system.oauth.token":
            self.tell_user(told)
        else:
            self.name_list(content)

    def transfer(self, content: dict[str, Any], text: str) -> None:
        payee, amount = content["payee_info"], content["trans_amount"]
        mood = self.bank.mood("send", payee["identity"])
        self.bank.count(f"send {mood or 'well'}")
        self.require_sound(content)
        if mood in {"lost", "silent"}:
            self.hang_up(silent=mood == "silent")
            return
        self.refuse(mood)
        bill = self.bank.book.enter(content["out_biz_no"], payee["identity"], round(float(amount) * 100), text.encode())
        if bill is None:
            raise Refused("40004", "PAYMENT_INFO_INCONSISTENCY")
        told = {"code": "10000", "msg": "Success", "out_biz_no": bill.bill_no, "order_id": bill.ref}
        self.tell(mood, told | {"pay_fund_order_id": bill.ref, "status": bill.state, "trans_date": written(bill)})

    def require_sound(self, content: dict[str, Any]) -> None:
        """What the gateway would not take."""
        identity, kind = content["payee_info"]["identity"], content["payee_info"]["identity_type"]
        sound = (
            len(content["out_biz_no"]) <= 64
            and float(content["trans_amount"]) >= 0.1
            and content["trans_amount"] == f"{float(content['trans_amount']):.2f}"
            and (content["product_code"], content["biz_scene"]) == ("TRANS_ACCOUNT_NO_PWD", "DIRECT_TRANSFER")
            and (kind == "ALIPAY_USER_ID") == (identity.isdigit() and len(identity) == 16)
            and content["order_title"]
            and all(info["info_type"] and info["info_content"] for info in content["transfer_scene_report_infos"])
        )
        if not sound:
            raise Refused("40004", "INVALID_PARAMETER")

    def query(self, content: dict[str, Any]) -> None:
        bill_no = content["out_biz_no"]
        mood = self.bank.mood("query", bill_no)
        self.bank.count(f"query {mood or 'well'}")
        bill = self.bank.book.bills.get(bill_no)
        if mood == "lost":
            self.hang_up()
            return
        self.refuse(mood)
        if bill is None or mood == "not_found":
            raise Refused("40004", "ORDER_NOT_EXIST")
        self.tell(mood, {"code": "10000", "msg": "Success"} | described(bill))

    def refuse(self, mood: str) -> None:
        if mood in REFUSALS:
            raise Refused(*REFUSALS[mood])

    def tell(self, mood: str, told: dict[str, Any]) -> None:
        """The answer as the mood has it; the bill is in the book by now."""
        if mood in AFTERWARDS:
            raise Refused(*REFUSALS[AFTERWARDS[mood]])
        if mood in {"lost_answer", "silent_answer"}:
            self.hang_up(silent=mood == "silent_answer")
        elif mood == "answer_5xx":
            self.write(502, b"<html>", {})
        else:
            lie = {"other_bill": {"out_biz_no": "0" * 32}, "other_amount": {"trans_amount": "9999.00"},
                   "state_unknown": {"status": "LEVITATING"}}  # fmt: skip
            self.say(told | lie.get(mood, {}), mood)

    def say(self, told: dict[str, Any], mood: str = "") -> None:
        """In the gateway's own words: with escaped slashes, and spaces where nobody expects them."""
        text = json.dumps(told, ensure_ascii=False).replace("/", "\\/")
        name = self.method.replace(".", "_") + "_response"
        beside = {"alipay_cert_sn": number_of(self.bank.keys.certificates[NEW]), "sign": self.bank.signature(text)}
        if self.bank.signer in self.bank.keys.certificates:
            beside["alipay_cert_sn"] = number_of(self.bank.keys.certificates[self.bank.signer])
        if mood == "strange_key":
            beside["alipay_cert_sn"] = "0" * 32
        if mood == "unsigned":
            beside = {}
        text = text.replace('"order_id"', '"order_id" ') if mood == "forged" else text
        body = f'{{"{name}" :{text} , {json.dumps(beside)[1:]}' if beside else f'{{"{name}":{text}}}'
        self.write(200, body.encode()[: 40 if mood == "truncated" else None], {}, "text/html;charset=utf-8")

    def name_list(self, content: dict[str, Any]) -> None:
        """The address of a day's list."""
        day = content["bill_date"]
        if not any(written(bill).startswith(day) for bill in self.bank.book.paid()):
            raise Refused("40004", "isp.bill_not_exist")
        url = self.bank.gateway.removesuffix(GATEWAY) + f"/bill?day={day}"
        self.say({"code": "10000", "msg": "Success", "bill_download_url": url})

    def give_list(self) -> None:
        day = dict(parse_qsl(urlsplit(self.path).query))["day"]
        self.write(200, packed(self.bank.book, day), {}, "application/zip")

    def tell_user(self, told: dict[str, str]) -> None:
        """Who a one-time code is of; good once."""
        mood = self.bank.mood("token", told["code"])
        self.refuse(mood)
        known = self.bank.known.pop(told["code"], None)
        if known is None or told["grant_type"] != "authorization_code":
            self.method = "error"
            raise Refused("40002", "isv.code-invalid")
        self.say({"access_token": "t", "expires_in": 1, "refresh_token": "r"} | json.loads(known))


def described(bill: Bill) -> dict[str, Any]:
    """What a question is answered, and what a notice tells."""
    told = {"out_biz_no": bill.bill_no, "order_id": bill.ref, "status": bill.state}
    if bill.state == "FAIL":
        return told | {"error_code": bill.reason, "fail_reason": "whatever it says"}
    return told | {"trans_amount": f"{bill.amount_fen / 100:.2f}", "pay_date": written(bill)}


def written(bill: Bill) -> str:
    return f"{datetime.fromtimestamp(bill.finished_at, BEIJING):%Y-%m-%d %H:%M:%S}"


def packed(book: Book, day: str) -> bytes:
    """The account's list of a day, as it is sent."""
    names = ("账务流水号", "业务流水号", "商户订单号", "商品名称", "发生时间", "对方账号", "收入金额（+元）",
             "支出金额（-元）", "账户余额（元）", "交易渠道", "业务类型", "备注")  # fmt: skip
    head = ",".join(names)
    rows = [
        f"1\t,1\t,{bill.bill_no}\t,红包\t,{written(bill)},***,0.00,-{bill.amount_fen / 100:.2f},9.00,,转账\t,\t"
        for bill in book.paid()
        if written(bill).startswith(day)
    ]
    other = f"2\t,1\t,T1\t,酒\t,{day} 00:00:00,***(***),8.00,0.00,9.00,支付宝,在线支付\t,\t"
    details = "\r\n".join(
        ["#支付宝账务明细查询", "#账号：[2088000000000000]", head, *rows, other, "#导出时间：[…]", ""]
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as files:
        files.writestr("2088_账务明细.csv", details.encode("gbk", "replace"))
        files.writestr("2088_账务明细(汇总).csv", "#汇总\r\n类型,笔数\r\n转账,1\r\n".encode("gbk"))
    return out.getvalue()


running = partial(http.served, handler=Handler, path=GATEWAY)
"""The server, until the end of the block; `bank.gateway` is its address."""
