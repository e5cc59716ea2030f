import datetime as dt
from uuid import uuid4

import pytest

from bench.statements import statements_of
from codes.formats.code_text import Role
from codes.models import Binding, Opening
from codes.models.scan import Verdict
from codes.services import spans
from codes.services.revoking import revoke
from core.errors import NotFound, TooManyRequests
from rewards.models import BudgetSlot, Claim, Grant, Payout
from rewards.refusals import (
    BudgetExhausted,
    CampaignEnded,
    CampaignNotStarted,
    Frozen,
    NoCampaign,
    NotActivated,
    NotGenuine,
    NotRewardMark,
    OpenedByAnother,
    Recalled,
    ScanAgain,
    Voided,
)
from rewards.selectors.balances import balances_of, ledger_differences
from rewards.selectors.claim_facts import STATEMENT as FACTS
from rewards.selectors.claim_facts import claim_facts
from rewards.selectors.draws import draw_of
from rewards.selectors.offers import offer_for_scan
from rewards.services import budget
from rewards.services.campaigns import PrizeRow, end_campaign, top_up_campaign
from rewards.services.claims import open_claim
from rewards.services.promise_rows import STATEMENTS
from stores.models import PendingCount
from tests.factories.campaigns import (
    ACTOR,
    PLAN,
    ConsumerFactory,
    active_order,
    opened,
    poor_campaign,
    running_campaign,
    scan_of,
)
from tests.factories.codes import make_order
from tests.factories.kept import anew
from tests.factories.stores import NOON, StoreFactory
from tests.factories.supply import moved

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(minutes=1)


def world():
    """An order with a plain campaign, and one without."""
    orders = active_order(quantity=20), active_order(quantity=20)
    running_campaign(orders[0])
    return orders


@pytest.fixture
def order(kept_world, db, request):
    """One of a campaign where the test has one, else one of none."""
    sold, bare = kept_world
    return anew(sold if "campaign" in request.fixturenames else bare, "brand", "batch__product")


@pytest.fixture
def campaign(order):
    return order.campaigns.select_related("brand").get()


@pytest.fixture
def consumer(order):
    return ConsumerFactory(brand=order.brand)


def claim(scan, consumer, *, visitor="somebody", now=LATER):
    return open_claim(scan_id=scan.pk, consumer=consumer, visitor=visitor, now=now)


def accounts(campaign):
    return {kind.value: fen for kind, fen in balances_of(campaign).items() if fen}


def test_opening_an_envelope_promises_what_the_sealed_draw_fixed(order, consumer):
    campaign = running_campaign(order, PrizeRow("大奖", 888, 5), PrizeRow("红包", 100, 10), PrizeRow("小奖", 10, 5))
    fixed = draw_of(campaign).won(position=7, serial=order.first_serial + 7)[0]
    made = claim(opened(order, order.first_serial + 7, consumer), consumer)
    assert (made.state, made.prize, made.campaign, made.claimed_at) == ("promised", fixed, campaign, LATER)
    assert (made.envelope.amount_fen, made.envelope.consumer, made.envelope.state) == (
        fixed.amount_fen,
        consumer,
        "promised",
    )


def test_a_promise_moves_the_money_from_the_budget_into_a_bill(order, consumer, campaign):
    made = claim(opened(order, order.first_serial, consumer), consumer)
    assert accounts(campaign) == {"source": -10_000, "budget": 9_900, "payable": 100}
    assert Payout.objects.get().grant == made.envelope
    assert ledger_differences(order.brand) == []


def test_the_owner_of_the_bound_store_is_promised_a_share_on_the_same_opening(order, consumer):
    campaign = running_campaign(order, owner_share_fen=30)
    store = StoreFactory(brand=order.brand)
    made = claim(opened(order, order.first_serial, consumer, store=store), consumer)
    assert list(made.grants.order_by("payee").values_list("payee", "store_owner", "store", "amount_fen")) == [
        ("consumer", None, store.pk, 100),
        ("store_owner", store.owner_id, store.pk, 30),
    ]
    assert accounts(campaign)["payable"] == 130


def test_the_owners_share_waits_for_the_owners_account(order, consumer):
    campaign = running_campaign(order, owner_share_fen=30)
    store = StoreFactory(brand=order.brand, owner__wallet="")
    claim(opened(order, order.first_serial, consumer, store=store), consumer)
    assert (accounts(campaign)["reserved"], accounts(campaign)["payable"]) == (30, 100)


