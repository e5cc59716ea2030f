"""The examples of docs/money.md."""

import re
from pathlib import Path

import pytest

from rewards.models import Grant, Posting
from rewards.models.ledger import ROUTES, Reason
from rewards.refusals import BudgetExhausted
from rewards.selectors.balances import balances_of
from rewards.services import ledger
from rewards.services.campaigns import end_campaign, top_up_campaign
from rewards.services.claims import open_claim
from rewards.services.grants import release_grant
from tests.factories.campaigns import ACTOR, ConsumerFactory, active_order, opened, poor_campaign, running_campaign
from tests.factories.stores import NOON, StoreFactory

pytestmark = pytest.mark.django_db
PAGE = Path("docs/money.md").read_text()


def table(first_column: str) -> list[list[str]]:
    """The rows of the page's table whose heading begins so, cell by cell."""
    lines = PAGE.split(f"| {first_column} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def numbers(heading: str) -> list[list[int]]:
    rows = PAGE.split(f"## {heading}", 1)[1].split("| step |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[int(cell) for cell in re.findall(r"\| *(\d+) *(?=\|)", line)] for line in rows]


def shown(campaign, *kinds):
    balances = balances_of(campaign)
    return [balances[kind] for kind in kinds]


def test_the_reasons_go_the_ways_that_the_page_says():
    told = {reason: (source, target) for reason, source, target, _when in table("reason")}
    assert told == {reason.value: (source.value, target.value) for reason, (source, target) in ROUTES.items()} | {
        "correct": ("any", "any")
    }


def test_an_envelope_step_by_step():
    kinds = ("budget", "reserved", "payable", "paid", "returned")
    order = active_order()
    campaign = running_campaign(order, owner_share_fen=30)
    steps = [shown(campaign, *kinds)]
    scan = opened(order, order.first_serial, ConsumerFactory(brand=order.brand), store=StoreFactory(brand=order.brand))
    open_claim(scan_id=scan.pk, consumer=scan.consumer, visitor="", now=NOON)
    steps.append(shown(campaign, *kinds))
    consumers, owners = Grant.objects.order_by("payee")
    paid = ledger.move_of(consumers, Reason.PAY, payout_id=consumers.payouts.get().pk)
    ledger.post(moves=[paid], posted_by=ACTOR, now=NOON)
    steps.append(shown(campaign, *kinds))
    ledger.reverse(postings=list(Posting.objects.filter(grant=owners, reason="send")), posted_by=ACTOR, now=NOON)
    release_grant(grant=owners, reason="failed", posted_by=ACTOR, now=NOON)
    steps.append(shown(campaign, *kinds))
    end_campaign(campaign_id=campaign.pk, brand=order.brand, actor=ACTOR, now=campaign.ends_at)
    steps.append(shown(campaign, *kinds))
    assert steps == numbers("An envelope, step by step")


def test_the_budgets_slots():
    order = active_order()
    campaign = poor_campaign(order, budget_fen=160)
    consumer = ConsumerFactory(brand=order.brand)
    steps = [shown(campaign, "budget", "payable")]
    first, second = (opened(order, serial, consumer) for serial in (order.first_serial, order.first_serial + 1))
    open_claim(scan_id=first.pk, consumer=consumer, visitor="", now=NOON)
    steps.append(shown(campaign, "budget", "payable"))
    with pytest.raises(BudgetExhausted):
        open_claim(scan_id=second.pk, consumer=consumer, visitor="", now=NOON)
    steps.append(shown(campaign, "budget", "payable"))
    top_up_campaign(campaign_id=campaign.pk, brand=order.brand, amount_fen=40, actor=ACTOR, now=NOON)
    open_claim(scan_id=second.pk, consumer=consumer, visitor="", now=NOON)
    steps.append(shown(campaign, "budget", "payable"))
    assert steps == numbers("The budget's slots")
