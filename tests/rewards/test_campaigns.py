import dataclasses
import datetime as dt

import pytest
from django.utils import translation

from codes.formats.code_text import Role
from core.errors import Invalid, NotFound
from core.models import AuditEntry
from rewards.draw.sealed import verify
from rewards.models import BudgetSlot, Campaign
from rewards.refusals import (
    AlreadyFunded,
    NotADraft,
    NotInReview,
    NotOver,
    NotPublished,
    NotRunning,
    NotSettled,
    OwnWork,
)
from rewards.selectors.balances import balances_of
from rewards.selectors.draws import table_of_campaign
from rewards.selectors.liability import liability_of
from rewards.selectors.prize_faults import prize_faults
from rewards.services import ledger
from rewards.services.campaigns import (
    PrizeRow,
    begin_campaign,
    change_draft,
    end_campaign,
    fund_campaign,
    return_late_money,
    set_prizes,
    settle_campaign,
    top_up_campaign,
)
from rewards.services.claims import open_claim
from rewards.services.grants import release_grant
from rewards.services.reviewing import publish_campaign, send_back_campaign, submit_campaign
from rewards.tasks.campaigns import end_campaigns
from tests.factories.campaigns import (
    ACTOR,
    PLAN,
    REVIEWER,
    ConsumerFactory,
    active_order,
    draft,
    opened,
    published,
    running_campaign,
    under_review,
)
from tests.factories.codes import make_order
from tests.factories.kept import anew
from tests.factories.stores import NOON, BrandFactory

pytestmark = pytest.mark.django_db
BEFORE = NOON - dt.timedelta(hours=2)


def world():
    return active_order()


@pytest.fixture
def order(kept_world, db):
    return anew(kept_world, "brand", "batch__product")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def told(campaign, now=BEFORE):
    return {"campaign_id": campaign.pk, "brand": campaign.brand, "actor": ACTOR, "now": now}


def over(campaign):
    return told(campaign, campaign.ends_at)


def faults(campaign, now=BEFORE):
    """What the reviewer is told of it, however it came there."""
    Campaign.objects.filter(pk=campaign.pk).update(state="review", submitted_by=ACTOR)
    with pytest.raises(Invalid) as caught:
        publish_campaign(**told(campaign, now) | {"actor": REVIEWER})
    return caught.value.fields


def test_a_published_campaign_has_its_units_positions_and_commitment():
    order = active_order(quantity=10)
    campaign = running_campaign(order, PrizeRow("红包", 100, 4), PrizeRow("谢谢", 0, 6))
    span = campaign.spans.get()
    assert (campaign.state, campaign.units, span.first_position) == ("published", 10, 0)
    assert (span.serials.lower, span.serials.upper - 1) == (order.first_serial, order.last_serial)
    assert verify(bytes(campaign.sealed_key), table_of_campaign(campaign), campaign.commitment)


def test_positions_go_on_from_order_to_order():
    first, second = active_order(quantity=3), active_order(quantity=4)
    second.brand = first.brand
    second.batch = first.batch
    second.save()
    campaign = draft(first, PrizeRow("红包", 100, 7))
    campaign.orders.add(second)
    published(campaign)
    assert list(campaign.spans.order_by("pk").values_list("first_position", flat=True)) == [0, 3]


def test_a_campaign_never_starts_before_its_publication(order):
    campaign = under_review(order)
    campaign = publish_campaign(**told(campaign, now=NOON) | {"actor": REVIEWER})
    assert (campaign.starts_at, campaign.state) == (NOON, "running")


def test_all_faults_are_told_at_once_each_with_its_remedy():
    cases = make_order(roles=(Role.CASE_OUTER,), quantity=10)
    nobody = {"terms": " ", "organiser": ""}
    past = {"starts_at": BEFORE - dt.timedelta(days=1), "ends_at": BEFORE}
    campaign = draft(cases, PrizeRow("红包", 100, 4), budget_fen=399, **past, **nobody)
    campaign.orders.set([])
    assert faults(campaign) == {
        "ends_at": ["The end lies in the past. Choose a later one."],
        "orders": ["No order takes part. Choose at least one order of items, or a product or batch."],
        "prizes": ["The table has 4 prizes for 0 items. Take 4 away."],
        "budget_fen": [
            (
                "The budget is 399 fen, but the prizes and the shares may cost 400 fen. Raise it by 1 fen, or "
                "take prizes away."
            ),
            "The budget is 399 fen, but 0 fen have been paid in. Fund the campaign first.",
        ],
        "terms": ["There are no terms. Write who may take part, how to claim, and how and when prizes are paid."],
        "organiser": ["No organiser is named. Enter the company that answers for the campaign."],
    }


