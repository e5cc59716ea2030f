"""Alipay behind the providers' interface."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import requests

from rewards.providers.alipay import answers, fund_list
from rewards.providers.alipay.channel import Channel
from rewards.providers.alipay.merchant import Merchant
from rewards.providers.interface import Answer, BillLine, Order, Outcome, Pace
from rewards.providers.signing import SignatureRefused

LEAST_FEN = 10
TRANSFER, QUERY = "alipay.fund.trans.uni.transfer", "alipay.fund.trans.common.query"
PRODUCT = {"product_code": "TRANS_ACCOUNT_NO_PWD", "biz_scene": "DIRECT_TRANSFER"}
USER_ID = re.compile(r"2088[0-9]{12}")
Read = Callable[[dict[str, Any], str], Answer]


class AlipayProvider:
    """Transfers to Alipay accounts: they arrive without the payee's doing anything."""

    name = "alipay"
    pace = Pace(least_fen=LEAST_FEN)

    def __init__(self, merchant: Merchant, pace: Pace | None = None) -> None:
        self.merchant = merchant
        self.pace = pace or self.pace
        self.channel = Channel(merchant)

    def send(self, order: Order) -> Answer:
        """Hand the transfer over. An amount below 0.10 yuan is refused here, without a call."""
        if order.amount_fen < LEAST_FEN:
            return Answer(Outcome.FAILED, fault="amount_too_small", payee_at_fault=True)
        return self.call(answers.sent, TRANSFER, order.bill_no, transfer_of(order, self.merchant))

    def query(self, bill_no: str) -> Answer:
        return self.call(answers.asked, QUERY, bill_no, PRODUCT | {"out_biz_no": bill_no})

    def bills(self, day: dt.date) -> Iterator[BillLine]:
        """The transfers in the account's list of a day; from nine in the morning after it. Payees are not named there.

        Raises:
            ListRefused: the list is not to be had, or can't be read.
            requests.RequestException: no answer.
            AnswerRefused, SignatureRefused: what came is not theirs.
        """
        return fund_list.lines(self.channel, day)

    def call(self, read: Read, method: str, bill_no: str, content: Mapping[str, Any]) -> Answer:
        """One call for one bill; whatever goes wrong on the way is unknown."""
        try:
            return read(self.channel.ask(method, content), bill_no)
        except requests.Timeout:
            return Answer(Outcome.UNKNOWN, fault="timeout")
        except requests.RequestException:
            return Answer(Outcome.UNKNOWN, fault="no_answer")
        except (answers.AnswerRefused, SignatureRefused) as refusal:
            return Answer(Outcome.UNKNOWN, fault=refusal.code)


def transfer_of(order: Order, merchant: Merchant) -> dict[str, Any]:
    """The `biz_content` of a transfer, in this order of members: each copy is the same text."""
    payee = {"identity": order.account, "identity_type": identity_type(order.account)}
    reports = [{"info_type": kind, "info_content": content} for kind, content in merchant.reports.items()]
    scene = {"transfer_scene_name": merchant.scene, "transfer_scene_report_infos": reports}
    return {
        "out_biz_no": order.bill_no,
        "trans_amount": f"{order.amount_fen // 100}.{order.amount_fen % 100:02}",
        **PRODUCT,
        "order_title": merchant.title,
        "payee_info": payee | ({"name": order.name} if order.name else {}),
        "remark": order.remark,
        **(scene if merchant.scene else {}),
    }


def identity_type(account: str) -> str:
    """What an account is: apps see people by user id (2088…, 16 digits) or, newer ones, by an open id of their own."""
    return "ALIPAY_USER_ID" if USER_ID.fullmatch(account) else "ALIPAY_OPEN_ID"
