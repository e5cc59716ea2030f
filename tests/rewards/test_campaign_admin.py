import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEntry
from rewards.models import Campaign
from rewards.selectors.scopes import Scope, chosen_scope
from rewards.services.campaigns import PrizeRow, begin_campaign, end_campaign, fund_campaign
from rewards.services.claims import open_claim
from rewards.services.reviewing import publish_campaign
from tests.factories.campaigns import (
    EARLIER,
    ConsumerFactory,
    active_order,
    draft,
    opened,
    published,
    running_campaign,
    submitted,
    under_review,
)
from tests.factories.kept import anew
from tests.factories.stores import NOON, StoreFactory, UserFactory

pytestmark = pytest.mark.django_db
FAR = dt.datetime(2999, 1, 1, tzinfo=dt.UTC)
ENGLISH = {"accept-language": "en"}


def world():
    """An order, and two people of its brand."""
    order = active_order()
    return order, *(UserFactory(brand=order.brand, is_superuser=True) for _ in range(2))


@pytest.fixture
def order(kept_world, db):
    return anew(kept_world[0], "brand", "batch__product")


@pytest.fixture
def reviewer(kept_world, db):
    return anew(kept_world[1], "brand")


@pytest.fixture
def staff(client, kept_world, db):
    client.force_login(anew(kept_world[2], "brand"))
    return client


def address(campaign, step="change"):
    if step == "change":
        return reverse("admin:rewards_campaign_change", args=[campaign.pk])
    return reverse(f"admin:rewards_campaign_{step}", args=[campaign.pk])


def notices(response):
    return [str(message) for message in response.context["messages"]]


def form(order, **changes):
    return {
        "name": "开瓶有礼",
        "name_en": "",
        "terms": "每瓶一奖",
        "organiser": "酒业",
        "draw": "sealed",
        "starts_at_0": "2026-03-01",
        "starts_at_1": "00:00:00",
        "ends_at_0": "2999-01-01",
        "ends_at_1": "00:00:00",
        "budget_fen": "1000",
        "owner_share_fen": "0",
        "salesperson_share_fen": "0",
        "referrer_share_fen": "0",
        "priority": "100",
        "orders": [order.pk],
        "region_budgets-TOTAL_FORMS": "0",
        "region_budgets-INITIAL_FORMS": "0",
        "prizes-TOTAL_FORMS": "1",
        "prizes-INITIAL_FORMS": "0",
        "prizes-0-rank": "1",
        "prizes-0-name": "红包",
        "prizes-0-name_en": "",
        "prizes-0-kind": "cash",
        "prizes-0-amount_fen": "100",
        "prizes-0-pays_fen": "0",
        "prizes-0-worth_fen": "0",
        "prizes-0-valid_days": "0",
        "prizes-0-quantity": "10",
    } | changes


def test_a_campaign_is_drafted_with_its_prizes_and_a_key(staff, order):
    response = staff.post(reverse("admin:rewards_campaign_add"), form(order))
    assert response.status_code == 302, response.context["errors"]
    campaign = Campaign.objects.get()
    assert (campaign.brand, campaign.state, len(campaign.sealed_key)) == (order.brand, "draft", 32)
    assert AuditEntry.objects.get(object_kind="campaign").after["prizes"] == [["红包", 100, 10, None]]


def test_what_a_draft_is_for_is_chosen_in_its_form_and_read_on_its_page(staff, order):
    store = StoreFactory(brand=order.brand)
    budget = {
        "region_budgets-TOTAL_FORMS": "1",
        "region_budgets-0-region": "510100",
        "region_budgets-0-amount_fen": "9",
    }
    chosen = budget | {
        "person_limit": "3",
        "priority": "70",
        "products": [order.batch.product.pk],
        "regions": ["510000"],
        "stores": [store.pk],
    }
    staff.post(reverse("admin:rewards_campaign_add"), form(order, **chosen))
    campaign = Campaign.objects.get()
    assert chosen_scope(campaign) == Scope(
        products=[order.batch.product], batches=[], regions=[store.region.parent.parent], dealers=[], stores=[store]
    )
    assert (campaign.person_limit, str(campaign.region_budgets.get())) == (3, "510100 0.09")
    staff.post(
        address(campaign),
        form(order, **chosen | {"stores": [], "region_budgets-TOTAL_FORMS": "0", "prizes-TOTAL_FORMS": "0"}),
    )
    assert chosen_scope(campaign).stores == []
    campaign.prizes.create(name="红包", amount_fen=100, quantity=10, rank=1)
    page = staff.get(address(published(campaign)), headers={"accept-language": "en"}).content.decode()
    assert "Items that other campaigns took" in page


