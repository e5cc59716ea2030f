"""The tasks: the bell is answered first, runs are short, and work that is left has another run started."""

import datetime as dt

import pytest

from core import bell, clock
from core.valkey import valkey
from rewards.models import Payout
from rewards.services import settling
from rewards.services.payouts import create_payouts
from rewards.tasks import create_waiting_payouts, settle, settle_due
from tests.factories.promises import Payee, market, promise
from tests.factories.stores import StoreOwnerFactory

pytestmark = pytest.mark.django_db


def test_all_that_is_due_is_settled_in_one_run(monkeypatch) -> None:
    monkeypatch.setattr(settling, "BATCH", 2)
    create_payouts(grants=promise(market(), 5), now=clock.now())
    settle_due()
    assert set(Payout.objects.values_list("state", flat=True)) == {"paid"}


def test_the_bell_is_down_before_the_rows_are_read() -> None:
    valkey().set(f"bell:{settle_due.name}", 1)
    settle_due()
    assert valkey().get(f"bell:{settle_due.name}") is None


def test_a_run_that_ends_before_the_work_starts_another(monkeypatch) -> None:
    rung = []
    monkeypatch.setattr(bell, "ring", lambda task: rung.append(task.name))
    monkeypatch.setattr(settle, "RUN", dt.timedelta(0))
    create_payouts(grants=promise(market(), 101), now=clock.now())
    settle_due()
    assert rung == ["rewards.tasks.settle_due"]
    assert Payout.objects.filter(state="paid").count() == 100


def test_owners_who_gave_an_account_since_get_their_bills() -> None:
    campaign = market()
    owner = StoreOwnerFactory(brand=campaign.brand, wallet="w")
    promise(campaign, payee=Payee(owner=owner))
    create_waiting_payouts()
    assert Payout.objects.count() == 1


def test_a_provider_with_a_long_queue_keeps_no_other_waiting(monkeypatch) -> None:
    """The second name stands for another provider: it has its batch though the first one has used up the time."""
    monkeypatch.setattr(settle, "provider_names", lambda: ["sandbox", "sandbox"])
    monkeypatch.setattr(settle, "RUN", dt.timedelta(0))
    create_payouts(grants=promise(market(), 201), now=clock.now())
    settle_due()
    assert Payout.objects.filter(state="paid").count() == 200