def test_orders_that_cannot_take_part_are_named(order):
    cases, outer, cancelled = (
        make_order(roles=(Role.CASE_OUTER,)),
        make_order(roles=(Role.ITEM_OUTER,)),
        make_order(state="draft"),
    )
    cancelled.state = "cancelled"
    cancelled.save()
    campaign = draft(order)
    campaign.orders.set([cases, outer, cancelled])
    other_brand = "Order {} belongs to another brand. Take it out."
    assert faults(campaign)["orders"] == [
        other_brand.format(cases.pk),
        f"Order {cases.pk} is not of items. Take it out.",
        other_brand.format(outer.pk),
        f"Order {outer.pk} prints no inner mark, so nobody could claim.",
        other_brand.format(cancelled.pk),
        f"Order {cancelled.pk} was cancelled. Take it out.",
    ]


def test_an_order_that_another_campaign_always_takes_is_not_published_again(order):
    running_campaign(order)
    rival = draft(order)
    assert faults(rival)["orders"] == [
        (
            f"Order {order.pk} takes part in “开瓶有礼” all that time, which goes before this one. Take it out, move "
            "the time, or give this one a higher priority."
        )
    ]


def test_an_order_may_take_part_again_later():
    order = active_order()
    running_campaign(order)
    later = running_campaign(order, starts_at=PLAN.ends_at, ends_at=PLAN.ends_at + dt.timedelta(days=1))
    assert later.state == "published"


def test_items_without_a_prize_need_a_thank_you_row():
    campaign = draft(active_order(quantity=10), PrizeRow("红包", 100, 4))
    assert faults(campaign)["prizes"] == [
        "The table has 4 prizes for 10 items. Add prizes, or a thank-you row of 6 × 0."
    ]


def test_a_prize_above_the_legal_ceiling_is_refused():
    campaign = draft(active_order(), PrizeRow("红包", 100, 10))
    prize = campaign.prizes.get()
    prize.amount_fen = 5_000_001
    assert prize_faults([prize], brand_id=0) == ["“红包” is above 50,000 yuan, the most that the law allows. Lower it."]


def test_funding_pays_the_whole_budget_in_and_spreads_it_over_the_slots():
    campaign = draft(active_order(), budget_fen=1_003)
    fund_campaign(**told(campaign))
    slots = list(BudgetSlot.objects.filter(campaign=campaign).order_by("slot").values_list("free_fen", flat=True))
    assert slots == [63] * 11 + [62] * 5
    assert balances_of(campaign) == {
        "source": -1_003,
        "budget": 1_003,
        "reserved": 0,
        "payable": 0,
        "paid": 0,
        "returned": 0,
    }


def test_a_campaign_is_funded_once(order):
    campaign = draft(order)
    fund_campaign(**told(campaign))
    with pytest.raises(AlreadyFunded):
        fund_campaign(**told(campaign))


def test_a_running_campaign_can_be_topped_up(order):
    campaign = top_up_campaign(amount_fen=500, **told(running_campaign(order)))
    assert (campaign.budget_fen, balances_of(campaign)["budget"]) == (10_500, 10_500)


def test_a_top_up_is_positive(order):
    with pytest.raises(Invalid):
        top_up_campaign(amount_fen=0, **told(running_campaign(order)))


def test_a_published_campaign_cannot_be_changed_funded_or_published_again(order):
    campaign = running_campaign(order)
    with pytest.raises(NotInReview):
        publish_campaign(**told(campaign))
    with pytest.raises(NotADraft):
        fund_campaign(**told(campaign))
    with pytest.raises(NotADraft):
        set_prizes(prizes=[], **told(campaign))


def test_a_drafts_prizes_can_be_replaced(order):
    campaign = set_prizes(prizes=[PrizeRow("大奖", 888, 1), PrizeRow("谢谢", 0, 9)], **told(draft(order)))
    assert list(campaign.prizes.values_list("rank", "amount_fen", "quantity")) == [(1, 888, 1), (2, 0, 9)]


