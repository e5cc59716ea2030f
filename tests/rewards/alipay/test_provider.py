"""Alipay passes the providers' suite; whatever its far side says, no payment is called failed that is not."""

import datetime as dt
import io
import json
import zipfile
from dataclasses import replace
from functools import cache
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from core import clock
from rewards.admin.payout_words import WHY
from rewards.providers.account_lists import ListRefused
from rewards.providers.alipay.answers import AnswerRefused, asked, content_of, sent
from rewards.providers.alipay.certificates import key_of, number_of_roots
from rewards.providers.alipay.fund_list import entries, lines, secured, unpacked
from rewards.providers.alipay.provider import QUERY, AlipayProvider, identity_type, transfer_of
from rewards.providers.alipay.signatures import Signatures
from rewards.providers.alipay.tables import NOT_NOW
from rewards.providers.interface import Answer, Outcome
from rewards.providers.signing import SignatureRefused
from tests.alipay.keys import OLD, certificate_for, keys, merchant_at
from tests.alipay.server import FAILS, LAPSES, SLOW, Alipay, running
from tests.far_side.book import Book
from tests.rewards.providers.suite import Bench, ProviderSuite, order


class AlipayBench(Bench):
    """The server in its friendly mood, which open ids tell."""

    def __init__(self, bank: Alipay) -> None:
        self.bank = bank
        self.provider = provider_at(bank.gateway)
        bank.mood = self.mood_of

    @staticmethod
    def mood_of(kind: str, whose: str) -> str:
        return whose.partition("-")[0] if kind == "send" and "-" in whose else ""

    def paying(self) -> str:
        return f"o{uuid4().hex}"

    def refusing(self) -> str:
        return f"nobody-{uuid4().hex}"

    def silent(self) -> str:
        return f"silent-{uuid4().hex}"

    def losing_answers(self) -> str:
        return f"lost_answer-{uuid4().hex}"

    def today(self) -> dt.date:
        return clock.business_day(clock.now(), "Asia/Shanghai")


@cache
def provider_at(gateway: str) -> AlipayProvider:
    return AlipayProvider(merchant_at(gateway))


@pytest.fixture(scope="module")
def far_side():
    with running(Alipay()) as bank:
        yield bank


@pytest.fixture
def bench(far_side) -> AlipayBench:
    far_side.book, far_side.signer = Book(), next(iter(keys().platform))
    return AlipayBench(far_side)


class TestAlipayIsAProvider(ProviderSuite):
    pass


MOODS = {
    "paid_system_error": ("unknown", "SYSTEM_ERROR", "paid"),
    "paid_unavailable": ("unknown", "SYSTEM_ERROR", "paid"),
    "paid_unknown_code": ("unknown", "SOMETHING_NEW", "paid"),
    "answer_5xx": ("unknown", "HTTP_502", "paid"),
    "truncated": ("unknown", "answer_malformed", "paid"),
    "forged": ("unknown", "signature_wrong", "paid"),
    "unsigned": ("unknown", "signature_missing", "paid"),
    "strange_key": ("unknown", "key_unknown", "paid"),
    "other_bill": ("unknown", "bill_differs", "paid"),
    "state_unknown": ("unknown", "state_unknown", "paid"),
    "lost": ("unknown", "no_answer", "not_found"),
    "system_error": ("unknown", "SYSTEM_ERROR", "not_found"),
    "unknown_code": ("unknown", "SOMETHING_NEW", "not_found"),
    "permit": ("unknown", "PERMIT_CHECK_PERM_LIMITED", "not_found"),
    "too_much": ("unknown", "EXCEED_LIMIT_SM_AMOUNT", "not_found"),
    "busy": ("not_now", "isv.app-call-limited", "not_found"),
    "no_money": ("not_now", "PAYER_BALANCE_NOT_ENOUGH", "not_found"),
    "unpaid": ("not_now", "PAYCARD_UNABLE_PAYMENT", "not_found"),
    "limit": ("not_now", "EXCEED_LIMIT_DM_AMOUNT", "not_found"),
    "enough": ("failed", "EXCEED_LIMIT_DC_RECEIVED", "not_found"),
    "nobody": ("failed", "PAYEE_NOT_EXIST", "not_found"),
}


def test_a_person_is_told_what_to_put_right_where_nobody_is_paid() -> None:
    assert set(WHY) >= NOT_NOW


@pytest.mark.parametrize("mood", MOODS)
def test_a_hand_over_fails_only_by_a_signed_code_about_the_payee(bench, mood) -> None:
    bill = order(f"{mood}-{uuid4().hex}")
    answer = bench.provider.send(bill)
    found = bench.provider.query(bill.bill_no)
    assert (answer.outcome.value, answer.fault, found.outcome.value) == MOODS[mood]
    assert answer.payee_at_fault == (mood == "nobody")
    assert answer.allowance_spent == (mood == "enough")


