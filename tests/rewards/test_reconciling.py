"""Runs are kept, differences are worked off once, and nobody sees another brand's."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.urls import reverse

from core.errors import Invalid, NotFound
from core.models import AuditEntry
from rewards import tasks
from rewards.models import AskedComparison, BillDifference, DifferenceRemark, Reconciliation
from rewards.providers.comparison import Kind
from rewards.providers.interface import BillLine, Outcome
from rewards.refusals import WorkedOff
from rewards.sandbox.models import Bill
from rewards.services.comparing import LEASE, ask_for_comparison, compare_asked, finish, take
from rewards.services.reconciling import remark_difference, run_reconciliation
from rewards.services.settling import settle_batch
from tests.factories.promises import payout
from tests.factories.stores import NOON, BrandFactory, UserFactory
from tests.rewards.banks import PAID, Clock, ScriptedBank

pytestmark = pytest.mark.django_db
DAY = NOON.date()
ENGLISH = {"accept-language": "en"}
RUNS = reverse("admin:rewards_reconciliation_changelist")
WORK = reverse("admin:rewards_billdifference_changelist")


@pytest.fixture
def one():
    """A payout that we hold for paid; the bank's list names another amount, and a bill that we never made."""
    one = payout()
    settle_batch(bank=ScriptedBank([PAID]), tick=Clock(NOON))
    return one


def bank_for(one):
    lines = [(one.bill_no, one.payee_account, 99), ("theirs", "x", 5)]
    return ScriptedBank([], list_of_bills=[BillLine(*line, Outcome.PAID, NOON) for line in lines])


def ran(one):
    return run_reconciliation(bank=bank_for(one), day=DAY, actor="user:fin", now=NOON)


def remarked(difference, brand, text="seen", outcome="", actor="user:fin"):
    return remark_difference(
        difference_id=difference.pk, brand=brand, text=text, outcome=outcome, actor=actor, now=NOON
    )


def signed_in(client, **account):
    client.force_login(UserFactory(**account))
    return client


def test_a_run_is_kept_with_each_difference_and_audited(one):
    run = ran(one).kept
    assert (run.lines, run.found, run.ran_by) == (2, 2, "user:fin")
    found = set(BillDifference.objects.values_list("kind", "bill_no", "brand", "payout", "run"))
    assert found == {
        (Kind.AMOUNT, one.bill_no, one.brand_id, one.pk, run.pk),
        (Kind.NOT_OURS, "theirs", None, None, run.pk),
    }
    assert AuditEntry.objects.get(action="reconciliation.ran").after["found"] == 2


def test_a_difference_that_is_known_is_not_listed_twice(one):
    first, second = ran(one).kept, ran(one).kept
    assert (first.found, second.found, BillDifference.objects.count()) == (2, 2, 2)
    assert set(BillDifference.objects.values_list("run", flat=True)) == {first.pk}


def test_remarks_are_kept_until_an_outcome_works_the_difference_off(one):
    ran(one)
    difference = BillDifference.objects.get(payout=one)
    remarked(difference, one.brand, "asked the bank")
    remarked(difference, one.brand, "their fault", "settled_there")
    with pytest.raises(WorkedOff):
        remarked(difference, one.brand)
    told = list(AuditEntry.objects.filter(object_kind="billdifference").values_list("action", "brand_slug"))
    assert told == [("difference.remarked", one.brand.slug), ("difference.worked_off", one.brand.slug)]


def test_a_remark_says_something_about_an_own_difference(one):
    ran(one)
    difference = BillDifference.objects.get(payout=one)
    with pytest.raises(Invalid):
        remarked(difference, one.brand, "  ")
    with pytest.raises(NotFound):
        remarked(difference, BrandFactory())
    assert remarked(BillDifference.objects.get(bill_no="theirs"), None, "whose?").pk


