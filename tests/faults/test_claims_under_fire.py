"""The main job: 1,000 claims on 200 codes by 16 people at once, over HTTP, while the workers are being killed."""

import datetime as dt
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db.models import Count, Q

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.models import Opening
from core import clock
from rewards.models import Claim, Grant, Payout, RiskRule
from rewards.sandbox.book import enter_what_came_due, instruct, received_fen
from rewards.sandbox.models import Behaviour, Bill
from rewards.sandbox.provider import SandboxProvider
from rewards.selectors.reconciliation import reconcile_day
from rewards.services.risk_rules import RuleFacts, set_risk_rule
from stores.models import Brand
from tests.factories.balances import balances
from tests.factories.campaigns import active_order, running_campaign
from tests.factories.stores import NOON, StoreFactory
from tests.faults.clients import Person, web_server
from tests.faults.processes import Killer, workers_running
from tests.faults.waiting import wait_until_settled

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
CODES, CLAIMS, PEOPLE = 200, 1000, 16
SHARE = 50
WALLETS = [Behaviour.SUCCEED, Behaviour.WAIT, Behaviour.LOSE_ANSWER, Behaviour.ARRIVE_LATE]


@pytest.fixture(autouse=True)
def generous_limits(monkeypatch) -> None:
    """All sixteen share one address; the limits are tested elsewhere."""
    monkeypatch.setenv("ONECODE_LIMIT_SCALE", "1000")


def test_each_code_is_opened_once_and_each_promise_paid_once(tmp_path) -> None:
    order = active_order(quantity=CODES)
    campaign = running_campaign(
        order, budget_fen=CODES * (100 + SHARE), owner_share_fen=SHARE, ends_at=NOON + dt.timedelta(days=3650)
    )
    hold_nothing(order.brand)
    store = StoreFactory(brand=order.brand)
    with web_server(tmp_path) as port, workers_running(tmp_path) as workers:
        people = {Person(port): "" for _ in range(PEOPLE)}
        for number, person in enumerate(people):
            people[person] = person.sign_in(brand=order.brand.slug, name=f"顾客{number}")
            instruct(account=f"consumer:{people[person]}", behaviour=WALLETS[number % 4], delay_ms=1500)
        with Killer(workers, pause=(2, 4), at_least=2):
            answers = all_claims(list(people), order.first_serial, store.b_code)
        wait_until_settled()
    assert answers[201, ""] == CODES, answers
    assert sum(answers.values()) == CLAIMS
    assert set(answers) <= {(201, ""), (200, ""), (409, "opened_by_another")}
    assert (Opening.objects.count(), Claim.objects.filter(state="promised").count()) == (CODES, CODES)
    check_the_money(campaign)
    for consumer in people.values():
        assert received_fen(f"consumer:{consumer}") == 100 * Opening.objects.filter(consumer=consumer).count()
    call_command("recount")


def hold_nothing(brand: Brand) -> None:
    """Who opens twenty in an hour would be looked at first, and one of sixteen may well be that quick."""
    watch = RuleFacts(RiskRule.Mode.WATCH, {}, review_hours=24, after_time=RiskRule.AfterTime.RELEASE)
    set_risk_rule(brand=brand, facts=watch, actor="test", now=clock.now())


def all_claims(people: list[Person], first_serial: int, b_code: str) -> Counter[tuple[int, str]]:
    """Everybody scans the store's code, then claims at once; how often each answer came."""
    codes = [code_cipher().encode(Role.ITEM_INNER, first_serial + number % CODES) for number in range(CLAIMS)]
    random.shuffle(codes)

    def shop(number: int) -> list[tuple[int, str]]:
        people[number].post("scans", code=b_code)
        return [people[number].scan_and_claim(code) for code in codes[number::PEOPLE]]

    with ThreadPoolExecutor(PEOPLE) as pool:
        return Counter(answer for answers in pool.map(shop, range(PEOPLE)) for answer in answers)


def check_the_money(campaign) -> None:
    grants = Grant.objects.annotate(bills_paid=Count("payouts", filter=Q(payouts__state="paid")))
    assert set(grants.values_list("state", "bills_paid")) == {("paid", 1)}
    consumers = grants.filter(payee=Grant.Payee.CONSUMER).count()
    owners = grants.filter(payee=Grant.Payee.STORE_OWNER).count()
    assert (consumers, owners) == (CODES, CODES)
    assert balances(campaign) == {
        "source": -CODES * (100 + SHARE),
        "budget": 0,
        "reserved": 0,
        "payable": 0,
        "paid": CODES * (100 + SHARE),
    }
    enter_what_came_due(now=clock.now())
    paid_there = set(Bill.objects.filter(state=Bill.State.SUCCESS).values_list("bill_no", "amount_fen"))
    assert paid_there == set(Payout.objects.filter(state="paid").values_list("bill_no", "amount_fen"))
    bank = SandboxProvider()
    today = clock.business_day(clock.now(), bank.pace.zone)
    assert reconcile_day(bank=bank, day=today) == []
