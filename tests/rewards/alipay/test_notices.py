"""Alipay calls us: what is believed, what is not, and that nobody is called from there."""

import json
import time

import pytest
from django.test import Client

from core import clock
from rewards.models import Grant, Payout
from rewards.providers.account_lists import BEIJING
from rewards.services.payees import Proof
from tests.alipay.keys import APP_ID, NEW, OLD, keys
from tests.alipay.notices import content_of, false_ones, form_of, parameters_of, true
from tests.alipay.server import FAILS, SLOW
from tests.factories.balances import balances
from tests.far_side.book import PAYS, Bill
from tests.far_side.promises import unanswered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_calls")]
USER = "2088123412341234"
FORM = "application/x-www-form-urlencoded; charset=GBK"


@pytest.fixture
def one(alipay_chosen, rung) -> Payout:
    payout = unanswered(Proof("alipay", APP_ID, USER))
    rung.clear()
    return payout


def bill_of(payout: Payout, fate=PAYS) -> Bill:
    return Bill(payout.bill_no, USER, payout.amount_fen, b"", fate, time.time() - 1.5 * (fate is FAILS))


def post(form: bytes) -> tuple[int, str]:
    """Status, and the reason or the word."""
    answer = Client().post("/webhooks/alipay/", form, content_type=FORM)
    text = answer.content.decode()
    return answer.status_code, text if answer.status_code == 200 else json.loads(text).get("reason", "")


def test_a_payment_is_booked_at_once_and_told_again_changes_nothing(alipay_chosen, one) -> None:
    form = true(alipay_chosen, bill_of(one))
    assert [post(form) for _ in range(3)] == [(200, "success")] * 3
    one.refresh_from_db()
    assert (one.state, one.grant.state, one.steps.count()) == ("paid", "paid", 1)
    assert balances(one.grant.campaign)["paid"] == 100


def test_what_is_not_signed_just_now_changes_nothing(alipay_chosen, one) -> None:
    for name, form in false_ones(alipay_chosen, bill_of(one)).items():
        status, reason = post(form)
        assert (status, bool(reason)) == (401, True), name
    one.refresh_from_db()
    assert (one.state, one.fault) == ("unknown", "")


def test_a_former_certificate_is_believed_as_long_as_it_is_listed(alipay_chosen, one) -> None:
    alipay_chosen.signer = OLD
    assert post(true(alipay_chosen, bill_of(one))) == (200, "success")


@pytest.mark.parametrize("tells", [True, False])
def test_a_notice_may_tell_its_moment_in_another_way_or_not_at_all(alipay_chosen, one, tells) -> None:
    moment = {"notify_time": f"{clock.now().astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"} if tells else {}
    told = parameters_of(content_of(bill_of(one)), utc_timestamp="", **moment)
    assert post(form_of(keys().platform[NEW], told)) == (200, "success")


def test_a_failure_is_not_believed_but_asked_about_at_once(
    alipay_chosen, one, rung, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert post(true(alipay_chosen, bill_of(one, FAILS))) == (200, "success")
    one.refresh_from_db()
    assert (one.state, one.next_at <= clock.now(), rung) == ("unknown", True, ["rewards.tasks.settle_due"])


def test_news_that_come_after_the_end_change_nothing(alipay_chosen, one) -> None:
    assert post(true(alipay_chosen, bill_of(one))) == (200, "success")
    assert post(true(alipay_chosen, bill_of(one, SLOW))) == (200, "success")
    one.refresh_from_db()
    assert (one.state, one.fault) == ("paid", "")


def test_money_that_is_said_to_have_come_back_is_kept_for_a_person(alipay_chosen, one) -> None:
    post(true(alipay_chosen, bill_of(one)))
    assert post(true(alipay_chosen, bill_of(one), status="REFUND")) == (422, "told_failed")
    assert Grant.objects.get().state == "paid"


def test_another_amount_is_kept_for_a_person_and_books_nothing(alipay_chosen, one) -> None:
    assert post(true(alipay_chosen, bill_of(one), trans_amount="1.01")) == (422, "told_amount_differs")
    one.refresh_from_db()
    assert (one.state, one.fault) == ("unknown", "told_amount_differs")


def test_a_bill_that_is_not_ours_is_not_found(alipay_chosen, one) -> None:
    assert post(true(alipay_chosen, Bill("f" * 32, USER, 100, b"", PAYS, time.time())))[0] == 404


NO_NOTICES = [
    ({"app_id": "2021000000000002"}, "merchant_differs"),
    ({"msg_method": "alipay.open.auth.appauth.cancelled"}, "event_unknown"),
    ({"biz_content": "{"}, "notice_malformed"),
    ({"biz_content": ""}, "notice_malformed"),
    ({"biz_content": '{"out_biz_no": 5, "status": "SUCCESS", "trans_amount": "1.00"}'}, "notice_malformed"),
    ({"biz_content": '{"out_biz_no": "b1", "status": "SUCCESS"}'}, "notice_malformed"),
]


def test_what_is_signed_and_yet_no_notice_is_refused_by_name(alipay_chosen, one) -> None:
    for changes, reason in NO_NOTICES:
        form = form_of(keys().platform[NEW], parameters_of(content_of(bill_of(one)), **changes))
        assert post(form) == (422, reason), changes


def test_a_form_that_says_something_twice_or_too_much_is_refused(alipay_chosen, one) -> None:
    form = true(alipay_chosen, bill_of(one))
    assert post(form + b"&app_id=2021000000000002") == (422, "form_malformed")
    assert post(b"a=&" * 200) == (422, "form_malformed")


def test_only_posts_are_taken_and_only_where_there_is_a_merchant(settings) -> None:
    assert Client().get("/webhooks/alipay/").status_code == 405
    settings.ALIPAY = None
    assert Client().post("/webhooks/alipay/").status_code == 404


def test_a_notice_costs_few_statements(alipay_chosen, one, django_assert_max_num_queries) -> None:
    form = true(alipay_chosen, bill_of(one))
    with django_assert_max_num_queries(12):
        assert post(form) == (200, "success")