def test_ending_returns_what_is_left(order):
    campaign = end_campaign(**over(running_campaign(order)))
    assert (campaign.state, campaign.ended_at) == ("ended", campaign.ends_at)
    assert (balances_of(campaign)["budget"], balances_of(campaign)["returned"]) == (0, 10_000)


def test_a_draft_and_an_ended_campaign_cannot_be_ended(order):
    campaign = draft(order)
    with pytest.raises(NotRunning):
        end_campaign(**told(campaign))


def test_another_brands_campaign_is_not_found(order):
    campaign = draft(order)
    with pytest.raises(NotFound):
        publish_campaign(**told(campaign) | {"brand": BrandFactory()})


def test_campaigns_end_by_themselves_when_their_time_has_come():
    past = running_campaign(active_order(), ends_at=NOON)
    future = running_campaign(active_order(), ends_at=dt.datetime(2999, 1, 1, tzinfo=dt.UTC))
    end_campaigns()
    assert dict(Campaign.objects.values_list("pk", "state")) == {past.pk: "settled", future.pk: "running"}


def test_a_campaign_that_cannot_end_keeps_no_other_from_it(monkeypatch):
    broken, past = (running_campaign(active_order(), ends_at=NOON) for _ in range(2))

    def fails_for_one(**told):
        if told["campaign_id"] == broken.pk:
            raise RuntimeError("broken")
        return end_campaign(**told)

    monkeypatch.setattr("rewards.services.campaign_calendar.end_campaign", fails_for_one)
    end_campaigns()
    assert dict(Campaign.objects.values_list("pk", "state")) == {broken.pk: "running", past.pk: "settled"}


def test_money_that_comes_back_late_is_returned_too(order):
    campaign = end_campaign(**over(running_campaign(order)))
    BudgetSlot.objects.filter(campaign=campaign, slot=3).update(free_fen=5)
    assert return_late_money(campaign_id=campaign.pk, actor=ACTOR, now=NOON) == 5


def test_a_running_campaigns_money_is_not_returned(order):
    assert return_late_money(campaign_id=running_campaign(order).pk, actor=ACTOR, now=NOON) == 0


def test_each_step_is_audited(order):
    campaign = end_campaign(**over(running_campaign(order)))
    entries = AuditEntry.objects.filter(object_kind="campaign", object_id=str(campaign.pk)).order_by("pk")
    assert [entry.action for entry in entries] == [
        "draft campaign",
        "fund campaign",
        "submit campaign",
        "publish campaign",
        "end campaign",
    ]


def test_the_liability_counts_prizes_and_all_shares():
    campaign = draft(
        active_order(), PrizeRow("红包", 100, 4), PrizeRow("谢谢", 0, 6), owner_share_fen=20, referrer_share_fen=3
    )
    assert liability_of(campaign) == 630


def test_a_campaign_with_nothing_left_returns_nothing(order):
    campaign = running_campaign(order)
    BudgetSlot.objects.filter(campaign=campaign).update(free_fen=0)
    end_campaign(**over(campaign))
    assert balances_of(campaign)["returned"] == 0


def test_late_money_is_returned_by_itself(order):
    campaign = end_campaign(**over(running_campaign(order)))
    returned = balances_of(campaign)["returned"]
    BudgetSlot.objects.filter(campaign=campaign, slot=3).update(free_fen=5)
    end_campaigns()
    assert balances_of(campaign)["returned"] == returned + 5


def changed_plan(campaign, **plan):
    return change_draft(
        **told(campaign),
        plan=dataclasses.replace(PLAN, **plan),
        orders=list(campaign.orders.all()),
        prizes=[PrizeRow("大奖", 888, 1), PrizeRow("谢谢", 0, 9)],
    )


def test_a_draft_is_replaced_but_for_its_key(order):
    campaign = draft(order)
    key = bytes(campaign.sealed_key)
    changed_plan(campaign, name="再来一瓶", budget_fen=20_000)
    campaign.refresh_from_db()
    assert (campaign.name, campaign.budget_fen, bytes(campaign.sealed_key)) == ("再来一瓶", 20_000, key)
    assert list(campaign.prizes.order_by("rank").values_list("amount_fen", "quantity")) == [(888, 1), (0, 9)]
    assert AuditEntry.objects.latest("pk").action.endswith("edit draft")


