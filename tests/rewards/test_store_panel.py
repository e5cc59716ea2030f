import pytest
from django.template.loader import render_to_string

from rewards.dashboard.panels import store_rewards
from rewards.services.claims import open_claim
from tests.factories.campaigns import ConsumerFactory, active_order, opened, running_campaign
from tests.factories.stores import NOON, StoreFactory

pytestmark = pytest.mark.django_db


def test_the_store_page_shows_envelopes_and_the_owners_share(rf, django_assert_num_queries):
    order = active_order()
    store = StoreFactory(brand=order.brand)
    running_campaign(order, owner_share_fen=30)
    scan = opened(order, order.first_serial, ConsumerFactory(brand=order.brand), store=store)
    open_claim(scan_id=scan.pk, consumer=scan.consumer, visitor="", now=NOON)
    with django_assert_num_queries(2):
        panel = store_rewards(rf.get("/"), store)
    page = render_to_string(panel.template, panel.context)
    assert [amount in page for amount in ("¥1.00", "¥0.30", "¥0.00")] == [True, True, True]
