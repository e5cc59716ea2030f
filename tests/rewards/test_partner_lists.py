import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oauth2_provider.models import AccessToken, Application

from core import clock
from rewards.models.campaign import LIMITS
from rewards.services.campaigns import end_campaign
from rewards.services.claims import open_claim
from stores.models import PartnerClient
from tests.factories.campaigns import ACTOR, TERMS, ConsumerFactory, active_order, draft, opened, running_campaign
from tests.factories.stores import NOON

pytestmark = pytest.mark.django_db
CASH = {"kind": "cash", "pays_fen": 0, "worth_fen": 0, "valid_days": 0, "any_store": False}


@pytest.fixture
def order():
    return active_order()


def token(brand, scope="rewards"):
    application = Application.objects.create(client_type="confidential", authorization_grant_type="client-credentials")
    PartnerClient.objects.create(
        application=application, brand=brand, name="仓库", scopes=[scope], created_at=clock.now()
    )
    made = AccessToken.objects.create(
        application=application, token=application.client_id, expires=clock.now() + dt.timedelta(hours=1), scope=scope
    )
    return {"HTTP_AUTHORIZATION": f"Bearer {made.token}"}


def test_a_partner_reads_its_brands_campaigns(client, order):
    campaign = running_campaign(order)
    running_campaign(active_order())
    (row,) = client.get("/api/v1/campaigns", **token(order.brand)).json()["results"]
    assert row == {
        "id": campaign.pk,
        "name": "开瓶有礼",
        "name_en": "Open and win",
        "state": "published",
        "remark": "",
        "terms": TERMS,
        "terms_en": "",
        "draw": "sealed",
        "organiser": "江岸酒业",
        "starts_at": campaign.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ends_at": campaign.ends_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ended_at": None,
        "units": 10,
        "budget_fen": 10_000,
        "owner_share_fen": 0,
        "salesperson_share_fen": 0,
        "referrer_share_fen": 0,
        "commitment": campaign.commitment,
        "priority": 100,
        "open_ended": False,
        **dict.fromkeys(LIMITS),
        "region_budgets": [],
        "scope": {"products": [], "batches": [], "regions": [], "dealers": [], "stores": []},
        "terms_path": f"/campaigns/{campaign.pk}/",
        "sealed_key": None,
        "prizes": [{"name": "红包", "name_en": "", "amount_fen": 100, "most_fen": None, "quantity": 10} | CASH],
    }


def test_the_key_of_an_ended_campaign_is_public(client, order):
    campaign = running_campaign(order)
    end_campaign(campaign_id=campaign.pk, brand=order.brand, actor=ACTOR, now=campaign.ends_at)
    (row,) = client.get("/api/v1/campaigns", **token(order.brand)).json()["results"]
    assert row["sealed_key"] == bytes(campaign.sealed_key).hex()


def test_a_partner_reads_its_brands_payouts(client, order):
    campaign = running_campaign(order)
    scan = opened(order, order.first_serial, ConsumerFactory(brand=order.brand))
    grant = open_claim(scan_id=scan.pk, consumer=scan.consumer, visitor="", now=NOON).envelope
    payout = grant.payouts.get()
    assert client.get("/api/v1/payouts", **token(order.brand)).json()["results"] == [
        {
            "id": str(payout.pk),
            "bill_no": payout.bill_no,
            "provider": "sandbox",
            "amount_fen": 100,
            "state": "created",
            "fault": "",
            "created_at": "2026-03-02T04:00:00Z",
            "finished_at": None,
            "payee": "consumer",
            "campaign": campaign.pk,
        }
    ]


@pytest.mark.parametrize("path", ["/api/v1/campaigns", "/api/v1/payouts"])
def test_the_lists_need_the_scope_of_rewards(client, order, path):
    assert client.get(path, **token(order.brand, "supply")).status_code == 403


def test_a_longer_list_costs_no_more_queries(client, order):
    told = token(order.brand)
    counts = []
    for _ in range(2):
        draft(order)
        with CaptureQueriesContext(connection) as queries:
            client.get("/api/v1/campaigns", **told)
        counts.append(len(queries))
    assert counts[0] == counts[1]
