"""WeChat Pay at its worst, over real HTTP, with real signatures, while our workers are killed at random.

ONECODE_HOSTILE_PAYOUTS: how many. ONECODE_HOSTILE_MINUTES: go on for so long, wave after wave, and print the figures.
"""

import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Count
from django.test import override_settings

from rewards.models import Campaign, Payout
from rewards.providers import gate
from tests.factories.promises import market
from tests.far_side.hostility import Hostility, dealt
from tests.far_side.promises import assert_books_agree, promise_to, unsettled
from tests.faults.clients import free_port, wait_for, web_process
from tests.faults.processes import Killer, workers_running
from tests.faults.waiting import wait_until_settled
from tests.wechatpay.book import Book
from tests.wechatpay.caller import Caller
from tests.wechatpay.hostility import hostility
from tests.wechatpay.keys import environment_of, merchant_at
from tests.wechatpay.server import WechatPay, running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
PAYOUTS = int(os.environ.get("ONECODE_HOSTILE_PAYOUTS", "2000"))
MINUTES = float(os.environ.get("ONECODE_HOSTILE_MINUTES", "0"))
WAVE = 100
DEATHS = 5


@dataclass
class Siege:
    bank: WechatPay
    hostility: Hostility
    caller: Caller
    workers: list
    campaign: Campaign


@pytest.fixture(autouse=True)
def slow_again_afterwards(monkeypatch) -> None:
    """What `tests.wechatpay.quick` shortens in this process."""
    for name in ("PAUSE_MS", "LONGEST_PAUSE_MS", "TRIAL_MS"):
        monkeypatch.setattr(gate, name, getattr(gate, name))


def test_a_hostile_provider_and_dying_workers_lose_nothing_and_pay_nothing_twice(tmp_path) -> None:
    began = time.monotonic()
    with siege(tmp_path) as fight:
        with Killer(fight.workers, pause=(0.5, 2), whole=0.2) as killer:
            fight_on(fight, killer)
        wait_until_settled()
        took = time.monotonic() - began
    print_figures(fight, killer.deaths, took)
    paid, given_back = fight.hostility.payees(paid=True), fight.hostility.payees(paid=False)
    assert_books_agree(fight.bank.book, fight.campaign, paid=paid, given_back=given_back)
    refused = {name: status for (name, status) in fight.caller.answers if name not in {"true", "signed lie"}}
    assert {status for status in refused.values() if not 400 <= status < 500} <= {0}


@contextmanager
def siege(folder: Path) -> Iterator[Siege]:
    """The hostile server, our web and worker processes, and whoever posts callbacks to us."""
    evil = hostility()
    bank = WechatPay(mood=evil.mood, book=Book(fate_of=evil.fate_of))
    port = free_port()
    with running(bank):
        merchant = merchant_at(bank.gateway, f"http://127.0.0.1:{port}/webhooks/wechatpay/")
        told = environment_of(merchant, folder) | {"DJANGO_SETTINGS_MODULE": "tests.wechatpay.settings"}
        listed = settings.PAYMENT_PROVIDERS | {"wechatpay": "tests.wechatpay.quick.wechatpay"}
        with override_settings(WECHATPAY=merchant, PAYMENT_PROVIDER="wechatpay", PAYMENT_PROVIDERS=listed):
            web = web_process(port, folder, **told)
            try:
                with workers_running(folder, **told) as workers, Caller(bank, port) as caller:
                    bank.book.on_bill = caller.announce
                    wait_for(port)
                    yield Siege(bank, evil, caller, workers, market(budget_fen=10**9, units=10**6))
            finally:
                web.kill()


def fight_on(fight: Siege, killer: Killer) -> None:
    """Waves of payouts: so many, or for so long; and more of them while few workers have died."""
    until = time.monotonic() + MINUTES * 60
    waves = 0
    while time.monotonic() < until or waves < PAYOUTS // WAVE or killer.deaths < DEATHS:
        wave(fight)
        waves += 1
        while unsettled().count() > 5 * WAVE:
            time.sleep(0.1)


def wave(fight: Siege) -> None:
    promise_to(fight.campaign, "wechatpay", WAVE, lambda consumer: dealt(fight.hostility, f"o-{consumer.hex}"))


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")


def print_figures(fight: Siege, deaths: int, took: float) -> None:
    """For the note; pytest shows it with -s."""
    bills, seconds = fight.bank.book.bills, sorted(fight.caller.seconds)
    say(f"\n{len(fight.hostility.dealt)} promises, {len(bills)} bills, {took:.0f} s, {deaths} workers killed")
    say("calls:", dict(sorted(fight.bank.seen.items())), dict(fight.bank.book.seen))
    say("callbacks:", {f"{name} → {status}": count for (name, status), count in sorted(fight.caller.answers.items())})
    if seconds:
        say(f"callbacks' answers: median {statistics.median(seconds):.3f} s, longest {seconds[-1]:.3f} s")
    say("payouts:", dict(Payout.objects.values_list("state").annotate(Count("pk"))), "attempts:",
          dict(Payout.objects.values_list("attempts").annotate(Count("pk"))))  # fmt: skip
