"""Alipay at its worst, over real HTTP with real signatures: paid once or given back, and the books agree."""

import datetime as dt
import random

import pytest
from django.db.models import Min

from core import clock
from rewards.providers.alipay.provider import AlipayProvider
from rewards.services.reconciling import run_reconciliation
from rewards.services.settling import settle_batch
from tests.alipay.hostility import hostility
from tests.alipay.keys import merchant_at
from tests.alipay.server import Alipay, running
from tests.factories.promises import market
from tests.far_side.book import Book
from tests.far_side.hostility import dealt
from tests.far_side.promises import assert_books_agree, promise_to, unsettled
from tests.rewards.banks import Clock

PROMISES, SECOND = 24, dt.timedelta(seconds=1)


@pytest.mark.django_db
def test_whatever_the_gateway_does_each_promise_is_paid_once_or_given_back(alipay_chosen) -> None:
    seed = random.randrange(10**9)
    tick, evil = Clock(clock.now()), hostility(random.Random(seed))
    book = Book(fate_of=evil.fate_of, clock=lambda: tick().timestamp())
    with running(Alipay(book=book, mood=evil.mood)) as far_side:
        campaign = market()
        promise_to(campaign, "alipay", PROMISES, lambda consumer: dealt(evil, f"open-{consumer.hex}"))
        bank, end = AlipayProvider(merchant_at(far_side.gateway)), tick.now + dt.timedelta(days=3)
        while unsettled().exists():
            assert tick.now < end, (seed, list(unsettled().values_list("state", "fault", "attempts")))
            settle_batch(bank=bank, tick=tick)
            tick.now = max(tick.now + SECOND, unsettled().aggregate(next=Min("next_at"))["next"] or tick.now)
        assert_books_agree(book, campaign, paid=evil.payees(paid=True), given_back=evil.payees(paid=False))
        paid_on = {clock.business_day(at(bill.finished_at), bank.pace.zone) for bill in book.paid()}
        runs = [run_reconciliation(bank=bank, day=day, actor="test", now=tick.now) for day in paid_on]
        assert [run.differences for run in runs] == [[]] * len(runs), seed


def at(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
