"""What a campaign is for, and which of several runs for an opening."""

import dataclasses
import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from codes.formats.code_text import Role
from codes.services.spans import activate
from core.errors import Invalid
from core.models import AuditEntry
from rewards.models import Campaign, CampaignCondition
from rewards.refusals import CampaignNotStarted, NotInScope, NotOver
from rewards.selectors.draw_report import items_elsewhere
from rewards.selectors.dry_runs import dry_run
from rewards.selectors.offers import closed_offer_for_scan, offer_for_scan
from rewards.selectors.precedence import candidates
from rewards.selectors.scopes import Scope
from rewards.services.campaigns import PrizeRow, draft_campaign, end_campaign
from rewards.services.claims import open_claim
from rewards.services.reviewing import submit_campaign
from tests.codes.api.partners import Partner
from tests.factories.campaigns import (
    ACTOR,
    EARLIER,
    PLAN,
    ConsumerFactory,
    active_order,
    draft,
    opened,
    published,
    running_campaign,
)
from tests.factories.codes import BatchFactory, ProductFactory, make_order
from tests.factories.kept import anew
from tests.factories.stores import NOON, DealerFactory, RegionFactory, StoreFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def world():
    order = active_order()
    return order, StoreFactory(brand=order.brand, dealer=DealerFactory(brand=order.brand))


@pytest.fixture
def order(kept_world, db):
    return anew(kept_world[0], "brand", "batch__product")


@pytest.fixture
def store(kept_world, db):
    return anew(kept_world[1], "brand", "region", "dealer")


def claimed(order, number, **bound):
    """The claim of an item of the order, opened by a consumer of its own."""
    consumer = ConsumerFactory(brand=order.brand)
    scan = opened(order, order.first_serial + number, consumer, **bound)
    return open_claim(scan_id=scan.pk, consumer=consumer, visitor="", now=NOON)


def plan_over(brand, *prizes, orders=(), **plan):
    return draft_campaign(
        brand=brand,
        plan=dataclasses.replace(PLAN, **plan),
        orders=orders,
        prizes=prizes or [PrizeRow("红包", 100, 10)],
        actor=ACTOR,
        now=EARLIER,
    )


def open_ended(brand, **plan):
    live = {"draw": "live", "open_ended": True}
    return published(plan_over(brand, PrizeRow("红包", 50, 1), **live | plan))


def faults(campaign):
    with pytest.raises(Invalid) as caught:
        submit_campaign(campaign_id=campaign.pk, brand=campaign.brand, actor=ACTOR, now=EARLIER)
    return caught.value.fields


def reactivated(batch):
    """A further order of a batch, on sale."""
    order = make_order(batch=batch)
    activate(brand=order.brand, order_id=order.pk, serials=None, actor=ACTOR, now=NOON)
    return order


@pytest.mark.parametrize(
    "scope",
    [
        lambda _: Scope(regions=[RegionFactory(code="510000"), RegionFactory(code="510105")]),
        lambda store: Scope(dealers=[store.dealer]),
        lambda store: Scope(stores=[store]),
        lambda store: Scope(regions=[store.region], dealers=[store.dealer], stores=[store]),
    ],
)
def test_a_narrowed_campaign_runs_where_a_store_that_it_admits_has_surely_sold_the_item(order, store, scope):
    campaign = running_campaign(order, scope=scope(store))
    elsewhere = StoreFactory(brand=order.brand, region=RegionFactory(code="320100"))
    assert claimed(order, 0, store=store).campaign == campaign
    for number, bound in enumerate([{"store": elsewhere}, {"store": store, "confidence": 0.49}, {}], start=1):
        with pytest.raises(NotInScope):
            claimed(order, number, **bound)


def test_each_kind_of_condition_must_be_met(order, store):
    running_campaign(order, scope=Scope(regions=[store.region], dealers=[DealerFactory(brand=order.brand)]))
    with pytest.raises(NotInScope):
        claimed(order, 0, store=store)
    assert [one.unmet for one in candidates(order.first_serial, at=NOON)] == [("dealer",)]


def test_without_chosen_orders_all_orders_of_the_products_or_batches_take_part(order):
    product = order.batch.product
    later = reactivated(BatchFactory(product=product))
    make_order(batch=order.batch, roles=(Role.ITEM_OUTER,))
    make_order(batch=BatchFactory(product=ProductFactory(brand=order.brand)))
    whole = published(plan_over(order.brand, PrizeRow("红包", 100, 20), scope=Scope(products=[product])))
    assert list(whole.spans.order_by("first_position").values_list("order", flat=True)) == [order.pk, later.pk]
    batch = plan_over(
        order.brand,
        scope=Scope(products=[product], batches=[later.batch]),
        starts_at=PLAN.ends_at,
        ends_at=PLAN.ends_at + dt.timedelta(days=1),
    )
    assert published(batch).spans.get().order == later
    assert [(one.kind, str(one)) for one in batch.conditions.all()] == [("batch", later.batch.lot)]


