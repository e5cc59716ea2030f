import pytest

from rewards.models import Grant, Posting
from rewards.selectors.figures import RewardFigures
from rewards.services import ledger
from rewards.services.claims import open_claim
from rewards.services.grants import release_grant
from stores.figures import DayKey, Figures
from tests.factories.campaigns import ACTOR, ConsumerFactory, active_order, opened, running_campaign
from tests.factories.stores import NOON, StoreFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def key():
    """A store's day with two openings of 100 fen and 30 fen for its owner; one envelope was released."""
    order = active_order()
    store = StoreFactory(brand=order.brand)
    running_campaign(order, owner_share_fen=30)
    consumer = ConsumerFactory(brand=order.brand)
    for serial in (order.first_serial, order.first_serial + 1):
        scan = opened(order, serial, consumer, store=store)
        open_claim(scan_id=scan.pk, consumer=consumer, visitor="", now=NOON)
    grant = Grant.objects.filter(payee="consumer").first()
    ledger.reverse(postings=list(Posting.objects.filter(grant=grant, reason="send")), posted_by=ACTOR, now=NOON)
    release_grant(grant=grant, reason="failed", posted_by=ACTOR, now=NOON)
    return DayKey(store.pk, NOON.date())


def test_a_days_rewards_are_its_grants_but_for_released_ones(key):
    assert RewardFigures().of_days([key]) == {key: Figures(reward_fen=160)}


def test_the_ledger_counts_the_same(key):
    brand_id = Grant.objects.first().brand_id
    assert list(RewardFigures().of_brand(brand_id)) == [(key, Figures(reward_fen=160))]


def test_a_day_without_rewards_is_left_out(key):
    assert RewardFigures().of_days([DayKey(key.store_id, key.day.replace(day=1))]) == {}