def test_a_doubtful_binding_pays_no_owner(order, consumer):
    running_campaign(order, owner_share_fen=30)
    store = StoreFactory(brand=order.brand)
    made = claim(opened(order, order.first_serial, consumer, store=store, confidence=0.49), consumer)
    assert [grant.payee for grant in made.grants.all()] == ["consumer"]


def test_a_store_without_an_owner_gets_no_share(order, consumer):
    running_campaign(order, owner_share_fen=30)
    store = StoreFactory(brand=order.brand, owner=None)
    made = claim(opened(order, order.first_serial, consumer, store=store), consumer)
    assert [grant.payee for grant in made.grants.all()] == ["consumer"]


def test_the_bound_stores_day_is_counted_anew(order, consumer, campaign):
    store = StoreFactory(brand=order.brand)
    claim(opened(order, order.first_serial, consumer, store=store), consumer)
    assert list(PendingCount.objects.values_list("store", "day")) == [(store.pk, NOON.date())]


def test_a_thank_you_is_promised_without_money(order, consumer):
    campaign = running_campaign(order, PrizeRow("谢谢参与", 0, 20))
    made = claim(opened(order, order.first_serial, consumer), consumer)
    assert (made.state, made.envelope, accounts(campaign)) == (
        "promised",
        None,
        {"source": -10_000, "budget": 10_000},
    )


def test_a_thank_you_still_pays_the_stores_owner(order, consumer):
    running_campaign(order, PrizeRow("谢谢参与", 0, 20), owner_share_fen=30)
    store = StoreFactory(brand=order.brand)
    made = claim(opened(order, order.first_serial, consumer, store=store), consumer)
    assert [(grant.payee, grant.amount_fen) for grant in made.grants.all()] == [("store_owner", 30)]


def test_a_second_claim_of_the_same_consumer_gets_the_first_ones_answer(order, consumer, campaign):
    scan = opened(order, order.first_serial, consumer)
    first = claim(scan, consumer)
    second = claim(scan, consumer, now=LATER + dt.timedelta(days=90))
    assert (second, second.claimed_at, second.envelope) == (first, LATER, first.envelope)
    assert accounts(campaign)["budget"] == 9_900


def test_another_scan_of_the_same_item_gets_the_first_claims_answer(order, consumer, campaign):
    first = claim(opened(order, order.first_serial, consumer), consumer)
    again = scan_of(order, order.first_serial, consumer, verdict=Verdict.GENUINE_REPEAT)
    assert claim(again, consumer).envelope == first.envelope


def test_another_persons_opening_is_refused(order, consumer, campaign):
    claim(opened(order, order.first_serial, consumer), consumer)
    other = ConsumerFactory(brand=order.brand)
    with pytest.raises(OpenedByAnother):
        claim(scan_of(order, order.first_serial, other, verdict=Verdict.GENUINE_REPEAT), other)


def test_a_scan_made_before_signing_in_is_opened_by_who_signed_in(order, consumer, campaign):
    made = claim(scan_of(order, order.first_serial), consumer, visitor="visitor")
    assert (made.state, Opening.objects.get().consumer, Binding.objects.get().store) == ("promised", consumer, None)


def test_whoever_is_slower_to_open_is_refused(order, consumer, monkeypatch, campaign):
    other = ConsumerFactory(brand=order.brand)
    scan = scan_of(order, order.first_serial, consumer)
    unopened = claim_facts(scan.pk, LATER)
    monkeypatch.setattr("rewards.services.claims.claim_facts", lambda *_, **__: unopened)
    opened(order, order.first_serial, other)
    with pytest.raises(OpenedByAnother):
        claim(scan, consumer)


def test_somebody_elses_scan_is_not_found(order, consumer):
    scan = opened(order, order.first_serial, consumer)
    with pytest.raises(NotFound):
        claim(scan, ConsumerFactory(brand=order.brand))


def test_another_brands_scan_is_not_found(order, consumer):
    with pytest.raises(NotFound):
        claim(scan_of(order, order.first_serial), ConsumerFactory(), visitor="visitor")


def test_a_scan_that_never_was_is_not_found(consumer):
    with pytest.raises(NotFound):
        open_claim(scan_id=uuid4(), consumer=consumer, visitor="v", now=NOON)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"serial": None, "brand": None, "verdict": Verdict.UNKNOWN}, NotGenuine),
        ({"role": Role.ITEM_OUTER}, NotRewardMark),
        ({"verdict": Verdict.NOT_ACTIVATED}, ScanAgain),
    ],
)
def test_a_scan_that_opens_nothing_is_refused(order, consumer, facts, refusal):
    with pytest.raises(refusal):
        claim(scan_of(order, **{"serial": order.first_serial, "consumer": consumer} | facts), consumer)