def test_an_open_ended_campaign_takes_what_is_ordered_after_its_publication(order):
    product = order.batch.product
    campaign = open_ended(order.brand, scope=Scope(products=[product]))
    fresh = reactivated(BatchFactory(product=product))
    claim = claimed(fresh, 0)
    assert (claim.campaign, claim.envelope.amount_fen, campaign.units) == (campaign, 50, 0)
    of_batch = open_ended(
        order.brand,
        scope=Scope(batches=[fresh.batch]),
        starts_at=PLAN.ends_at,
        ends_at=PLAN.ends_at + dt.timedelta(days=1),
    )
    assert closed_offer_for_scan(serial=fresh.first_serial, now=NOON).at == of_batch.starts_at
    with pytest.raises(NotOver):
        end_campaign(campaign_id=campaign.pk, brand=order.brand, actor=ACTOR, now=NOON)
    with pytest.raises(IntegrityError, match="prizes left"), transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(state="ended", ended_at=NOON)


def test_of_several_campaigns_the_highest_that_admits_the_opening_runs_and_of_equals_the_first(order, store):
    base = running_campaign(order, priority=50)
    local = running_campaign(order, priority=60, name="本地", scope=Scope(stores=[store]))
    coming = running_campaign(order, starts_at=NOON + dt.timedelta(days=1), name="明日", priority=70)
    assert [claimed(order, 0, store=store).campaign, claimed(order, 1).campaign] == [local, base]
    assert [items_elsewhere(one) for one in (base, local)] == [1, 1]
    assert [(one.id, one.standing) for one in candidates(order.first_serial, at=NOON)] == [
        (coming.pk, "coming"),
        (local.pk, "runs"),
        (base.pk, "behind"),
    ]
    told = candidates(order.first_serial + 1, at=PLAN.ends_at)
    assert [one.standing for one in told] == ["over"] * 3
    second = running_campaign(order, priority=60, name="又一", scope=Scope(regions=[store.region]))
    assert (claimed(order, 2, store=store).campaign, second.state) == (local, "published")


def test_staff_see_why_an_opening_got_its_campaign(client, order, store):
    running_campaign(order, priority=50, name="全国")
    running_campaign(order, priority=60, name="别处", scope=Scope(dealers=[DealerFactory(brand=order.brand)]))
    claim = claimed(order, 0, store=store)
    client.force_login(UserFactory(brand=order.brand, is_superuser=True))
    page = client.get(reverse("admin:rewards_claim_change", args=[claim.pk]), headers={"accept-language": "en"})
    text = page.content.decode()
    assert "别处 (60): the store belongs to none of its dealers" in text
    assert "全国 (50): it ran for this opening" in text


def test_an_opening_without_a_campaign_is_told_so_to_staff(client, order):
    with pytest.raises(Exception, match="No red-envelope campaign"):
        claimed(order, 0)
    client.force_login(UserFactory(brand=order.brand, is_superuser=True))
    page = client.get(reverse("admin:rewards_claim_change", args=[order.first_serial]))
    assert "No campaign has this item." in page.content.decode() or "没有活动" in page.content.decode()


def test_before_the_opening_an_offer_says_that_it_is_for_certain_stores(order, store):
    running_campaign(order, scope=Scope(stores=[store]))
    asked = {"brand_id": order.brand_id, "serial": order.first_serial, "now": NOON}
    assert offer_for_scan(**asked).narrowed
    opened(order, order.first_serial, ConsumerFactory(brand=order.brand), store=store)
    assert not offer_for_scan(**asked).narrowed
    opened(order, order.first_serial + 1, ConsumerFactory(brand=order.brand))
    assert offer_for_scan(**asked | {"serial": order.first_serial + 1}) is None
    assert closed_offer_for_scan(serial=order.first_serial + 1, now=NOON) is None


def test_what_is_coming_for_an_item_is_told_rather_than_what_is_over(order):
    running_campaign(order, starts_at=NOON + dt.timedelta(days=1))
    with pytest.raises(CampaignNotStarted):
        claimed(order, 0)


