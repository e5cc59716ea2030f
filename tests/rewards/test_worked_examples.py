"""The examples of docs/money.md."""

import dataclasses
import datetime as dt
import re
from pathlib import Path

import pytest

from consumers.sharing import share_text
from core.errors import Invalid
from rewards.models import Account, Closing, Grant, Posting
from rewards.models.ledger import ROUTES, AccountKind, Reason
from rewards.providers.comparison import Kind
from rewards.refusals import BudgetExhausted
from rewards.selectors.balances import balances_of, money_in
from rewards.services import ledger
from rewards.services.campaigns import end_campaign, top_up_campaign
from rewards.services.claims import open_claim
from rewards.services.closing import close_day
from rewards.services.grants import release_grant
from rewards.services.lapsing import GRACE, release_lapsed, release_locked
from rewards.services.redeeming import Counter, redeem_voucher
from rewards.services.settling import settle_batch
from rewards.services.transfers import Direction, Wish, approve_transfer, ask_transfer
from tests.factories.campaigns import (
    ACTOR,
    ConsumerFactory,
    active_order,
    draft,
    opened,
    poor_campaign,
    running_campaign,
)
from tests.factories.stores import NOON, StoreFactory, StoreOwnerFactory
from tests.factories.vouchers import BOTTLE, winning_order, won
from tests.rewards.banks import PAID, Clock, ScriptedBank

pytestmark = pytest.mark.django_db
PAGE = Path("docs/money.md").read_text()


def table(first_column: str) -> list[list[str]]:
    """The rows of the page's table whose heading begins so, cell by cell."""
    lines = PAGE.split(f"| {first_column} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def numbers(heading: str, table_number: int = 1) -> list[list[int]]:
    rows = (
        PAGE.split(f"## {heading}", 1)[1]
        .split("\n## ", 1)[0]
        .split("| step |")[table_number]
        .split("\n\n", 1)[0]
        .splitlines()[2:]
    )
    return [[int(cell) for cell in re.findall(r"\| *(\d+) *(?=\|)", line)] for line in rows]


def shown(campaign, *kinds):
    balances = balances_of(campaign)
    return [balances[kind] for kind in kinds]


def test_a_voucher_step_by_step():
    order, store = winning_order(dataclasses.replace(BOTTLE, any_store=True), owner_share_fen=30)
    voucher = won(order, store).voucher
    campaign = order.campaigns.get()
    kinds = ("budget", "reserved", "payable", "paid", "returned")
    seen = [shown(campaign, *kinds)]
    other = StoreFactory(brand=order.brand)
    redeem_voucher(counter=Counter(other, ACTOR), code=voucher.code, now=NOON)
    seen.append(shown(campaign, *kinds))
    settle_batch(bank=ScriptedBank([PAID, PAID]), tick=Clock(NOON))
    seen.append(shown(campaign, *kinds))
    won(order, store, number=1)
    seen.append(shown(campaign, *kinds))
    assert release_locked(now=NOON + dt.timedelta(days=30) + GRACE) == 1
    seen.append(shown(campaign, *kinds))
    assert seen == numbers("A voucher, step by step")


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


def test_an_opening_pays_everybody_whom_the_campaign_names():
    order = active_order()
    campaign = running_campaign(order, owner_share_fen=30, salesperson_share_fen=7, referrer_share_fen=5)
    friend, opener = (ConsumerFactory(brand=order.brand) for _ in range(2))
    store = StoreFactory(brand=order.brand)
    scan = opened(order, order.first_serial, opener, store=store, via=share_text(friend))
    open_claim(scan_id=scan.pk, consumer=opener, visitor="", now=NOON)
    steps = [shown(campaign, "budget", "reserved", "payable", "paid", "returned")]
    assert steps == numbers("An envelope, step by step", table_number=2)


def test_a_promise_lapses():
    kinds = ("budget", "reserved", "payable", "paid", "returned")
    order = active_order()
    campaign = running_campaign(order, owner_share_fen=30)
    store = StoreFactory(brand=order.brand, owner=StoreOwnerFactory(brand=order.brand, wallet=""))
    scan = opened(order, order.first_serial, ConsumerFactory(brand=order.brand), store=store)
    open_claim(scan_id=scan.pk, consumer=scan.consumer, visitor="", now=NOON)
    grant = Grant.objects.get(payee="consumer")
    paid = ledger.move_of(grant, Reason.PAY, payout_id=grant.payouts.get().pk)
    ledger.post(moves=[paid], posted_by=ACTOR, now=NOON)
    steps = [shown(campaign, *kinds)]
    release_lapsed(now=NOON + dt.timedelta(days=180))
    steps.append(shown(campaign, *kinds))
    assert steps == numbers("An envelope, step by step", table_number=3)


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


def moved(campaign, direction, fen):
    wish = Wish(direction=direction, amount_fen=fen)
    asked = ask_transfer(campaign_id=campaign.pk, brand=campaign.brand, wish=wish, actor="user:a", now=NOON)
    return lambda: approve_transfer(transfer_id=asked.pk, brand=campaign.brand, actor="user:b", now=NOON)


def test_four_eyes():
    campaign = draft(active_order())

    def seen():
        balances = balances_of(campaign)
        return [balances.get(AccountKind.BUDGET, 0), balances.get(AccountKind.RETURNED, 0), money_in(balances)]

    approve = moved(campaign, Direction.PAY_IN, 10_000)
    steps = [seen()]
    approve()
    steps.append(seen())
    moved(campaign, Direction.REFUND, 4_000)()
    steps.append(seen())
    with pytest.raises(Invalid):
        moved(campaign, Direction.REFUND, 6_001)
    steps.append(seen())
    moved(campaign, Direction.PAY_IN, 4_000)()
    steps.append(seen())
    assert steps == numbers("Four eyes")


def test_the_days_closing():
    order, one = active_order(), dt.timedelta(days=1)
    campaign = running_campaign(order)
    close_day(brand=order.brand, day=NOON.date(), actor=ACTOR, now=NOON + one)
    consumer = ConsumerFactory(brand=order.brand)
    scan = opened(order, order.first_serial, consumer)
    open_claim(scan_id=scan.pk, consumer=consumer, visitor="", now=NOON + one)
    top_up_campaign(campaign_id=campaign.pk, brand=order.brand, amount_fen=500, actor=ACTOR, now=NOON)
    close_day(brand=order.brand, day=NOON.date() + one, actor=ACTOR, now=NOON + 2 * one)
    budget, payable = (str(Account.id_of(campaign.pk, kind)) for kind in (AccountKind.BUDGET, AccountKind.PAYABLE))
    rows = [
        [closing.balances.get(budget, 0), closing.balances.get(payable, 0), closing.postings]
        for closing in Closing.objects.order_by("day")
    ]
    assert [[day, *row] for day, row in enumerate(rows, start=1)] == days_of("The day's closing")


def days_of(heading: str) -> list[list[int]]:
    """The whole numbers of each row, the first column's too."""
    rows = PAGE.split(f"## {heading}", 1)[1].split("| day |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [
        [int(cell) for cell in re.findall(r"(?<=\|) *(\d+) *(?=\|)", line)] for line in rows if line.startswith("|")
    ]


def test_the_kinds_of_differences_are_those_of_the_page():
    assert {kind for kind, _meaning in table("kind")} == set(Kind)
