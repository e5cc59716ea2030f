import pytest

from core import clock
from rewards.models import Campaign
from rewards.services.campaigns import fund_campaign
from tests.codes.api.partners import Partner
from tests.factories.campaigns import ACTOR, active_order, draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return active_order()


@pytest.fixture
def author(order):
    return Partner(order.brand, scopes=["rewards", "campaigns", "publish"])


def plan(order, **changes):
    return {
        "name": "开瓶有礼",
        "terms": "每瓶一奖",
        "organiser": "江岸酒业",
        "starts_at": "2026-01-01T00:00:00Z",
        "ends_at": "2999-01-01T00:00:00Z",
        "budget_fen": 1_000,
        "orders": [order.pk],
        "prizes": [{"name": "红包", "amount_fen": 100, "quantity": 10}],
    } | changes


def test_a_campaign_is_drafted_and_submitted_by_one_client_and_published_by_another(order, author):
    drafted = author.send("campaigns", plan(order))
    path = f"campaigns/{drafted.json()['id']}"
    assert (drafted.status_code, drafted.json()["state"]) == (201, "draft")
    assert author.send(f"{path}/submissions").json()["state"] == "review"
    assert author.send(f"{path}/publications").json()["code"] == "campaign_own_work"
    reviewer = Partner(order.brand, scopes=["publish"])
    unpaid = reviewer.send(f"{path}/publications")
    assert (unpaid.status_code, list(unpaid.json()["fields"])) == (400, ["budget_fen"])
    back = reviewer.send(f"{path}/returns", {"remark": "请付款"}).json()
    assert (back["state"], back["remark"]) == ("draft", "请付款")
    author.send(f"{path}/submissions")
    fund_campaign(campaign_id=drafted.json()["id"], brand=order.brand, actor=ACTOR, now=clock.now())
    assert reviewer.send(f"{path}/publications").json()["state"] == "running"
    assert author.read(path).json()["commitment"] == Campaign.objects.get().commitment


def test_all_faults_of_a_campaign_are_told_a_partner_at_once(order, author):
    lacking = plan(order, terms="", organiser="", prizes=[], orders=[], budget_fen=0)
    path = f"campaigns/{author.send('campaigns', lacking).json()['id']}"
    assert set(author.send(f"{path}/submissions").json()["fields"]) == {"terms", "organiser", "orders", "budget_fen"}


def test_a_draft_names_the_brands_own_orders_and_ends_after_its_start(order, author):
    foreign = author.send("campaigns", plan(order, orders=[order.pk, active_order().pk]))
    assert list(foreign.json()["fields"]) == ["orders"]
    turned = author.send("campaigns", plan(order, ends_at="2026-01-01T00:00:00Z"))
    assert list(turned.json()["fields"]) == ["ends_at"]
    assert not Campaign.objects.exists()


def test_each_step_takes_its_scope_and_the_brands_own_campaign(order, author):
    reader = Partner(order.brand, scopes=["rewards"])
    assert reader.send("campaigns", plan(order)).status_code == 403
    own, other = draft(order), draft(active_order())
    for step in ("submissions", "publications", "returns"):
        assert reader.send(f"campaigns/{own.pk}/{step}", {"remark": "x"}).status_code == 403
        assert author.send(f"campaigns/{other.pk}/{step}", {"remark": "x"}).status_code == 404
    assert author.read(f"campaigns/{other.pk}").status_code == 404


def test_a_prizes_range_goes_upwards(order, author):
    downwards = [{"name": "红包", "amount_fen": 100, "most_fen": 90, "quantity": 1}]
    told = author.send("campaigns", plan(order, draw="live", prizes=downwards))
    assert (told.status_code, Campaign.objects.count()) == (400, 0)
    assert "most_fen" in told.content.decode()
