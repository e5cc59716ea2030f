"""Of several people who decide one transfer at the same moment one does."""

import threading

import pytest
from django.db import connection

from core.errors import Problem
from rewards.models import Posting, Transfer
from rewards.selectors.liability import paid_in
from rewards.services.budget import free_fen
from rewards.services.transfers import Wish, approve_transfer, ask_transfer
from tests.factories.campaigns import active_order, running_campaign
from tests.factories.stores import NOON

pytestmark = pytest.mark.django_db(transaction=True)
ANN, BEN = "user:ann", "user:ben"
PAY_IN, REFUND = Transfer.Direction.PAY_IN, Transfer.Direction.REFUND


def wished(campaign, direction, fen, actor=ANN):
    wish = Wish(direction=direction, amount_fen=fen, reference="B-7")
    return ask_transfer(campaign_id=campaign.pk, brand=campaign.brand, wish=wish, actor=actor, now=NOON)


def decided(service, transfer, actor=BEN, **more):
    return service(transfer_id=transfer.pk, brand=transfer.brand, actor=actor, now=NOON, **more)


def state_of(campaign):
    campaign.refresh_from_db()
    return campaign.budget_fen, paid_in(campaign), free_fen(campaign.pk)


def test_of_two_who_approve_at_once_one_posts():
    campaign = running_campaign(active_order())
    transfer = wished(campaign, PAY_IN, 500)
    results = []

    def approve(actor):
        try:
            results.append(decided(approve_transfer, transfer, actor).decided_by)
        except Problem as problem:
            results.append(problem.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=approve, args=[actor]) for actor in (BEN, "user:cas", "user:dan")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results)[:2] == ["transfer_decided"] * 2
    assert Posting.objects.filter(reason="fund", amount_fen=500).count() == 1
    assert state_of(campaign) == (10_500, 10_500, 10_500)
