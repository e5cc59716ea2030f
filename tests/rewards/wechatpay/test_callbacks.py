"""WeChat Pay calls us: what is believed, what is not, and that nobody is called from there."""

import json
import time

import pytest
from django.db import connection
from django.test import Client

from core import clock
from rewards.models import Grant, Payout
from rewards.services.payees import Proof
from tests.factories.balances import balances
from tests.far_side.promises import unanswered
from tests.wechatpay.book import PAYS, REFUSED, Bill
from tests.wechatpay.callbacks import false_ones, sealed, true, with_signature
from tests.wechatpay.keys import OLD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_calls")]
OPENID = "o-MYE42l80oelYMDE34nYD456Xoy"


@pytest.fixture
def one(chosen, rung) -> Payout:
    """A payout whose hand-over was answered by nobody."""
    payout = unanswered(Proof("wechatpay", "wx", OPENID))
    rung.clear()
    return payout


def bill_of(payout: Payout, fate=PAYS) -> Bill:
    return Bill(payout.bill_no, OPENID, payout.amount_fen, b"", fate, time.time())


def post(callback) -> tuple[int, str]:
    """Status and reason; no connection may be opened meanwhile, and it may take a second."""
    body, headers = callback
    answer = Client().post("/webhooks/wechatpay/", body, content_type="application/json", headers=headers)
    return answer.status_code, json.loads(answer.content or b"{}").get("reason", "")


def test_a_payment_is_booked_at_once_and_told_again_changes_nothing(chosen, one) -> None:
    callback = true(chosen, bill_of(one))
    assert [post(callback) for _ in range(3)] == [(204, "")] * 3
    one.refresh_from_db()
    assert (one.state, one.grant.state, one.steps.count()) == ("paid", "paid", 1)
    assert balances(one.grant.campaign)["paid"] == 100


def test_what_is_not_signed_just_now_by_a_key_we_know_changes_nothing(chosen, one) -> None:
    for name, callback in false_ones(chosen, bill_of(one)).items():
        status, reason = post(callback)
        assert (status, bool(reason)) == (401, True), name
    one.refresh_from_db()
    assert (one.state, one.fault) == ("unknown", "")


def test_a_former_key_is_believed_as_long_as_it_is_listed(chosen, one) -> None:
    chosen.serial = OLD
    assert post(true(chosen, bill_of(one))) == (204, "")