@pytest.mark.parametrize("model", [Reconciliation, BillDifference, DifferenceRemark])
def test_runs_differences_and_remarks_are_for_good(one, model):
    ran(one)
    remarked(BillDifference.objects.get(payout=one), one.brand)
    for deed in ("DELETE FROM {}", "UPDATE {} SET id = id"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(deed.format(model._meta.db_table))


def test_the_command_keeps_its_run(capsys):
    Bill.objects.create(bill_no="x", account="a", amount_fen=5, state="success", received_at=NOON, finished_at=NOON)
    with pytest.raises(CommandError):
        call_command("reconcile", "--date", DAY.isoformat())
    run = Reconciliation.objects.get()
    assert (run.ran_by, run.day, run.found) == ("system:reconcile", DAY, 1)
    assert capsys.readouterr().out


def test_beat_compares_yesterday_once_and_again_where_the_list_could_not_be_had(monkeypatch):
    banks = iter([Broken([]), ScriptedBank([]), ScriptedBank([])])
    monkeypatch.setattr(tasks.reconcile, "provider", lambda _name: next(banks))
    monkeypatch.setattr(tasks.reconcile.clock, "now", lambda: NOON + dt.timedelta(days=1))
    kept = []
    for _turn in range(3):
        tasks.reconcile_yesterday()
        kept.append(list(Reconciliation.objects.values_list("day", flat=True)))
    assert kept == [[], [DAY], [DAY]]


class Broken(ScriptedBank):
    """Has no list today."""

    def bills(self, day):
        raise OSError(f"no list of {day}")


def test_finance_compares_a_day_and_works_its_differences_off(client, one):
    Bill.objects.all().delete()
    signed_in(client, brand=one.brand, is_superuser=True)
    compare = reverse("admin:rewards_reconciliation_compare")
    assert client.get(compare, headers=ENGLISH).status_code == 200
    assert client.post(compare, {"provider": "sandbox", "day": "2999-01-01"}).context["form"].errors["day"]
    for _twice in range(2):
        asked = client.post(compare, {"provider": "sandbox", "day": DAY}, follow=True, headers=ENGLISH)
    assert ("waiting for a worker" in asked.content.decode(), asked.headers["Refresh"]) == (True, "3")
    assert not Reconciliation.objects.exists()
    tasks.compare_asked()
    page = client.get(reverse("admin:rewards_askedcomparison_changelist"), headers=ENGLISH)
    assert ("differences: 1" in page.content.decode(), "Refresh" in page.headers) == (True, False)
    difference = BillDifference.objects.get()
    assert difference.kind == Kind.MISSING_THERE
    data = {"action": "write_remark", "_selected_action": [difference.pk], "confirmed": "yes", "text": "lost"}
    page = client.post(WORK, data | {"outcome": "loss"}, follow=True, headers=ENGLISH).content.decode()
    assert "accepted as a loss" in page
    counts = [client.get(WORK, {"work": work}).context["cl"].result_count for work in ("open", "done", "")]
    assert counts == [0, 1, 1]
    page = client.get(reverse("admin:rewards_billdifference_change", args=[difference.pk])).content.decode()
    assert "lost" in page


def test_a_day_that_cannot_be_compared_says_so_and_stops_no_other(monkeypatch):
    monkeypatch.setattr(
        "rewards.services.comparing.provider", lambda name: Broken([]) if name == "b" else ScriptedBank([])
    )
    for name in ("b", "sandbox"):
        ask_for_comparison(provider_name=name, day=DAY, actor="user:fin", now=NOON)
    assert compare_asked(tick=lambda: NOON) == 2
    ends = AskedComparison.objects.order_by("pk").values_list("state", "fault", "run__ran_by", "finished_at")
    assert list(ends) == [("failed", "OSError", None, NOON), ("done", "", "user:fin", NOON)]


def test_a_day_whose_worker_died_is_taken_again_and_the_late_word_of_the_first_changes_nothing():
    ask_for_comparison(provider_name="sandbox", day=DAY, actor="user:fin", now=NOON)
    first = take(now=NOON)
    assert take(now=NOON + LEASE) is None
    later = NOON + LEASE + dt.timedelta(seconds=1)
    assert take(now=later).taken_at == later
    finish(first, state="failed", fault="late", now=later)
    assert AskedComparison.objects.get().state == "running"


def test_a_day_is_taken_again_where_the_database_went_away(monkeypatch):
    def away(**_):
        raise OperationalError

    monkeypatch.setattr("rewards.services.comparing.run_reconciliation", away)
    ask_for_comparison(provider_name="sandbox", day=DAY, actor="user:fin", now=NOON)
    with pytest.raises(OperationalError):
        compare_asked(tick=lambda: NOON)
    assert AskedComparison.objects.get().state == "running"


def test_each_brand_sees_its_own_differences_alone(client, one):
    ran(one)
    shown = {}
    accounts = {
        "own": {"brand": one.brand, "is_superuser": True},
        "other": {"brand": BrandFactory(), "is_superuser": True},
        "platform": {"platform": True},
    }
    for name, account in accounts.items():
        signed_in(client, **account)
        open_counts = [run.open_count for run in client.get(RUNS).context["cl"].result_list]
        shown[name] = (open_counts, client.get(WORK).context["cl"].result_count)
    assert shown == {"own": ([1], 1), "other": ([0], 0), "platform": ([2], 2)}
