"""The provider's bill list against our payouts."""

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command

from core import clock
from core.sealing import masked
from rewards.models import Payout
from rewards.providers.comparison import Difference, Kind, OurBill, compare
from rewards.providers.interface import BillLine, Outcome
from rewards.sandbox.models import Bill
from rewards.sandbox.provider import SandboxProvider
from rewards.selectors import reconciliation
from rewards.selectors.reconciliation import reconcile_day
from rewards.services.payouts import create_payouts
from rewards.services.settling import settle_batch
from tests.factories.promises import market, payout, promise
from tests.factories.stores import NOON
from tests.rewards.banks import PAID, Clock, ScriptedBank

DAY = NOON.date()
HOUR = dt.timedelta(hours=1)


def line(outcome: Outcome = Outcome.PAID, amount_fen: int = 100, account: str = "a") -> BillLine:
    return BillLine("b1", account, amount_fen, outcome, NOON)


def kinds(theirs: list[BillLine], *ours: OurBill, must: tuple[str, ...] = ()) -> list[Kind]:
    return [found.kind for found in compare(theirs, {our.bill_no: our for our in ours}, must)]


@pytest.mark.parametrize(
    ("theirs", "ours", "expected"),
    [
        ([line()], [OurBill("b1", "a", 100, "paid")], []),
        ([line(Outcome.FAILED)], [OurBill("b1", "a", 100, "failed")], []),
        ([line(Outcome.CANCELLED)], [OurBill("b1", "a", 100, "failed")], []),
        ([line()], [], [Kind.NOT_OURS]),
        ([line(amount_fen=101)], [OurBill("b1", "a", 100, "paid")], [Kind.AMOUNT]),
        ([line(account="z")], [OurBill("b1", "a", 100, "paid")], [Kind.PAYEE]),
        ([line()], [OurBill("b1", "a", 100, "failed")], [Kind.PAID_THERE_FAILED_HERE]),
        ([line(Outcome.FAILED)], [OurBill("b1", "a", 100, "paid")], [Kind.PAID_HERE_FAILED_THERE]),
        ([line()], [OurBill("b1", "a", 100, "unknown")], [Kind.STILL_OPEN_HERE]),
        ([line(), line()], [OurBill("b1", "a", 100, "paid")], [Kind.DUPLICATE]),
        ([line()], [OurBill("b1", "a", 100, "paid", NOON, NOON)], []),
        ([line()], [OurBill("b1", "a", 100, "paid", NOON + HOUR, NOON + HOUR)], [Kind.DATE]),
        ([line()], [OurBill("b1", "a", 100, "paid", NOON - HOUR, NOON - HOUR / 2)], [Kind.DATE]),
        ([line(Outcome.FAILED)], [OurBill("b1", "a", 100, "failed", NOON - HOUR, NOON - HOUR / 2)], []),
        (
            [line(amount_fen=1, account="z")],
            [OurBill("b1", "a", 100, "unknown")],
            [Kind.AMOUNT, Kind.PAYEE, Kind.STILL_OPEN_HERE],
        ),
    ],
)
def test_each_difference_has_its_kind(theirs, ours, expected) -> None:
    assert kinds(theirs, *ours) == expected


def test_a_bill_that_we_hold_for_paid_has_to_be_in_the_list() -> None:
    assert kinds([], OurBill("b1", "a", 100, "paid"), must=("b1",)) == [Kind.MISSING_THERE]
    assert kinds([line()], OurBill("b1", "a", 100, "paid"), must=("b1",)) == []


def test_a_difference_tells_both_sides() -> None:
    assert compare([line(amount_fen=7)], {"b1": OurBill("b1", "a", 100, "paid")}, []) == [
        Difference(Kind.AMOUNT, "b1", "paid 100 …a", "paid 7 …a")
    ]


@pytest.mark.django_db
def test_a_day_of_the_wallet_and_ours_agree(monkeypatch) -> None:
    monkeypatch.setattr(reconciliation, "AT_ONCE", 2)
    tick = Clock(NOON)
    bank = SandboxProvider(tick)
    create_payouts(grants=promise(market(), 5), now=NOON)
    settle_batch(bank=bank, tick=tick)
    assert reconcile_day(bank=bank, day=DAY) == []
    assert reconcile_day(bank=bank, day=DAY + dt.timedelta(days=1)) == []


@pytest.mark.django_db
def test_a_bill_paid_there_days_before_we_learned_of_it_is_no_difference() -> None:
    one = payout()
    later = NOON + dt.timedelta(days=2)
    bank = ScriptedBank([PAID])
    settle_batch(bank=bank, tick=Clock(later))
    bank.list_of_bills = [BillLine(one.bill_no, one.payee_account, 100, Outcome.PAID, NOON + dt.timedelta(days=1))]
    assert reconcile_day(bank=bank, day=later.date()) == []


@pytest.mark.django_db
def test_a_bill_that_no_list_has_is_missing() -> None:
    one = payout()
    bank = ScriptedBank([PAID])
    settle_batch(bank=bank, tick=Clock(NOON))
    assert reconcile_day(bank=bank, day=DAY) == [
        Difference(Kind.MISSING_THERE, one.bill_no, f"paid 100 {masked(one.payee_account)}")
    ]


def test_of_accounts_a_difference_shows_the_ends_alone() -> None:
    ours = OurBill("b1", "o-MYE42l80oelYMDE34nYD456Xoy", 100, "paid")
    (found,) = compare([line(account="o-another-whole-account")], {"b1": ours}, ())
    assert (found.kind, found.ours, found.theirs) == (Kind.PAYEE, "paid 100 o-…oy", "paid 100 o-…nt")
    assert compare([line(account="")], {}, ())[0].theirs == "paid 100"


@pytest.mark.django_db
def test_another_providers_bill_of_that_number_is_not_ours() -> None:
    one = payout()
    Payout.objects.update(provider="other")
    bank = ScriptedBank([], list_of_bills=[BillLine(one.bill_no, one.payee_account, 100, Outcome.PAID, NOON)])
    assert [found.kind for found in reconcile_day(bank=bank, day=DAY)] == [Kind.NOT_OURS]


@pytest.mark.django_db
def test_the_command_says_that_all_is_well(capsys) -> None:
    call_command("reconcile", "--provider", "sandbox", "--date", "2026-03-02")
    assert capsys.readouterr().out == "no difference at sandbox on 2026-03-02\n"


@pytest.mark.django_db
def test_the_command_takes_yesterday_unless_told_otherwise(capsys) -> None:
    call_command("reconcile")
    yesterday = clock.business_day(clock.now(), "Asia/Shanghai") - dt.timedelta(days=1)
    assert f"on {yesterday}" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_command_prints_each_difference_and_exits_with_one(capsys) -> None:
    Bill.objects.create(bill_no="x", account="a", amount_fen=5, state="success", received_at=NOON, finished_at=NOON)
    with pytest.raises(CommandError, match="1 differences at sandbox on 2026-03-02") as refused:
        call_command("reconcile", "--date", "2026-03-02")
    assert refused.value.returncode == 1
    assert json.loads(capsys.readouterr().out) == {
        "kind": "not_ours",
        "bill_no": "x",
        "ours": "",
        "theirs": "paid 5 …a",
    }


def test_the_command_names_the_providers_there_are() -> None:
    with pytest.raises(CommandError, match="'nobody' is not one of sandbox") as refused:
        call_command("reconcile", "--provider", "nobody")
    assert refused.value.returncode == 2