def test_a_failure_is_not_believed_but_asked_about_at_once(
    chosen, one, rung, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert post(true(chosen, bill_of(one, REFUSED))) == (204, "")
    one.refresh_from_db()
    assert (one.state, one.next_at <= clock.now(), rung) == ("unknown", True, ["rewards.tasks.settle_due"])


@pytest.mark.parametrize(
    ("lie", "fault"), [({"transfer_amount": 101}, "told_amount_differs"), ({"openid": "o-other"}, "told_payee_differs")]
)
def test_another_amount_or_payee_is_kept_for_a_person_and_books_nothing(chosen, one, lie, fault) -> None:
    assert post(true(chosen, bill_of(one), **lie)) == (422, fault)
    one.refresh_from_db()
    assert (one.state, one.fault) == ("unknown", fault)


def test_a_payment_after_a_failure_is_kept_for_a_person(chosen, one) -> None:
    now = clock.now()
    Payout.objects.filter(pk=one.pk).update(state="failed", finished_at=now)
    assert post(true(chosen, bill_of(one))) == (422, "told_paid")
    one.refresh_from_db()
    assert (one.state, one.fault) == ("failed", "told_paid")


def test_a_failure_told_late_of_a_paid_bill_is_kept_for_a_person(chosen, one) -> None:
    post(true(chosen, bill_of(one)))
    assert post(true(chosen, bill_of(one, REFUSED))) == (422, "told_failed")
    assert Grant.objects.get().state == "paid"


def test_a_payment_of_a_bill_that_waits_to_be_handed_over_again_is_left_to_that(chosen, one) -> None:
    Payout.objects.filter(pk=one.pk).update(state="created")
    assert post(true(chosen, bill_of(one))) == (204, "")
    one.refresh_from_db()
    assert (one.state, one.steps.count()) == ("created", 0)


def test_a_payment_told_while_it_is_being_handed_over_is_booked_once(chosen, one) -> None:
    Payout.objects.filter(pk=one.pk).update(state="created")
    Payout.objects.filter(pk=one.pk).update(state="sending")
    assert post(true(chosen, bill_of(one))) == (204, "")
    one.refresh_from_db()
    assert one.state == "paid"


def test_a_bill_that_is_not_ours_is_not_found(chosen, one) -> None:
    stranger = Bill("f" * 32, OPENID, 100, b"", PAYS, time.time())
    assert post(true(chosen, stranger))[0] == 404


NO_NOTICES = [
    (b"", "event_unknown"),
    (b"{", "event_unknown"),
    (b"[]", "event_unknown"),
    (b'{"event_type": "TRANSACTION.SUCCESS"}', "event_unknown"),
    (b'{"event_type": "MCHTRANSFER.BILL.FINISHED"}', "resource_malformed"),
    (b'{"event_type": "MCHTRANSFER.BILL.FINISHED", "resource": []}', "resource_malformed"),
    (sealed({}, algorithm="AEAD_SM4_GCM"), "resource_malformed"),
    (sealed({}, nonce=None), "resource_malformed"),
    (sealed({}, nonce=""), "resource_malformed"),
    (sealed({}, ciphertext="…"), "resource_malformed"),
    (sealed({}, key="f" * 32), "cipher_wrong"),
    (sealed({}, associated_data="other"), "cipher_wrong"),
    (sealed({}), "merchant_differs"),
    (sealed({"mch_id": "1900000109"}), "notice_malformed"),
    (sealed({"mch_id": "1900000109", "out_bill_no": 5, "transfer_amount": 1}), "notice_malformed"),
    (sealed({"mch_id": "1900000109", "out_bill_no": "b", "transfer_amount": "1"}), "notice_malformed"),
    (sealed({"mch_id": "1900000109", "out_bill_no": "\ud800", "transfer_amount": 1}), "notice_malformed"),
    (sealed({"mch_id": "1900000109", "out_bill_no": "b\x00", "transfer_amount": 1}), "notice_malformed"),
]


def test_what_is_signed_and_yet_no_notice_is_refused_by_name(chosen) -> None:
    for body, reason in NO_NOTICES:
        assert post(with_signature(chosen, body)) == (422, reason), body


def test_a_state_that_nobody_knows_books_nothing(chosen, one) -> None:
    assert post(true(chosen, bill_of(one), state="LEVITATING")) == (422, "told_state_unknown")


def test_a_body_that_is_too_large_is_not_read(chosen, one) -> None:
    assert post(with_signature(chosen, b"x" * 70_000))[0] == 413


def test_only_posts_are_taken_and_only_where_there_is_a_merchant(settings) -> None:
    assert Client().get("/webhooks/wechatpay/").status_code == 405
    settings.WECHATPAY = None
    assert Client().post("/webhooks/wechatpay/").status_code == 404


def test_a_notice_costs_few_statements(chosen, one, django_assert_max_num_queries) -> None:
    callback = true(chosen, bill_of(one))
    with django_assert_max_num_queries(12):
        assert post(callback) == (204, "")


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_holds_is_waited_for_less_than_a_second(chosen, one, second_connection) -> None:
    callback = true(chosen, bill_of(one))
    second_connection.execute("BEGIN")
    second_connection.execute("SELECT 1 FROM rewards_payout WHERE id = %s FOR UPDATE", [one.pk])
    began = time.monotonic()
    status, _ = post(callback)
    assert (status, time.monotonic() - began < 1) == (503, True)
    second_connection.execute("ROLLBACK")
    assert post(callback) == (204, "")


@pytest.fixture
def second_connection():
    """Another session of the database."""
    other = connection.copy()
    other.inc_thread_sharing()
    other.ensure_connection()
    yield other.connection
    other.close()