def test_a_serial_of_no_order_is_not_genuine(order, consumer):
    with pytest.raises(NotGenuine):
        claim(scan_of(order, order.last_serial + 1_000_000, consumer), consumer)


def test_an_item_that_is_not_activated_is_refused():
    order = make_order()
    consumer = ConsumerFactory(brand=order.brand)
    with pytest.raises(NotActivated):
        claim(scan_of(order, order.first_serial, consumer), consumer)


@pytest.mark.parametrize(
    ("statement", "refusal"), [(spans.freeze, Frozen), (spans.recall, Recalled), (spans.void, Voided)]
)
def test_what_is_frozen_recalled_or_voided_since_the_scan_is_refused(order, consumer, statement, refusal, campaign):
    scan = opened(order, order.first_serial, consumer)
    statement(brand=order.brand, order_id=order.pk, serials=None, actor=ACTOR, now=NOON, reason="check")
    with pytest.raises(refusal):
        claim(scan, consumer)
    assert (Claim.objects.get().state, Claim.objects.get().reason) == ("refused", refusal.code)


def test_a_claim_refused_while_frozen_succeeds_after_the_thaw(order, consumer, campaign):
    scan = opened(order, order.first_serial, consumer)
    frozen = spans.freeze(brand=order.brand, order_id=order.pk, serials=None, actor=ACTOR, now=NOON, reason="check")
    with pytest.raises(Frozen):
        claim(scan, consumer)
    revoke(brand=order.brand, span_id=frozen.pk, reason="ok", actor=ACTOR, now=NOON)
    assert (claim(scan, consumer).state, Claim.objects.get().reason) == ("promised", "")


def test_what_is_frozen_while_it_is_being_opened_is_refused_as_frozen(order, consumer, campaign, monkeypatch):
    scan = scan_of(order, order.first_serial)
    unopened = claim_facts(scan.pk, LATER)
    monkeypatch.setattr("rewards.services.claims.claim_facts", lambda *_, **__: unopened)
    spans.freeze(brand=order.brand, order_id=order.pk, serials=None, actor=ACTOR, now=NOON, reason="check")
    with pytest.raises(Frozen):
        claim(scan, consumer, visitor="visitor")


@pytest.mark.parametrize("kind", ["sample", "destroy"])
def test_what_becomes_of_opened_goods_takes_no_envelope_from_their_opener(order, consumer, kind):
    campaign = poor_campaign(order, budget_fen=99)
    scan = opened(order, order.first_serial, consumer)
    with pytest.raises(BudgetExhausted):
        claim(scan, consumer)
    moved(kind, order.brand, order.first_serial, at=LATER)
    top_up_campaign(campaign_id=campaign.pk, brand=order.brand, amount_fen=1, actor=ACTOR, now=NOON)
    assert claim(scan, consumer).envelope.amount_fen == 100
    again = scan_of(order, order.first_serial, consumer, verdict=Verdict.VOIDED)
    assert claim(again, consumer) == Claim.objects.get()


def test_an_item_of_no_campaign_is_refused(order, consumer):
    with pytest.raises(NoCampaign):
        claim(opened(order, order.first_serial, consumer), consumer)


def test_a_campaign_that_has_not_started_says_when_it_will(order, consumer):
    running_campaign(order, starts_at=LATER + dt.timedelta(days=1))
    with pytest.raises(CampaignNotStarted) as caught:
        claim(opened(order, order.first_serial, consumer), consumer)
    assert caught.value.facts == {"starts_at": LATER + dt.timedelta(days=1)}


@pytest.mark.parametrize("by_hand", [True, False])
def test_an_ended_campaign_refuses(order, consumer, by_hand, campaign):
    scan = opened(order, order.first_serial, consumer)
    if by_hand:
        end_campaign(campaign_id=campaign.pk, brand=order.brand, actor=ACTOR, now=campaign.ends_at)
    with pytest.raises(CampaignEnded):
        claim(scan, consumer, now=LATER if by_hand else PLAN.ends_at)