def test_a_question_tells_the_amount(bench) -> None:
    bill = order(bench.paying(), 321)
    bench.provider.send(bill)
    answer = bench.provider.query(bill.bill_no)
    assert (answer.outcome, answer.amount_fen, answer.account) == (Outcome.PAID, 321, "")
    assert answer.ref == bench.bank.book.bills[bill.bill_no].ref


@pytest.mark.parametrize(
    ("fate", "state", "fault"),
    [
        (SLOW, "accepted", ""),
        (FAILS, "failed", "PAYEE_ACCOUNT_STATUS_ERROR"),
        (LAPSES, "failed", "EXCEED_LIMIT_DC_RECEIVED"),
    ],
)
def test_a_bill_that_is_accepted_ends_as_a_question_says(bench, fate, state, fault) -> None:
    past = 0 if fate is SLOW else 1.5
    bench.bank.book = Book(fate_of=lambda *_: fate, clock=lambda: 1_800_000_000 + past * bool(bench.bank.book.bills))
    bill = order(bench.paying())
    bench.provider.send(bill)
    answer = bench.provider.query(bill.bill_no)
    assert (answer.outcome.value, answer.fault) == (state, fault)
    assert (answer.payee_at_fault, answer.allowance_spent) == (fate is FAILS, fate is LAPSES)


def test_a_question_that_is_answered_by_another_code_is_unclear(bench) -> None:
    bench.bank.mood = lambda kind, _: "system_error" if kind == "query" else ""
    assert bench.provider.query("b1") == Answer(Outcome.UNKNOWN, fault="SYSTEM_ERROR")


def test_less_than_the_provider_pays_is_refused_without_a_call(bench) -> None:
    small = order(bench.paying(), 9)
    assert bench.provider.send(small).fault == "amount_too_small"
    assert small.bill_no not in bench.bank.book.bills


def test_a_user_id_is_paid_as_one_and_everything_else_as_an_open_id() -> None:
    assert identity_type("2088123412341234") == "ALIPAY_USER_ID"
    assert identity_type("074a1CcTG1LelxKe4xQC0zgNdId0nxi95b5lsNpazWYoCo5") == "ALIPAY_OPEN_ID"


def test_every_copy_of_a_bill_has_the_same_bytes_and_says_what_the_scene_wants(bench) -> None:
    bill = replace(order("2088123412341234", 1205), name="张三")
    assert {bench.provider.send(bill).outcome for _ in range(3)} == {Outcome.PAID}
    assert json.loads(bench.bank.book.bills[bill.bill_no].body) == {
        "out_biz_no": bill.bill_no,
        "trans_amount": "12.05",
        "product_code": "TRANS_ACCOUNT_NO_PWD",
        "biz_scene": "DIRECT_TRANSFER",
        "order_title": "扫码红包",
        "payee_info": {"identity": "2088123412341234", "identity_type": "ALIPAY_USER_ID", "name": "张三"},
        "remark": "OneCode",
        "transfer_scene_name": "现金营销",
        "transfer_scene_report_infos": [
            {"info_type": "活动名称", "info_content": "开盖有奖"},
            {"info_type": "奖励说明", "info_content": "扫码红包"},
        ],
    }


def test_a_contract_without_scenes_names_none() -> None:
    merchant = replace(merchant_at("http://127.0.0.1:1"), scene="", reports={})
    assert not [name for name in transfer_of(order("o1"), merchant) if name.startswith("transfer_scene")]


def test_the_provider_may_sign_with_a_former_or_a_coming_certificate(bench) -> None:
    bench.bank.signer = OLD
    assert bench.provider.send(order(bench.paying())).outcome is Outcome.PAID


def test_the_merchants_keys_are_not_shown() -> None:
    assert "BEGIN" not in repr(merchant_at("http://127.0.0.1:1"))


@pytest.fixture(scope="module")
def signatures() -> Signatures:
    return Signatures(merchant_at("http://127.0.0.1:1").alipay_certificates)


NODE = b"alipay_fund_trans_common_query_response"
BROKEN = [b"", b"{", b"[]", b"null", b"1", b"\xff", b"[" * 100_000, b'{"sign": "x"}', b'{"%s": []}' % NODE]
UNSIGNED = [b"{}", b'{"code": "10000"}', b'{}, "sign": 1', b'{}, "sign": "x", "alipay_cert_sn": 1']
WRONG = [b'{}, "sign": "%"', b'{}, "sign": ""', b'{}, "sign": "eA=="']
ESCAPED = b'{"error\\u005fresponse": {}, "sign": "eA=="}'


