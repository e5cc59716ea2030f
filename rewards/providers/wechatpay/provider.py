"""WeChat Pay behind the providers' interface."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import requests

from rewards.providers.interface import Answer, AppConfirmation, BillLine, Order, Outcome, Pace
from rewards.providers.signing import SignatureRefused
from rewards.providers.wechatpay import answers, fund_flow
from rewards.providers.wechatpay.channel import client_of
from rewards.providers.wechatpay.merchant import Merchant

NAME_FROM_FEN = 200_000
LEAST_FEN = 10
Read = Callable[[int, bytes, str], Answer]


class WechatPayProvider:
    """Merchant transfers: the payee confirms each in WeChat, with the package that a hand-over answers."""

    name = "wechatpay"
    pace = Pace(name_from_fen=NAME_FROM_FEN, least_fen=LEAST_FEN)

    def __init__(self, merchant: Merchant, pace: Pace | None = None) -> None:
        self.merchant = merchant
        self.pace = pace or self.pace
        self.client = client_of(merchant)

    def send(self, order: Order) -> Answer:
        """Hand the transfer over.

        Every copy has the same bytes, but for a real name: it is the same too, and is enciphered anew each time. An
        amount below 0.10 yuan is refused here, without a call.
        """
        if order.amount_fen < LEAST_FEN:
            return Answer(Outcome.FAILED, fault="amount_too_small", payee_at_fault=True)
        if order.amount_fen >= NAME_FROM_FEN and not order.name:
            return Answer(Outcome.UNKNOWN, fault="name_missing")
        return self.call(
            answers.sent,
            order.bill_no,
            self.client.mch_transfer_bills,
            transfer_scene_id=self.merchant.scene_id,
            openid=order.account,
            transfer_amount=order.amount_fen,
            transfer_remark=order.remark,
            user_name=order.name or None,
            transfer_scene_report_infos=[
                {"info_type": "活动名称", "info_content": self.merchant.activity},
                {"info_type": "奖励说明", "info_content": self.merchant.reward},
            ],
        )

    def query(self, bill_no: str) -> Answer:
        return self.call(answers.asked, bill_no, self.client.mch_transfer_bills_query)

    def cancel(self, bill_no: str) -> Answer:
        """Withdraw a bill that the payee has not confirmed; whether it is cancelled, only a later question tells."""
        return self.call(answers.cancelling, bill_no, self.client.mch_transfer_bills_cancel)

    def app_confirmation(self, package_info: str) -> AppConfirmation:
        return AppConfirmation(self.merchant.mchid, self.merchant.appid, package_info)

    def bills(self, day: dt.date) -> Iterator[BillLine]:
        """The transfers in the fund flow of a day; from ten in the morning after it. Payees are not named there.

        Raises:
            ListRefused: the list is not to be had, or is not what its hash says.
            requests.RequestException: no answer.
        """
        return fund_flow.lines(self.client, day, self.merchant.gateway)

    def call(self, read: Read, bill_no: str, method: Callable[..., tuple[int, bytes]], **given: Any) -> Answer:
        """One call for one bill; whatever goes wrong on the way is unknown."""
        try:
            status, body = method(out_bill_no=bill_no, **given)
        except requests.Timeout:
            return Answer(Outcome.UNKNOWN, fault="timeout")
        except requests.RequestException:
            return Answer(Outcome.UNKNOWN, fault="no_answer")
        except SignatureRefused as refusal:
            return Answer(Outcome.UNKNOWN, fault=refusal.code)
        return read(status, body, bill_no)