def test_a_step_asks_before_it_is_done(staff, order):
    campaign = draft(order)
    response = staff.get(address(campaign, "fund"))
    assert (response.status_code, "rewards/admin/confirm.html" in [t.name for t in response.templates]) == (200, True)
    assert not campaign.accounts.exists()


def funded(campaign):
    """Paid in, as the approval of a transfer does it."""
    fund_campaign(campaign_id=campaign.pk, brand=campaign.brand, actor="user:a", now=NOON)


def test_a_funded_campaign_is_submitted_and_published_by_the_buttons_of_two_people(staff, order, reviewer):
    campaign = draft(order, ends_at=FAR)
    funded(campaign)
    staff.post(address(campaign, "submit"))
    own = staff.post(address(campaign, "publish"), follow=True, HTTP_ACCEPT_LANGUAGE="en")
    assert notices(own)[-1] == "You submitted this campaign yourself. A second person must review and publish it."
    staff.force_login(reviewer)
    staff.post(address(campaign, "publish"))
    campaign.refresh_from_db()
    assert (campaign.state, campaign.accounts.count()) == ("running", 6)
    assert campaign.published_by == f"user:{reviewer.username}"


def test_who_may_only_change_campaigns_does_not_publish(staff, order):
    campaign = under_review(order, ends_at=FAR)
    manager = UserFactory(brand=order.brand, is_staff=True)
    manager.user_permissions.add(*Permission.objects.filter(codename__in=["view_campaign", "change_campaign"]))
    staff.force_login(manager)
    assert staff.post(address(campaign, "publish")).status_code == 403
    assert steps_on(staff, campaign) == ["dry-run", "send-back"]


def test_the_review_sends_back_with_a_remark_that_the_draft_shows(staff, order):
    campaign = under_review(order, ends_at=FAR)
    asked = staff.get(address(campaign, "send_back"), headers=ENGLISH)
    assert "Say what should be mended." in asked.content.decode()
    empty = staff.post(address(campaign, "send_back"), {"remark": ""}, headers=ENGLISH)
    assert empty.context["form"].errors["remark"] == ["This field is required."]
    blank = staff.post(address(campaign, "send_back"), {"remark": "条款不全"}, follow=True, headers=ENGLISH)
    assert (notices(blank), "条款不全" in blank.content.decode()) == (["Sent back."], True)
    campaign.refresh_from_db()
    assert campaign.state == "draft"
    late = staff.post(address(campaign, "send_back"), {"remark": "x"}, headers=ENGLISH)
    assert late.context["form"].errors["remark"] == [
        "This campaign is not waiting for a review. Submit it first.",
    ]


def test_a_campaign_that_is_not_there_is_not_sent_back(staff, order):
    other = draft(active_order())
    assert staff.post(address(other, "send_back"), {"remark": "x"}).status_code == 404


def test_each_state_shows_its_buttons(staff, order):
    shown = {}
    campaign = draft(order, ends_at=FAR)
    for state in ("draft", "review", "published", "running"):
        if state != "draft":
            {"review": submitted, "published": put_out, "running": begun}[state](campaign)
        shown[state] = steps_on(staff, campaign)
    assert shown == {
        "draft": ["fund", "dry-run", "submit"],
        "review": ["fund", "dry-run", "publish", "send-back"],
        "published": ["top-up"],
        "running": ["top-up"],
    }


def put_out(campaign):
    publish_campaign(campaign_id=campaign.pk, brand=campaign.brand, actor="user:other", now=EARLIER)


def begun(campaign):
    begin_campaign(campaign_id=campaign.pk, brand=campaign.brand, actor="system:clock", now=NOON)


def steps_on(client, campaign):
    page = client.get(address(campaign)).content.decode()
    steps = ("fund", "dry-run", "submit", "publish", "send-back", "top-up", "end")
    return [step for step in steps if f"/{campaign.pk}/{step}" in page]


def test_a_campaign_whose_every_item_had_its_prize_is_ended_by_its_button(staff):
    order = active_order(quantity=1)
    campaign = begin(running_campaign(order, ends_at=FAR))
    staff.force_login(UserFactory(brand=order.brand, is_superuser=True))
    early = staff.post(address(campaign, "end"), follow=True, HTTP_ACCEPT_LANGUAGE="en")
    assert notices(early)[0].startswith("What was published to consumers must be kept")
    scan = opened(order, order.first_serial, ConsumerFactory(brand=order.brand))
    open_claim(scan_id=scan.pk, consumer=scan.consumer, visitor="", now=NOON)
    assert steps_on(staff, campaign) == ["top-up", "end"]
    staff.post(address(campaign, "end"))
    campaign.refresh_from_db()
    assert campaign.state == "ended"


