"""WeChat Pay passes the providers' suite; whatever its far side says, no payment is called failed that is not."""

import datetime as dt
import gzip
import json
from dataclasses import replace
from functools import cache
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from core import clock
from rewards.models import Payout
from rewards.providers.account_lists import ListRefused
from rewards.providers.interface import Answer, AppConfirmation, Order, Outcome
from rewards.providers.signing import rsa_key
from rewards.providers.wechatpay.answers import asked, sent
from rewards.providers.wechatpay.fund_flow import lines, transfers, unpacked
from rewards.providers.wechatpay.provider import WechatPayProvider
from rewards.providers.wechatpay.tables import NO_LIST
from rewards.services.settling import reply_of
from tests.rewards.providers.suite import Bench, ProviderSuite, order
from tests.wechatpay.book import CLOSED, PAYS, REFUSED, WAITS, Book
from tests.wechatpay.keys import NEW, OLD, merchant_at
from tests.wechatpay.server import WechatPay, running


class WechatPayBench(Bench):
    """The server in its friendly mood, which openids tell."""

    def __init__(self, bank: WechatPay) -> None:
        self.bank = bank
        self.provider = provider_at(bank.gateway)
        bank.mood = self.mood_of
        bank.book.fate_of = lambda openid, _: REFUSED if "refused" in openid else WAITS if "waits" in openid else PAYS

    @staticmethod
    def mood_of(kind: str, whose: str) -> str:
        return whose.partition("-")[0] if kind == "send" and "-" in whose else ""

    def paying(self) -> str:
        return f"o{uuid4().hex}"

    def refusing(self) -> str:
        return f"refused{uuid4().hex}"

    def silent(self) -> str:
        return f"silent-{uuid4().hex}"

    def losing_answers(self) -> str:
        return f"lost_answer-{uuid4().hex}"

    def today(self) -> dt.date:
        return clock.business_day(clock.now(), "Asia/Shanghai")


@cache
def provider_at(gateway: str) -> WechatPayProvider:
    return WechatPayProvider(merchant_at(gateway))


@pytest.fixture(scope="module")
def far_side():
    with running(WechatPay()) as bank:
        yield bank


@pytest.fixture
def bench(far_side) -> WechatPayBench:
    far_side.book, far_side.serial = Book(), NEW
    return WechatPayBench(far_side)


class TestWechatPayIsAProvider(ProviderSuite):
    pass


MOODS = {
    "refused_5xx": ("unknown", "SYSTEM_ERROR"),
    "refused_unknown": ("unknown", "SOMETHING_NEW"),
    "answer_5xx": ("unknown", "SYSTEM_ERROR"),
    "answer_unknown": ("unknown", "SOMETHING_NEW"),
    "lost": ("unknown", "no_answer"),
    "garbage": ("unknown", "bill_differs"),
    "other_bill": ("unknown", "bill_differs"),
    "state_unknown": ("unknown", "state_unknown"),
    "strange_key": ("unknown", "key_unknown"),
    "forged": ("unknown", "signature_wrong"),
    "unsigned": ("unknown", "header_missing"),
    "frequency": ("not_now", "FREQUENCY_LIMITED"),
    "no_money": ("not_now", "NOT_ENOUGH"),
}


@pytest.mark.parametrize("mood", MOODS)
def test_no_answer_to_a_hand_over_is_ever_read_as_a_failure(bench, mood) -> None:
    answer = bench.provider.send(order(f"{mood}-{uuid4().hex}"))
    assert (answer.outcome.value, answer.fault) == MOODS[mood]


def test_a_waiting_bill_has_its_package_and_its_app(bench) -> None:
    bill = order(f"waits{uuid4().hex}")
    answer = bench.provider.send(bill)
    package = bench.bank.book.bills[bill.bill_no].package
    assert (answer.outcome, answer.package_info) == (Outcome.AWAITING_CONFIRMATION, package)
    assert bench.provider.query(bill.bill_no).package_info == ""
    assert bench.provider.app_confirmation(package) == AppConfirmation("1900000109", "wx8888888888888888", package)


def test_a_question_tells_amount_and_payee(bench) -> None:
    bill = order(bench.paying(), 321)
    bench.provider.send(bill)
    answer = bench.provider.query(bill.bill_no)
    assert (answer.outcome, answer.amount_fen, answer.account) == (Outcome.PAID, 321, bill.account)


def test_a_waiting_bill_can_be_withdrawn_and_a_paid_one_can_not(bench) -> None:
    waiting, paid = order(f"waits{uuid4().hex}"), order(bench.paying())
    for bill in (waiting, paid):
        bench.provider.send(bill)
    assert bench.provider.cancel(waiting.bill_no).outcome is Outcome.ACCEPTED
    assert bench.provider.query(waiting.bill_no).outcome is Outcome.CANCELLED
    assert bench.provider.cancel(paid.bill_no) == Answer(Outcome.UNKNOWN, fault="INVALID_REQUEST")


def test_an_unconfirmed_bill_that_the_provider_closes_is_cancelled(bench) -> None:
    bench.bank.book.fate_of = lambda *_: tuple((0, state, why) for _, state, why in CLOSED)
    bill = order(bench.paying())
    assert bench.provider.send(bill).outcome is Outcome.CANCELLED


