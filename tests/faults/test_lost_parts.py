"""PostgreSQL, Valkey and the web server go away and come back while people scan and claim."""

import datetime as dt
import secrets
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.models import Opening, Scan
from rewards.models import Grant, Payout
from rewards.sandbox.book import received_fen
from tests.factories.balances import balances
from tests.factories.campaigns import active_order, running_campaign
from tests.factories.stores import NOON
from tests.faults.clients import Person, wait_for
from tests.faults.stage import Stage, running_stage
from tests.faults.waiting import wait_until_settled

pytestmark = [pytest.mark.faults]
SHOPPERS, BOTTLES = 4, 6
SLOWEST = 8.0
"""Seconds within which an answer must come while a part is away: also where it hangs."""


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker) -> Iterator[Stage]:
    with django_db_blocker.unblock(), running_stage() as running:
        yield running


class Shop:
    """A campaign over fresh bottles, and people who open them."""

    def __init__(self, stage: Stage) -> None:
        quantity = SHOPPERS * BOTTLES + 2
        self.order = active_order(quantity=quantity)
        self.campaign = running_campaign(self.order, budget_fen=quantity * 100, ends_at=NOON + dt.timedelta(days=3650))
        self.people = [Person(stage.port) for _ in range(SHOPPERS + 1)]
        self.ids = [person.sign_in(brand=self.order.brand.slug, name=secrets.token_hex(4)) for person in self.people]

    def code(self, number: int) -> str:
        return code_cipher().encode(Role.ITEM_INNER, self.order.first_serial + number)

    def open_all_of(self, shopper: int) -> list[tuple[int, str]]:
        """One after another, with a breath between."""
        answers = []
        for number in range(BOTTLES):
            answers.append(self.people[shopper].scan_and_claim(self.code(shopper * BOTTLES + number)))
            time.sleep(0.2)
        return answers

    def check(self, *, opened: int) -> None:
        """Each bottle was opened once, each promise paid once, and all the books agree."""
        wait_until_settled()
        assert Opening.objects.filter(order=self.order).count() == opened
        grants = Grant.objects.filter(campaign=self.campaign)
        assert list(grants.values_list("state").distinct()) == [("paid",)]
        payouts = Payout.objects.filter(grant__campaign=self.campaign)
        assert (grants.count(), payouts.filter(state="paid").count()) == (opened, opened)
        assert sum(received_fen(f"consumer:{consumer}") for consumer in self.ids) == opened * 100
        books = balances(self.campaign)
        assert (books["paid"], books["reserved"], books["payable"]) == (opened * 100, 0, 0)
        call_command("recount")


def quick(call: Callable[[], object]):
    """The call's answer, and that it did not take long."""
    began = time.monotonic()
    answer = call()
    assert time.monotonic() - began < SLOWEST
    return answer


def is_unavailable(answer) -> bool:
    known = (answer.status, answer.headers["Content-Type"], answer.json.get("code"))
    return known == (503, "application/problem+json", "unavailable") and int(answer.headers["Retry-After"]) > 0


LOSSES = [("postgres", "killed"), ("postgres", "hanging"), ("valkey", "killed"), ("valkey", "hanging")]


def lose(stage: Stage, name: str, how: str) -> None:
    if how == "killed":
        stage.kill(name)
    else:
        stage.signal(name, signal.SIGSTOP)


def bring_back(stage: Stage, name: str, how: str) -> None:
    if how == "killed":
        stage.servers[name].restart()
        connection.close()  # this test's own
    else:
        stage.signal(name, signal.SIGCONT)


@pytest.mark.parametrize(("name", "how"), LOSSES)
def test_what_was_refused_while_a_part_was_away_succeeds_once_under_the_same_key(stage, name, how) -> None:
    shop = Shop(stage)
    person, first, second = shop.people[-1], shop.code(SHOPPERS * BOTTLES), shop.code(SHOPPERS * BOTTLES + 1)
    scan = person.post("scans", code=first)[1]
    claim = (f"scans/{scan['id']}/claim", secrets.token_hex(8))
    another = ("scans", secrets.token_hex(8))
    with ThreadPoolExecutor(SHOPPERS) as pool:
        shopping = [pool.submit(shop.open_all_of, shopper) for shopper in range(SHOPPERS)]
        time.sleep(0.6)
        lose(stage, name, how)
        try:
            assert is_unavailable(quick(lambda: person.post_once(*claim)))
            assert is_unavailable(quick(lambda: person.post_once(*another, code=second)))
            page = quick(lambda: person.get(f"/c/{first}"))
        finally:
            bring_back(stage, name, how)
        assert page.status == (200 if name == "valkey" else 503)
        assert page.headers["Content-Type"].startswith("text/html")
        assert ("Retry-After" in page.headers) == (name == "postgres")
        wait_for(stage.port)
        claimed = [person.post_once(*claim) for _ in range(2)]
        kept = [person.post_once(*another, code=second) for _ in range(2)]
        answers = [answer for each in shopping for answer in each.result(timeout=60)]
    assert {answer.status for answer in claimed} == {201}
    assert claimed[0].json["id"] == claimed[1].json["id"]
    assert [answer.status for answer in kept] == [201, 200]
    assert Scan.objects.filter(nonce=another[1]).count() == 1
    assert answers == [(201, "")] * (SHOPPERS * BOTTLES)
    assert person.post(f"scans/{kept[0].json['id']}/claim")[0] == 201
    shop.check(opened=SHOPPERS * BOTTLES + 2)


def test_nothing_is_lost_or_done_twice_when_the_web_server_is_killed_again_and_again(stage) -> None:
    shop = Shop(stage)
    with ThreadPoolExecutor(SHOPPERS) as pool:
        shopping = [pool.submit(shop.open_all_of, shopper) for shopper in range(SHOPPERS)]
        for _ in range(2):
            time.sleep(0.7)
            stage.web.kill()
            stage.web.start()
            wait_for(stage.port)
        answers = [answer for each in shopping for answer in each.result(timeout=60)]
    assert {status for status, _ in answers} <= {200, 201}
    shop.check(opened=SHOPPERS * BOTTLES)
