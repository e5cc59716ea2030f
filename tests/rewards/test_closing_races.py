"""Nothing is lost between a day that is being closed and the postings that come in meanwhile."""

import threading

import pytest
from django.db import connection, transaction

from rewards.models import Closing, Posting
from rewards.selectors.books import read_day
from rewards.selectors.closings import differences
from rewards.services import closing as service
from tests.factories.campaigns import active_order, running_campaign
from tests.factories.stores import NOON
from tests.locks import held_elsewhere, wait_for_a_lock
from tests.rewards.days import DAY, ONE, closed, topped_up

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign():
    return running_campaign(active_order())


def days():
    return list(Posting.objects.order_by("pk").values_list("day", flat=True))


def test_nobody_waits_while_a_day_is_read_and_what_comes_in_then_is_not_missed(campaign, monkeypatch):
    readings = []

    def post():
        topped_up(campaign, 5, NOON)
        connection.close()

    def read_and_post(brand_id, day):
        readings.append(read_day(brand_id, day))
        if len(readings) == 1:
            thread = threading.Thread(target=post)
            thread.start()
            thread.join()
        return readings[-1]

    monkeypatch.setattr(service, "read_day", read_and_post)
    assert (closed(campaign.brand).postings, len(readings)) == (2, 2)
    assert (closed(campaign.brand, DAY + ONE, NOON + 2 * ONE).postings, len(readings)) == (0, 3)
    assert list(differences()) == []


def test_a_closing_waits_for_the_postings_under_way(campaign):
    def posting():
        return uncommitted(campaign)

    results = []

    def close():
        results.append(closed(campaign.brand).postings)
        connection.close()

    thread = threading.Thread(target=close)
    with held_elsewhere(posting):
        thread.start()
        wait_for_a_lock()
        assert not Closing.objects.exists()
    thread.join()
    assert results == [2]
    assert list(differences()) == []


def uncommitted(campaign):
    """A transaction with a posting in it."""
    block = transaction.atomic()

    class Block:
        def __enter__(self):
            block.__enter__()
            topped_up(campaign, 5, NOON)

        def __exit__(self, *told):
            block.__exit__(*told)

    return Block()


def test_who_posts_while_a_day_is_being_closed_posts_to_the_open_day(campaign):
    class Closed:
        def __init__(self):
            self.block = transaction.atomic()

        def __enter__(self):
            self.block.__enter__()
            closed(campaign.brand)

        def __exit__(self, *told):
            self.block.__exit__(*told)

    def post():
        topped_up(campaign, 5, NOON)
        connection.close()

    thread = threading.Thread(target=post)
    with held_elsewhere(Closed):
        thread.start()
        wait_for_a_lock()
    thread.join()
    assert days() == [DAY, DAY + ONE]
    assert list(differences()) == []
