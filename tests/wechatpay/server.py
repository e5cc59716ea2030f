"""WeChat Pay as a real HTTP server on the loopback: signatures both ways, its own book, and a mood for each call."""

import base64
import csv
import gzip
import hashlib
import io
import json
import re
import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

from tests.far_side import http
from tests.wechatpay.book import FINAL, FORM, Bill, Book
from tests.wechatpay.keys import NEW, Keys, keys

BILLS = "/v3/fund-app/mch-transfer/transfer-bills"
BEIJING = timezone(timedelta(hours=8))
AUTHORIZATION = re.compile(r'(\w+)="([^"]*)"')


@dataclass
class WechatPay(http.FarSide):
    """Moods are for send, query and cancel."""

    book: Book = field(default_factory=Book)
    keys: Keys = field(default_factory=keys)
    serial: str = NEW

    def signed(self, body: bytes, serial: str = "") -> dict[str, str]:
        """The headers of an answer."""
        serial = serial or self.serial
        stamp, nonce = str(int(time.time())), secrets.token_hex(16)
        return {
            "Wechatpay-Timestamp": stamp,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Serial": serial,
            "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
            "Wechatpay-Signature": signature(self.keys.platform.get(serial, self.keys.stranger), stamp, nonce, body),
        }


def signature(key: Any, stamp: str, nonce: str, body: bytes) -> str:
    signed = key.sign(b"%s\n%s\n%s\n" % (stamp.encode(), nonce.encode(), body), PKCS1v15(), SHA256())
    return base64.b64encode(signed).decode()


class Refused(Exception):  # noqa: N818 - an answer
    def __init__(self, status: int, code: str) -> None:
        self.status, self.code = status, code


class Handler(http.Handler):
    bank: WechatPay

    def answer_to(self, body: bytes) -> None:
        try:
            self.require_signature(body)
            self.route(body)
        except Refused as refused:
            self.say(refused.status, {"code": refused.code, "message": "whatever the message says"})

    def route(self, body: bytes) -> None:
        path = self.path.removeprefix(BILLS)
        bill_no = path.removeprefix("/out-bill-no/").removesuffix("/cancel")
        if self.path.startswith("/v3/bill"):
            self.list_bills()
        elif self.command == "GET":
            self.query_bill(bill_no)
        elif bill_no:
            self.cancel_bill(bill_no)
        else:
            self.send_bill(body)

    def require_signature(self, body: bytes) -> None:
        """As the provider checks a merchant's call."""
        kind, _, rest = self.headers.get("Authorization", "").partition(" ")
        told = dict(AUTHORIZATION.findall(rest))
        text = f"{self.command}\n{self.path}\n{told.get('timestamp')}\n{told.get('nonce_str')}\n".encode()
        try:
            self.bank.keys.merchant.public_key().verify(
                base64.b64decode(told.get("signature", "")), text + body + b"\n", PKCS1v15(), SHA256()
            )
        except InvalidSignature:
            raise Refused(401, "SIGN_ERROR") from None
        if kind != "WECHATPAY2-SHA256-RSA2048" or self.headers["Wechatpay-Serial"] not in self.bank.keys.platform:
            raise Refused(401, "SIGN_ERROR")

    def send_bill(self, body: bytes) -> None:
        told = json.loads(body)
        mood = self.bank.mood("send", told["openid"])
        self.bank.count(f"send {mood or 'well'}")
        if mood == "frequency":
            raise Refused(429, "FREQUENCY_LIMITED")
        if mood == "no_money":
            raise Refused(403, "NOT_ENOUGH")
        if mood in {"lost", "silent"}:
            self.hang_up(silent=mood == "silent")
            return
        if mood in {"refused_5xx", "refused_unknown"}:
            raise Refused(*((500, "SYSTEM_ERROR") if mood == "refused_5xx" else (400, "SOMETHING_NEW")))
        bill = self.bank.book.enter(told["out_bill_no"], told["openid"], told["transfer_amount"], self.plain(body))
        if bill is None:
            raise Refused(400, "ALREADY_EXISTS")
        self.tell(bill, mood, self.opened(bill))

    def plain(self, body: bytes) -> bytes:
        """The call's bytes, the real name deciphered; refuses what the provider would."""
        told = json.loads(body)
        reports = {info["info_type"]: info["info_content"] for info in told["transfer_scene_report_infos"]}
        if (
            not FORM.fullmatch(told["out_bill_no"])
            or told["transfer_amount"] < 10
            or not (reports.get("活动名称") and reports.get("奖励说明"))
        ):
            raise Refused(400, "PARAM_ERROR")
        if "user_name" not in told:
            if told["transfer_amount"] >= 200_000:
                raise Refused(400, "PARAM_ERROR")
            return body
        key = self.bank.keys.platform[self.headers["Wechatpay-Serial"]]
        padding = OAEP(mgf=MGF1(algorithm=SHA1()), algorithm=SHA1(), label=None)  # noqa: S303 - the provider's choice
        told["user_name"] = key.decrypt(base64.b64decode(told["user_name"]), padding).decode()
        return json.dumps(told).encode()

    def query_bill(self, bill_no: str) -> None:
        mood = self.bank.mood("query", bill_no)
        self.bank.count(f"query {mood or 'well'}")
        bill = self.bank.book.bills.get(bill_no)
        if bill is None or mood == "not_found":
            raise Refused(404, "NOT_FOUND")
        if mood == "frequency":
            raise Refused(429, "FREQUENCY_LIMITED")
        self.tell(bill, mood, described(bill))

    def cancel_bill(self, bill_no: str) -> None:
        if not self.bank.book.cancel(bill_no):
            raise Refused(400, "INVALID_REQUEST")
        self.say(200, {"out_bill_no": bill_no, "transfer_bill_no": "1", "state": "CANCELING"})

    def opened(self, bill: Bill) -> dict[str, Any]:
        """What a hand-over is answered."""
        told = {"out_bill_no": bill.bill_no, "transfer_bill_no": bill.ref, "state": bill.state}
        if bill.state == "WAIT_USER_CONFIRM":
            told["package_info"] = bill.package
        return told | ({"fail_reason": bill.reason} if bill.reason else {})

    def tell(self, bill: Bill, mood: str, told: dict[str, Any]) -> None:
        """The answer as the mood has it; the bill is in the book by now."""
        if mood in {"lost_answer", "silent_answer"}:
            self.hang_up(silent=mood == "silent_answer")
        elif mood in {"answer_5xx", "answer_unknown"}:
            self.say(*((502, {"code": "SYSTEM_ERROR"}) if mood == "answer_5xx" else (400, {"code": "SOMETHING_NEW"})))
        else:
            time.sleep(0.3 if mood == "late_answer" else 0)
            lie = {
                "other_amount": {"transfer_amount": bill.amount_fen + 1},
                "other_bill": {"out_bill_no": "0" * 32},
                "state_unknown": {"state": "LEVITATING"},
            }
            body = b"<html>" if mood == "garbage" else json.dumps(told | lie.get(mood, {})).encode()
            headers = self.bank.signed(body, serial="PUB_KEY_ID_9999" if mood == "strange_key" else "")
            body = body.replace(b'"out_bill_no"', b'"out_bill_no" ') if mood == "forged" else body
            self.write(200, body, {} if mood == "unsigned" else headers)

    def say(self, status: int, told: dict[str, Any]) -> None:
        body = json.dumps(told).encode()
        self.write(status, body, self.bank.signed(body))

    def list_bills(self) -> None:
        """The fund flow of a day, and the file that it names."""
        day = self.path.split("day=")[-1] if "day=" in self.path else self.path.split("bill_date=")[1][:10]
        text = fund_flow(self.bank.book, day)
        if text is None:
            raise Refused(400, "NO_STATEMENT_EXIST")
        if "/v3/billdownload" in self.path:
            self.write(200, gzip.compress(text), {}, "application/gzip")
            return
        url = f"{self.bank.gateway}/v3/billdownload/file?day={day}"
        digest = hashlib.sha1(text).hexdigest()  # noqa: S324 - the provider's own choice
        self.say(200, {"hash_type": "SHA1", "hash_value": digest, "download_url": url})