def test_a_large_amount_goes_with_the_real_name_and_not_without(bench) -> None:
    named = Order(uuid4().hex, bench.paying(), 200_000, "OneCode", "张三")
    assert {bench.provider.send(named).outcome for _ in range(2)} == {Outcome.PAID}
    assert json.loads(bench.bank.book.bills[named.bill_no].body)["user_name"] == "张三"
    nameless = replace(named, bill_no=uuid4().hex, name="")
    assert bench.provider.send(nameless) == Answer(Outcome.UNKNOWN, fault="name_missing")
    assert nameless.bill_no not in bench.bank.book.bills


def test_less_than_the_provider_pays_is_refused_without_a_call(bench) -> None:
    small = order(bench.paying(), 9)
    assert bench.provider.send(small).fault == "amount_too_small"
    assert small.bill_no not in bench.bank.book.bills


def test_the_provider_may_sign_with_a_former_or_a_coming_key(bench) -> None:
    bench.bank.serial = OLD
    assert bench.provider.send(order(bench.paying())).outcome is Outcome.PAID


def test_every_copy_of_a_bill_has_the_same_bytes(bench) -> None:
    bill = order(f"waits{uuid4().hex}")
    assert {bench.provider.send(bill).outcome for _ in range(3)} == {Outcome.AWAITING_CONFIRMATION}


def test_the_merchants_keys_are_not_shown() -> None:
    merchant = merchant_at("http://127.0.0.1:1")
    assert merchant.apiv3_key not in repr(merchant)
    assert "PRIVATE" not in repr(merchant)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"1", b"\xff", b"[" * 100_000, b'{"state": []}'])
@pytest.mark.parametrize("status", [100, 200, 204, 302, 400, 404, 429, 500, 599])
def test_whatever_comes_is_an_answer(status, body) -> None:
    assert {read(status, body, "b1").outcome for read in (sent, asked)} == {Outcome.UNKNOWN}


@pytest.mark.parametrize(
    "document",
    [{"amount": amount} for amount in ("x", "1.005", "1." + "0" * 30 + "1", "NaN", "Infinity", "1e40")]
    + [{"moment": "yesterday"}],
)
def test_a_list_that_can_not_be_read_is_refused(document) -> None:
    row = f"{document.get('moment', '`2026-01-01 00:00:00')},`商家转账,`支出,`{document.get('amount', '1.00')},`b1"
    with pytest.raises(ListRefused, match="_malformed"):
        list(transfers("记账时间,业务名称,收支类型,收支金额(元),业务凭证号\n" + row))


def test_money_that_came_back_on_the_same_day_was_not_paid() -> None:
    head = "记账时间,业务名称,收支类型,收支金额(元),业务凭证号\n"
    rows = "".join(f"`2026-01-01 00:00:00,`商家转账,`{way},`1.00,`b1\n" for way in ("支出", "收入"))
    other = "`2026-01-01 00:00:00,`交易,`收入,`5.00,`b2\n"
    assert [(line.bill_no, line.outcome) for line in transfers(head + rows + other)] == [("b1", Outcome.FAILED)]


def test_a_damaged_list_is_refused() -> None:
    with pytest.raises(ListRefused, match="list_damaged"):
        unpacked(b"no gzip", "")


def test_a_list_of_other_bytes_is_refused() -> None:
    with pytest.raises(ListRefused, match="list_differs_from_its_hash"):
        unpacked(gzip.compress(b"another"), "00")


class Lists:
    """What the far side answers when it is asked for a day's list, and then for its bytes."""

    def __init__(self, asked: tuple[int, str], fetched: int = 200) -> None:
        self.asked, self.fetched = asked, fetched

    def fundflow_bill(self, _day: str) -> tuple[int, str]:
        return self.asked

    def download_bill(self, _url: str) -> tuple[int, bytes]:
        return self.fetched, b""


def listed(far_side: Lists) -> list[object]:
    return list(lines(far_side, dt.date(2026, 1, 1), "https://pay.example"))


def test_a_day_without_transfers_has_an_empty_list() -> None:
    assert listed(Lists((404, json.dumps({"code": NO_LIST})))) == []


THERE = (200, json.dumps({"download_url": "https://pay.example/list"}))
ELSEWHERE = (200, json.dumps({"download_url": "https://elsewhere.example/list"}))


@pytest.mark.parametrize(
    ("far_side", "why"),
    [(Lists((500, "")), "HTTP_500"), (Lists(ELSEWHERE), "HTTP_200"), (Lists(THERE, 403), "HTTP_403")],
    ids=["no list", "another address", "no bytes"],
)
def test_a_list_that_is_not_given_is_refused(far_side, why) -> None:
    with pytest.raises(ListRefused, match=why):
        listed(far_side)


def test_a_key_of_another_kind_is_refused() -> None:
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = other.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    with pytest.raises(ValueError, match="not an RSA key"):
        rsa_key(pem)


def test_a_waiting_bill_whose_package_was_lost_is_handed_over_again_and_has_it(bench) -> None:
    bill, now = order(f"waits{uuid4().hex}"), clock.now()
    package = bench.provider.send(bill).package_info
    waiting = Payout(
        bill_no=bill.bill_no,
        amount_fen=bill.amount_fen,
        payee_account=bill.account,
        provider="wechatpay",
        state=Payout.State.AWAITING_CONFIRMATION,
        created_at=now,
        sent_at=now,
    )
    assert reply_of(bench.provider, waiting, now=now).answer.package_info == package
    assert package
