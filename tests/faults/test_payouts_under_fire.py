"""Workers are killed at random while payouts go to a wallet that waits, refuses, fails, loses requests and answers."""

import random
import threading
import time

import pytest
from django.db import connection
from django.db.models import Count

from core import clock
from rewards.models import Grant, Payout
from rewards.sandbox.book import confirm_bill, enter_what_came_due, instruct
from rewards.sandbox.models import Behaviour, Bill, Instruction
from rewards.services.payouts import create_payouts
from tests.factories.balances import balances
from tests.factories.promises import market, promise
from tests.faults.processes import Killer, workers_running
from tests.faults.waiting import wait_until_settled

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
GRANTS = 300
WAVES = 30
DEATHS = 3
TOLD = {
    Behaviour.SUCCEED: (130, 0),
    Behaviour.WAIT: (30, 1500),
    Behaviour.CONFIRM: (30, 0),
    Behaviour.REFUSE: (20, 0),
    Behaviour.FAIL: (20, 100),
    Behaviour.TIME_OUT: (20, 0),
    Behaviour.ARRIVE_LATE: (25, 2000),
    Behaviour.LOSE_ANSWER: (25, 0),
}


def test_every_promise_is_paid_once_or_given_back_however_workers_die(tmp_path) -> None:
    campaign = market()
    with workers_running(tmp_path) as workers, people_confirming():
        with Killer(workers, pause=(1, 3)) as killer:
            pay_in_waves(promise(campaign, GRANTS, now=clock.now()), killer)
            Instruction.objects.filter(behaviour=Behaviour.TIME_OUT).update(behaviour=Behaviour.SUCCEED)
            time.sleep(5)
        wait_until_settled()
    refused = TOLD[Behaviour.REFUSE][0] + TOLD[Behaviour.FAIL][0]
    states = dict(Grant.objects.values_list("state").annotate(Count("pk")))
    assert states == {"paid": GRANTS - refused, "released": refused}
    enter_what_came_due(now=clock.now())
    paid_in_book = set(Bill.objects.filter(state=Bill.State.SUCCESS).values_list("bill_no", "amount_fen"))
    assert paid_in_book == set(Payout.objects.filter(state="paid").values_list("bill_no", "amount_fen"))
    assert balances(campaign) == {
        "source": -campaign.budget_fen,
        "budget": campaign.budget_fen - 100 * (GRANTS - refused),
        "reserved": 0,
        "payable": 0,
        "paid": 100 * (GRANTS - refused),
    }


def pay_in_waves(grants: list[Grant], killer: Killer) -> None:
    """Payouts for all, a wave every half second, the last ones when enough workers have died between them.

    Each consumer's wallet was told how to behave before.
    """
    random.shuffle(grants)
    behaviours = [(behaviour, delay) for behaviour, (count, delay) in TOLD.items() for _ in range(count)]
    for grant, (behaviour, delay_ms) in zip(grants, behaviours, strict=True):
        instruct(account=f"consumer:{grant.consumer_id}", behaviour=behaviour, delay_ms=delay_ms)
    random.shuffle(grants)
    for wave in range(WAVES):
        killer.has_killed(DEATHS * wave // (WAVES - 1))
        create_payouts(grants=grants[wave::WAVES], now=clock.now())
        time.sleep(0.5)


class people_confirming:  # noqa: N801 - reads as what goes on meanwhile
    """Payees confirm their waiting bills, now and then."""

    def __enter__(self) -> None:
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.confirm, daemon=True)
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.thread.join()

    def confirm(self) -> None:
        while not self.done.wait(0.5):
            for bill_no in Bill.objects.filter(state=Bill.State.WAITING).values_list("bill_no", flat=True):
                confirm_bill(bill_no=bill_no, now=clock.now())
        connection.close()