def described(bill: Bill) -> dict[str, Any]:
    """What a question is answered, and what a callback tells."""
    told = {
        "mch_id": "1900000109",
        "out_bill_no": bill.bill_no,
        "transfer_bill_no": bill.ref,
        "state": bill.state,
        "transfer_amount": bill.amount_fen,
        "openid": bill.payee,
    }
    return told | ({"fail_reason": bill.reason} if bill.reason else {})


def fund_flow(book: Book, day: str) -> bytes | None:
    out = io.StringIO()
    names = ["记账时间", "微信支付业务单号", "资金流水单号", "业务名称", "业务类型", "收支类型", "收支金额(元)",
             "账户结余(元)", "资金变更提交申请人", "备注", "业务凭证号"]  # fmt: skip
    rows = csv.writer(out)
    rows.writerow(names)
    count = 0
    for bill in book.paid():
        moment = datetime.fromtimestamp(bill.finished_at, BEIJING)
        if moment.date().isoformat() == day:
            yuan = f"{bill.amount_fen / 100:.2f}"
            row = [f"{moment:%Y-%m-%d %H:%M:%S}", bill.ref, "1", "商家转账", "商家转账", "支出", yuan, "1.00", "x", "",
                   bill.bill_no]  # fmt: skip
            rows.writerow([f"`{value}" for value in row])
            count += 1
    rows.writerow(["资金流水总笔数", "收入笔数"])
    rows.writerow([f"`{count}", "`0"])
    return out.getvalue().encode("utf-8-sig") if count else None


running = partial(http.served, handler=Handler)
"""The server, until the end of the block; `bank.gateway` is its address."""

__all__ = ["FINAL", "WechatPay", "described", "running", "signature"]