def test_an_exhausted_budget_refuses_and_is_claimable_again_when_money_is_back(order, consumer):
    campaign = poor_campaign(order, budget_fen=99)
    scan = opened(order, order.first_serial, consumer)
    with pytest.raises(BudgetExhausted) as caught:
        claim(scan, consumer)
    assert (caught.value.code, caught.value.retry, Claim.objects.get().reason) == (
        "budget_exhausted",
        True,
        "budget_exhausted",
    )
    top_up_campaign(campaign_id=campaign.pk, brand=order.brand, amount_fen=1, actor=ACTOR, now=NOON)
    assert claim(scan, consumer).envelope.amount_fen == 100
    assert accounts(campaign) == {"source": -100, "payable": 100}


def test_an_amount_is_put_together_from_several_slots(order, consumer):
    campaign = poor_campaign(order, budget_fen=160)
    claim(opened(order, order.first_serial, consumer), consumer)
    assert accounts(campaign) == {"source": -160, "budget": 60, "payable": 100}
    assert sum(BudgetSlot.objects.filter(campaign=campaign).values_list("free_fen", flat=True)) == 60
    assert ledger_differences(order.brand) == []


def test_the_next_slot_pays_where_the_home_slot_is_empty(order, consumer, campaign):
    home = order.first_serial % 16
    BudgetSlot.objects.filter(campaign=campaign, slot=home).update(free_fen=0)
    claim(opened(order, order.first_serial, consumer), consumer)
    assert Grant.objects.get().budget_slot == (home + 1) % 16


def test_a_refusal_never_overwrites_a_promise(order, consumer, monkeypatch, campaign):
    scan = opened(order, order.first_serial, consumer)
    first = claim(scan, consumer)
    monkeypatch.setattr("rewards.services.claims.promised_before", lambda _opening: None)
    spans.void(brand=order.brand, order_id=order.pk, serials=None, actor=ACTOR, now=NOON, reason="check")
    with pytest.raises(Voided):
        claim(scan, consumer)
    assert Claim.objects.get().state == first.state == "promised"


def test_a_claim_that_was_overtaken_gives_the_other_ones_answer_and_its_money_back(
    order, consumer, monkeypatch, campaign
):
    scan = opened(order, order.first_serial, consumer)
    first = claim(scan, consumer)
    free = budget.free_fen(first.campaign_id)
    monkeypatch.setattr("rewards.services.claims.promised_before", lambda _opening: None)
    assert claim(scan, consumer).envelope == first.envelope
    assert budget.free_fen(first.campaign_id) == free


def test_claims_are_limited_per_person(order, consumer, settings, campaign):
    settings.LIMITS = settings.LIMITS | {"claim.person": (1, 60)}
    claim(opened(order, order.first_serial, consumer), consumer)
    with pytest.raises(TooManyRequests):
        claim(opened(order, order.first_serial + 1, consumer), consumer)


def test_a_claim_reads_once_and_writes_once(order, consumer):
    running_campaign(order, owner_share_fen=30)
    store = StoreFactory(brand=order.brand)
    claim(opened(order, order.first_serial, consumer, store=store), consumer)
    scan = opened(order, order.first_serial + 1, consumer, store=store)
    heard = [query for query, _ in statements_of(lambda: claim(scan, consumer))]
    statements = [query for query in heard if query != "BEGIN"]
    assert [query for query in statements if "SAVEPOINT" not in query] == [FACTS, STATEMENTS[False, False, False]]


def test_the_offer_names_the_running_campaign(order, campaign):
    offer = offer_for_scan(brand_id=order.brand_id, serial=order.first_serial, now=NOON)
    assert (offer.campaign, offer.campaign_en, offer.ends_at) == (PLAN.name, PLAN.name_en, PLAN.ends_at)


def test_nothing_is_offered_without_a_running_campaign(order):
    assert offer_for_scan(brand_id=order.brand_id, serial=order.first_serial, now=NOON) is None


def test_nothing_is_offered_once_the_envelope_was_opened(order, consumer, campaign):
    claim(opened(order, order.first_serial, consumer), consumer)
    assert offer_for_scan(brand_id=order.brand_id, serial=order.first_serial, now=LATER) is None


def test_the_home_slot_pays_once_it_is_no_longer_locked(order, campaign):
    assert (budget.take_home(campaign.pk, 5, 625), budget.take_home(campaign.pk, 5, 1)) == (5, None)


def test_money_that_is_gone_before_it_is_taken_refuses(order, consumer, monkeypatch):
    poor_campaign(order, budget_fen=99)
    monkeypatch.setattr("rewards.services.budget.free_fen", lambda _campaign_id: 100)
    with pytest.raises(BudgetExhausted):
        claim(opened(order, order.first_serial, consumer), consumer)