def begin(campaign):
    begun(campaign)
    return campaign


def test_each_fault_of_a_draft_is_told(staff, order):
    campaign = draft(order, PrizeRow("红包", 100, 4), ends_at=FAR, terms="")
    response = staff.post(address(campaign, "submit"), follow=True, HTTP_ACCEPT_LANGUAGE="en")
    told = notices(response)
    assert "The table has 4 prizes for 10 items. Add prizes, or a thank-you row of 6 × 0." in told
    assert "There are no terms. Write who may take part, how to claim, and how and when prizes are paid." in told


def test_a_refusal_without_fields_is_told_by_its_title(staff, order):
    response = staff.post(address(draft(order), "end"), follow=True, HTTP_ACCEPT_LANGUAGE="en")
    assert notices(response)[0] == "Only a published campaign that has not ended can be topped up or ended."


def test_a_budget_below_the_liability_is_warned_about(staff, order):
    response = staff.get(address(draft(order, budget_fen=999)), HTTP_ACCEPT_LANGUAGE="en")
    assert notices(response) == ["The budget of ¥9.99 does not cover all prizes and shares, ¥10.00."]


def test_a_published_campaign_shows_its_commitment_and_not_its_key(staff, order):
    campaign = running_campaign(order, ends_at=FAR)
    page = staff.get(address(campaign)).content.decode()
    assert campaign.commitment in page
    assert bytes(campaign.sealed_key).hex() not in page


def test_a_published_campaign_cannot_be_edited(staff, order):
    campaign = running_campaign(order, ends_at=FAR)
    staff.post(address(campaign), form(order, name="anders", budget_fen="5"))
    campaign.refresh_from_db()
    assert (campaign.name, campaign.budget_fen) == ("开瓶有礼", 10_000)


def test_the_key_is_shown_after_the_end(staff, order):
    campaign = running_campaign(order)
    end_campaign(campaign_id=campaign.pk, brand=order.brand, actor="system:clock", now=campaign.ends_at)
    assert bytes(campaign.sealed_key).hex() in staff.get(address(campaign)).content.decode()


def test_a_funded_drafts_budget_is_fixed(staff, order):
    campaign = draft(order)
    funded(campaign)
    assert b'name="budget_fen"' not in staff.get(address(campaign)).content


def test_another_brands_campaign_is_not_found(staff):
    other = draft(active_order())
    assert staff.post(address(other, "fund")).status_code == 404


def test_lists_cost_no_more_queries_when_they_grow(staff, order):
    running_campaign(order, ends_at=FAR, owner_share_fen=30)
    store = StoreFactory(brand=order.brand)
    consumer = ConsumerFactory(brand=order.brand)
    counts = [{}, {}, {}]
    for number in range(3):
        scan = opened(order, order.first_serial + number, consumer, store=store)
        open_claim(scan_id=scan.pk, consumer=consumer, visitor="", now=NOON)
        draft(order)
        for model in ("campaign", "claim", "grant", "posting", "account") if number else ():
            with CaptureQueriesContext(connection) as queries:
                response = staff.get(reverse(f"admin:rewards_{model}_changelist"))
            assert response.status_code == 200
            counts[number][model] = len(queries)
    assert counts[1] == counts[2]


def test_histories_can_be_read_and_not_changed(staff, order):
    campaign = running_campaign(order, ends_at=FAR)
    scan = opened(order, order.first_serial, ConsumerFactory(brand=order.brand))
    claim = open_claim(scan_id=scan.pk, consumer=scan.consumer, visitor="", now=NOON)
    keys = {
        "claim": claim.pk,
        "grant": claim.envelope.pk,
        "posting": claim.envelope.postings.first().pk,
        "account": campaign.accounts.first().pk,
    }
    for model, key in keys.items():
        page = reverse(f"admin:rewards_{model}_change", args=[key])
        assert (staff.get(page).status_code, staff.post(page, {}).status_code) == (200, 403), model


def test_histories_are_searched(staff, order):
    running_campaign(order, ends_at=FAR)
    scan = opened(order, order.first_serial, ConsumerFactory(brand=order.brand))
    claim = open_claim(scan_id=scan.pk, consumer=scan.consumer, visitor="", now=NOON)
    for model in ("claim", "grant"):
        found = staff.get(reverse(f"admin:rewards_{model}_changelist"), {"q": str(order.first_serial)})
        assert found.context["cl"].result_count == 1
    found = staff.get(reverse("admin:rewards_posting_changelist"), {"q": str(claim.envelope.pk)})
    assert found.context["cl"].result_count == 2