def test_conditions_are_sealed_with_the_publication(order, store):
    campaign = running_campaign(order, scope=Scope(stores=[store]), priority=40)
    with pytest.raises(IntegrityError, match="sealed"), transaction.atomic():
        CampaignCondition.objects.filter(campaign=campaign).delete()
    for worse in ({"priority": 41}, {"open_ended": True}, {"narrowed_by": []}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Campaign.objects.filter(pk=campaign.pk).update(**worse)


def test_what_contradicts_itself_is_told_with_its_remedy(order, store):
    other = active_order()
    far = StoreFactory(brand=other.brand, dealer=None, region=RegionFactory(code="320100"))
    scope = Scope(
        products=[other.batch.product],
        batches=[order.batch],
        regions=[store.region],
        dealers=[DealerFactory(brand=order.brand), DealerFactory(brand=other.brand)],
        stores=[store, far],
    )
    found = faults(draft(order, scope=scope, open_ended=True))
    assert found["open_ended"] == [
        "A sealed draw has exactly one prize for each item. Make it live, or not open-ended.",
        "An open-ended campaign takes all orders of its products. Take the chosen orders out.",
    ]
    assert len(found["products"]) == len(found["dealers"]) == 1
    assert found["batches"] == [f"Batch {order.batch} is not of a chosen product. Take it out, or choose its product."]
    assert found["stores"] == [
        f"“{store}” belongs to none of the chosen dealers. Take it out.",
        f"“{far}” belongs to another brand. Take it out.",
        f"“{far}” lies in none of the chosen regions. Take it out.",
        f"“{far}” belongs to none of the chosen dealers. Take it out.",
    ]


def test_orders_that_were_not_meant_and_nothing_meant_are_told(order):
    other = ProductFactory(brand=order.brand)
    assert faults(draft(order, scope=Scope(products=[other])))["orders"] == [
        f"Order {order.pk} is not of the chosen products or batches. Take it out."
    ]
    assert faults(plan_over(order.brand, scope=Scope(products=[other])))["orders"] == [
        "The chosen products and batches have no order of items with an inner mark. Order codes first."
    ]
    nothing = plan_over(order.brand, draw="live", open_ended=True)
    assert faults(nothing)["open_ended"] == ["An open-ended campaign needs products or batches. Choose at least one."]


def test_a_campaign_that_another_would_always_go_before_is_not_published(order):
    scope = Scope(products=[order.batch.product])
    wide = open_ended(order.brand, scope=scope, name="长期")
    text = "goes before this one"
    assert text in faults(draft(order))["orders"][0]
    assert text in faults(plan_over(order.brand, draw="live", open_ended=True, scope=scope))["priority"][0]
    assert wide.state == "published"


def test_consumers_read_what_a_campaign_is_for(client, order, store):
    region = RegionFactory(code="510000")
    scope = Scope(batches=[order.batch], regions=[region], dealers=[store.dealer], stores=[store])
    narrow = running_campaign(order, scope=scope, priority=50)
    page = client.get(f"/campaigns/{narrow.pk}/", headers={"accept-language": "en"}).content.decode()
    for text in (order.batch.lot, "四川省", store.dealer.name, store.name, "this one has 50 of 100"):
        assert text in page
    product = order.batch.product
    wide = open_ended(order.brand, scope=Scope(products=[product]), priority=40)
    page = client.get(f"/campaigns/{wide.pk}/", headers={"accept-language": "en"}).content.decode()
    assert ("all of the products below" in page, product.name in page) == (True, True)


def test_a_dry_run_looks_at_the_openings_that_the_conditions_admit(order, store):
    days = {"since": NOON.date(), "until": NOON.date()}
    for number, bound in enumerate([store, None]):
        opened(order, order.first_serial + number, ConsumerFactory(brand=order.brand), store=bound)
    for scope, openings in [
        (Scope(products=[order.batch.product]), 2),
        (Scope(batches=[order.batch], regions=[RegionFactory(code="510100")]), 1),
        (Scope(products=[order.batch.product], dealers=[store.dealer], stores=[store]), 1),
    ]:
        assert dry_run(plan_over(order.brand, scope=scope), **days).openings == openings


def test_partners_name_what_a_campaign_is_for_by_numbers(order, store):
    partner = Partner(order.brand, scopes=["rewards", "campaigns"])
    gtin = order.batch.product.gtin
    named = {
        "products": [gtin],
        "batches": [{"gtin": gtin, "lot": order.batch.lot}],
        "regions": ["510000"],
        "dealers": [store.dealer.number],
        "stores": [store.number],
    }
    post = {
        "name": "开瓶有礼",
        "starts_at": "2026-01-01T00:00:00Z",
        "ends_at": "2999-01-01T00:00:00Z",
        "terms": "每瓶一奖",
        "organiser": "江岸酒业",
        "budget_fen": 1_000,
        "prizes": [{"name": "红包", "amount_fen": 100, "quantity": 10}],
    }
    drafted = partner.send("campaigns", post | named | {"priority": 7})
    assert (drafted.status_code, drafted.json()["scope"], drafted.json()["priority"]) == (201, named, 7)
    campaign = Campaign.objects.get()
    assert AuditEntry.objects.get(object_kind="campaign").after["scope"]["stores"] == [store.pk]
    published(campaign)
    sealed = partner.read(f"campaigns/{campaign.pk}").json()["scope"]
    assert sealed == named | {"products": []}
    for kind, wrong in {
        "products": ["06900000000000"],
        "batches": [{"gtin": gtin, "lot": "?"}],
        "regions": ["999999"],
        "dealers": ["?"],
        "stores": ["?"],
    }.items():
        assert list(partner.send("campaigns", post | {kind: wrong}).json()["fields"]) == [kind]
