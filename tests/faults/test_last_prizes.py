"""The last prizes of a campaign: 5,000 claims by 32 people at once, each item claimed by who opened it."""

from collections import Counter

import pytest
from django.core.management import call_command

from rewards.models import BudgetSlot, Claim, Grant, Payout
from rewards.selectors.balances import balances_of, ledger_differences
from tests.factories.campaigns import active_order, poor_campaign
from tests.factories.promises import openings
from tests.factories.stores import NOON
from tests.faults.claiming import answers_of, claiming_process

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
CLAIMS, LEFT, PRIZE_FEN = 5_000, 100, 100
PROCESSES, PEOPLE = 4, 8
PATIENCE = 300.0


def test_five_thousand_claims_on_the_last_hundred_prizes_win_exactly_a_hundred(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("ONECODE_LIMIT_SCALE", "1000")
    order = active_order(quantity=CLAIMS)
    campaign = poor_campaign(order, budget_fen=LEFT * PRIZE_FEN)
    scans = [opening.scan_id for opening in openings(campaign, CLAIMS, NOON)]
    processes = [
        claiming_process(tmp_path, number, scans[number::PROCESSES], people=PEOPLE, now=NOON)
        for number in range(PROCESSES)
    ]
    try:
        answers = sum((answers_of(process, patience=PATIENCE) for process in processes), Counter())
    finally:
        for process in processes:
            process.kill()
    assert answers == {"promised": LEFT, "budget_exhausted": CLAIMS - LEFT}
    check_the_books(campaign)
    call_command("recount")


def check_the_books(campaign) -> None:
    """A hundred promises of a prize each, and not a fen more or less anywhere."""
    counts = Claim.objects.filter(state="promised").count(), Grant.objects.count(), Payout.objects.count()
    assert counts == (LEFT, LEFT, LEFT)
    assert set(Grant.objects.values_list("amount_fen", "state")) == {(PRIZE_FEN, "promised")}
    assert set(BudgetSlot.objects.filter(campaign=campaign).values_list("free_fen", flat=True)) == {0}
    assert balances_of(campaign) == {
        "source": -LEFT * PRIZE_FEN,
        "budget": 0,
        "reserved": 0,
        "payable": LEFT * PRIZE_FEN,
        "paid": 0,
        "returned": 0,
    }
    assert ledger_differences(campaign.brand) == []