def test_a_budget_that_was_paid_in_is_not_changed_any_more(order):
    campaign = draft(order)
    fund_campaign(**told(campaign))
    with pytest.raises(Invalid) as caught:
        changed_plan(campaign, budget_fen=20_000)
    assert list(caught.value.fields) == ["budget_fen"]
    assert changed_plan(campaign, name="再来一瓶").name == "再来一瓶"


def test_a_published_campaign_is_no_draft_to_be_replaced(order):
    with pytest.raises(NotADraft):
        changed_plan(running_campaign(order))


def test_a_budget_of_nothing_is_refused_even_where_nothing_is_promised():
    thanks = draft(active_order(), PrizeRow("谢谢", 0, 10), budget_fen=0)
    assert faults(thanks)["budget_fen"] == ["The budget is 0 fen. Enter at least 1 fen."]


def test_a_plan_with_faults_is_not_submitted_but_may_still_wait_for_its_money():
    with pytest.raises(Invalid) as caught:
        submit_campaign(**told(draft(active_order(), terms="")))
    assert list(caught.value.fields) == ["terms"]
    campaign = submit_campaign(**told(draft(active_order())))
    with pytest.raises(Invalid) as caught:
        publish_campaign(**told(campaign) | {"actor": REVIEWER})
    assert list(caught.value.fields) == ["budget_fen"]
    fund_campaign(**told(campaign))
    assert publish_campaign(**told(campaign) | {"actor": REVIEWER}).published_by == REVIEWER


def test_nobody_publishes_what_they_submitted(order):
    with pytest.raises(OwnWork):
        publish_campaign(**told(under_review(order)))


def test_a_campaign_under_review_is_fixed_until_it_is_sent_back_with_a_reason(order):
    campaign = under_review(order)
    with pytest.raises(NotADraft):
        changed_plan(campaign)
    for remark in (" ", "x" * 301):
        with pytest.raises(Invalid):
            send_back_campaign(remark=remark, **told(campaign))
    back = send_back_campaign(remark=" 奖项太少 ", **told(campaign))
    assert (back.state, back.remark) == ("draft", "奖项太少")
    changed_plan(campaign)
    assert submit_campaign(**told(campaign)).remark == ""
    assert AuditEntry.objects.get(action="send campaign back").after["remark"] == "奖项太少"


def test_a_draft_is_not_waiting_for_a_review(order):
    with pytest.raises(NotInReview):
        send_back_campaign(remark="x", **told(draft(order)))


def test_a_published_campaign_begins_when_its_start_has_come(order):
    campaign = running_campaign(order)
    with pytest.raises(NotPublished):
        begin_campaign(**told(campaign))
    assert begin_campaign(**told(campaign, now=NOON)).state == "running"
    with pytest.raises(NotPublished):
        begin_campaign(**told(campaign, now=NOON))


def test_a_campaign_with_time_and_prizes_left_is_not_ended(order):
    campaign = running_campaign(order)
    with pytest.raises(NotOver) as caught:
        end_campaign(**told(campaign, now=NOON))
    assert caught.value.facts == {"ends_at": campaign.ends_at}


def test_a_campaign_is_settled_when_it_has_ended_and_nobody_waits():
    campaign = running_campaign(order := active_order())
    with pytest.raises(NotSettled):
        settle_campaign(**told(campaign))
    scan = opened(order, order.first_serial, ConsumerFactory(brand=order.brand))
    grant = open_claim(scan_id=scan.pk, consumer=scan.consumer, visitor="", now=NOON).envelope
    end_campaign(**over(campaign))
    end_campaigns()
    campaign.refresh_from_db()
    assert campaign.state == "ended"
    with pytest.raises(NotSettled):
        settle_campaign(**told(campaign))
    ledger.reverse(postings=list(grant.postings.filter(reason="send")), posted_by=ACTOR, now=NOON)
    release_grant(grant=grant, reason="failed", posted_by=ACTOR, now=NOON)
    with pytest.raises(NotSettled):
        settle_campaign(**told(campaign))
    end_campaigns()
    campaign.refresh_from_db()
    assert (campaign.state, balances_of(campaign)["returned"]) == ("settled", 10_000)


def test_a_plain_campaign_is_drafted_funded_submitted_and_published_by_few_statements(
    django_assert_max_num_queries, order
):
    with django_assert_max_num_queries(48):  # eight of them are savepoints, two for each transaction
        running_campaign(order)