@pytest.mark.parametrize("body", [*BROKEN, ESCAPED, *(b'{"%s": %s}' % (NODE, node) for node in UNSIGNED + WRONG)])
@pytest.mark.parametrize("status", [100, 200, 302, 404, 599])
def test_whatever_comes_is_an_answer_or_refused_by_name(signatures, status, body) -> None:
    with pytest.raises((AnswerRefused, SignatureRefused)) as refusal:
        content_of(signatures, QUERY, status, body)
    assert refusal.value.code


def test_what_a_code_without_a_signature_says_is_shown_and_not_acted_upon(signatures) -> None:
    body = b'{"error_response": {"code": "40002", "sub_code": "isv.invalid-signature"}}'
    with pytest.raises(AnswerRefused, match=r"isv\.invalid-signature"):
        content_of(signatures, QUERY, 200, body)


@pytest.mark.parametrize("content", [{}, {"code": 5}, {"code": "10000"}, {"code": "40004", "sub_code": "…"}])
def test_a_signed_answer_that_says_nothing_is_unclear(content) -> None:
    assert {read(content, "b1").outcome for read in (sent, asked)} == {Outcome.UNKNOWN}


def test_roots_that_rsa_does_not_sign_are_not_even_read() -> None:
    curve = keys().roots.rpartition("-----BEGIN")
    with pytest.raises(ValueError, match="None of the roots"):
        number_of_roots(curve[1] + curve[2])
    assert number_of_roots(keys().roots) == keys().root_number


def test_a_certificate_of_another_key_is_refused() -> None:
    other = certificate_for(ec.generate_private_key(ec.SECP256R1()), keys().app)
    with pytest.raises(ValueError, match="not an RSA key"):
        key_of(other)


HEAD = "#…\n账务流水号,商户订单号,发生时间,收入金额(+元),支出金额(-元),业务类型\n"


def test_money_that_came_back_on_the_same_day_was_not_paid() -> None:
    rows = "1,b1\t,2026-01-01 00:00:00,0.00,-1.00,转账\n2,b1,2026-01-01 00:00:01,1.00,,转账退回\n3,,x,,,转账\n#end"
    assert [(one.bill_no, one.fen) for one in entries(HEAD + rows)] == [("b1", 100), ("b1", -100)]


@pytest.mark.parametrize("cells", ["2026-01-01 00:00:00,,x", "2026-01-01 00:00:00,,inf", "yesterday,,1.00"])
def test_a_list_that_can_not_be_read_is_refused(cells) -> None:
    with pytest.raises(ListRefused, match="_malformed"):
        list(entries(f"{HEAD}1,b1,{cells},转账"))


@pytest.mark.parametrize("text", ["", "#…", "类型,笔数\n转账,1"])
def test_a_file_of_sums_has_no_entries(text) -> None:
    assert list(entries(text)) == []


def test_a_damaged_list_is_refused() -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("a.csv", HEAD.encode("gbk") * 50)
    damaged = whole.getvalue().replace(whole.getvalue()[60:70], b"\xff" * 10)
    for packed in (b"no zip", damaged):
        with pytest.raises(ListRefused, match="list_damaged"):
            unpacked(packed)


def test_the_list_comes_by_https_where_the_gateway_does() -> None:
    assert secured("http://bill.example/a?b=http://c", "https://x") == "https://bill.example/a?b=http://c"


class Lists:
    """What the far side answers when it is asked for a day's list, and then for its bytes."""

    def __init__(self, told: dict[str, str], fetched: int = 200) -> None:
        self.told, self.fetched = told, fetched
        self.merchant = merchant_at("http://127.0.0.1:1")

    def ask(self, *_: object) -> dict[str, str]:
        return self.told

    def fetch(self, _url: str) -> tuple[int, bytes]:
        return self.fetched, b""


THERE = {"code": "10000", "bill_download_url": "http://bill.example/"}


@pytest.mark.parametrize(
    ("far_side", "why"),
    [
        (Lists({"code": "40004", "sub_code": "isv.invalid_arguments"}), "isv.invalid_arguments"),
        (Lists({"code": "10000"}), "address_missing"),
        (Lists(THERE, 403), "HTTP_403"),
    ],
    ids=["no list", "no address", "no bytes"],
)
def test_a_list_that_is_not_given_is_refused(far_side, why) -> None:
    with pytest.raises(ListRefused, match=why):
        list(lines(far_side, dt.date(2026, 1, 1)))
