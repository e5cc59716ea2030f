"""Vouchers: won, redeemed once, compensated at once, lapsed, cancelled."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import Invalid, Problem
from core.models import AuditEntry
from rewards.models import Grant, Payout, Posting, Prize, Voucher
from rewards.selectors.balances import balances_of, ledger_differences
from rewards.selectors.envelopes import opened_envelope
from rewards.selectors.prize_faults import prize_faults
from rewards.selectors.prize_words import prize_conditions, prize_words
from rewards.selectors.vouchers import redeemable_at
from rewards.services.campaigns import PrizeRow
from rewards.services.deciding import refuse_held, release_held
from rewards.services.lapsing import GRACE, release_lapsed, release_locked
from rewards.services.payouts import create_waiting_payouts
from rewards.services.redeeming import Counter, cancel_voucher, look_at, redeem_voucher
from rewards.services.risk_rules import RuleFacts, set_risk_rule
from rewards.voucher_codes import grouped, voucher_code_in
from stores.models import PendingCount, Store
from tests.factories.campaigns import ACTOR, ConsumerFactory, active_order, running_campaign
from tests.factories.kept import anew
from tests.factories.stores import NOON, BrandFactory, StoreFactory, StoreOwnerFactory
from tests.factories.vouchers import BOTTLE, EXCHANGE, FAR, LOCKED, OFF, winning_order, won, won_voucher

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=30)


def world():
    """Bottles to be won, and vouchers that every store redeems."""
    return winning_order(), winning_order(OFF)


@pytest.fixture
def market(kept_world, db):
    return [anew(row, "brand") for row in kept_world[0]]


@pytest.fixture
def voucher(market):
    return read(won(*market))


@pytest.fixture
def off(kept_world, db):
    return read(won(*(anew(row, "brand") for row in kept_world[1])))


def read(claim):
    return Voucher.objects.select_related("store", "grant", "consumer").get(pk=claim.voucher.pk)


def redeemed(voucher, store=None, now=NOON, **said):
    counter = Counter(store or voucher.store, "user:owner")
    return redeem_voucher(counter=counter, code=voucher.code, now=now, **said)


def refusal(work):
    with pytest.raises(Problem) as caught:
        work()
    return caught.value


def other_store(voucher):
    return StoreFactory(brand=voucher.brand)


def test_a_voucher_is_issued_with_its_promise_by_the_statement_that_promises_cash(market):
    order, store = market
    counts = []
    for one in (winning_order(PrizeRow("红包", 100, 10))[0], order):
        won(one, None, number=1)  # what is read once in a process
        with CaptureQueriesContext(connection) as queries:
            won(one, None, number=2)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    claim = won(order, store, number=3)
    voucher, grant = Voucher.objects.get(grant__claim=claim), claim.grants.get()
    assert (voucher.state, voucher.store, voucher.consumer) == ("issued", store, claim.consumer)
    assert voucher.valid_until == grant.locked_until == NOON + dt.timedelta(days=30)
    assert (grant.payee, grant.state, grant.amount_fen, Payout.objects.filter(grant=grant).count()) == (
        *("redeemer", "locked"),
        600,
        0,
    )
    assert ledger_differences(order.brand) == []


@pytest.mark.parametrize(
    ("confidence", "has_owner", "bound"), [(0.9, True, True), (0.4, True, False), (0.9, False, False)]
)
def test_only_a_store_that_surely_sold_it_and_can_be_paid_binds_a_voucher(confidence, has_owner, bound, market):
    order, store = market
    if not has_owner:
        Store.objects.filter(pk=store.pk).update(owner=None)
    assert won(order, store, confidence=confidence).voucher.store_id == (store.pk if bound else None)


def test_redeeming_promises_the_stores_owner_the_compensation_and_bills_it_at_once(rung):
    voucher = won_voucher(owner_share_fen=30)
    campaign = voucher.grant.campaign
    assert [balances_of(campaign)[kind] for kind in ("budget", "reserved", "payable")] == [9_370, 600, 30]
    redeemed(voucher)
    voucher.refresh_from_db()
    grant = Grant.objects.get(pk=voucher.pk)
    assert (voucher.state, voucher.redeemed_at, voucher.redeemed_store) == ("redeemed", NOON, voucher.store)
    assert (grant.state, grant.store_owner, grant.consumer) == ("promised", voucher.store.owner, None)
    assert Payout.objects.get(grant=grant).payee_account == voucher.store.owner.wallet
    assert [balances_of(campaign)[kind] for kind in ("budget", "reserved", "payable")] == [9_370, 0, 630]
    entry = AuditEntry.objects.get(action="voucher.redeemed")
    assert (entry.actor, entry.after) == (
        "user:owner",
        {"state": "redeemed", "compensation_fen": 600, "store": voucher.store.number},
    )
    assert ledger_differences(voucher.brand) == []


def test_an_owner_without_an_account_is_billed_as_soon_as_there_is_one(voucher):
    owners = type(voucher.store.owner).objects.filter(pk=voucher.store.owner_id)
    owners.update(wallet="")
    redeemed(voucher, Store.objects.get(pk=voucher.store_id))
    assert create_waiting_payouts(now=NOON) == 0
    assert release_lapsed(now=NOON + dt.timedelta(days=400)) == 0  # the goods have been handed over
    owners.update(wallet="w")
    assert create_waiting_payouts(now=NOON) == 1
    assert release_locked(now=LATER + GRACE) == 0


def test_a_voucher_is_redeemed_once_and_says_where_to_that_store_alone(off):
    voucher = off
    first, second = other_store(voucher), other_store(voucher)
    redeemed(voucher, first)
    again, elsewhere = refusal(lambda: redeemed(voucher, first)), refusal(lambda: redeemed(voucher, second))
    assert again.code == elsewhere.code == "voucher_redeemed"
    assert (again.facts["store"], elsewhere.facts["store"]) == (first.name, f"{first.name[0]}•••")
    assert again.facts["redeemed_at"] == NOON
    assert "2026-03-02 12:00" in again.detail
    assert Payout.objects.filter(grant=voucher.pk).count() == 1


def test_a_voucher_of_one_store_is_refused_elsewhere_until_that_store_closes(voucher):
    elsewhere = other_store(voucher)
    told = refusal(lambda: redeemed(voucher, elsewhere))
    assert (told.code, told.facts) == ("other_store_only", {"store": voucher.store.name})
    assert redeemable_at(elsewhere, voucher.consumer, NOON) == []
    Store.objects.filter(pk=voucher.store_id).update(is_active=False)
    assert redeemable_at(elsewhere, voucher.consumer, NOON) == [voucher]
    assert redeemed(voucher, elsewhere).redeemed_store == elsewhere


def test_what_is_no_voucher_of_the_brand_is_unknown(voucher):
    stranger = StoreFactory(brand=BrandFactory())
    assert refusal(lambda: redeemed(voucher, stranger)).code == "voucher_unknown"
    assert refusal(lambda: look_at(store=stranger, code=voucher.code, now=NOON)).code == "voucher_unknown"
    voucher.code = "nonsense"
    assert refusal(lambda: redeemed(voucher)).code == "voucher_unknown"


def test_a_store_without_an_owner_redeems_nothing(off):
    voucher = off
    empty = StoreFactory(brand=voucher.brand, owner=None)
    assert refusal(lambda: redeemed(voucher, empty)).code == "store_without_owner"
    assert refusal(lambda: look_at(store=empty, code=voucher.code, now=NOON)).code == "store_without_owner"


def test_looking_writes_nothing_and_refuses_as_redeeming_does(voucher):
    assert look_at(store=voucher.store, code=f"https://one.cn/v/{voucher.code.lower()}", now=NOON) == voucher
    assert Voucher.objects.get().state == "issued"
    assert refusal(lambda: look_at(store=voucher.store, code=voucher.code, now=LATER)).code == "voucher_lapsed"


def test_what_was_handed_over_in_time_without_a_line_is_redeemed_up_to_a_day_later(voucher):
    just = LATER - dt.timedelta(minutes=1)
    assert refusal(lambda: redeemed(voucher, now=LATER)).code == "voucher_lapsed"
    late = LATER + dt.timedelta(hours=24)
    assert refusal(lambda: redeemed(voucher, now=late, handed_at=just)).code == "voucher_lapsed"
    assert release_locked(now=late - dt.timedelta(minutes=2)) == 0
    assert redeemed(voucher, now=late - dt.timedelta(minutes=2), handed_at=just).redeemed_at == just


def test_a_moment_to_come_is_now(voucher):
    assert redeemed(voucher, handed_at=LATER).redeemed_at == NOON


def test_what_nobody_redeems_lapses_and_its_money_is_back_in_the_budget(off):
    voucher = off
    assert (release_locked(now=LATER + GRACE), release_locked(now=LATER + GRACE)) == (1, 0)
    voucher.refresh_from_db()
    assert (voucher.state, voucher.closed_at) == ("lapsed", LATER + GRACE)
    assert (voucher.grant.campaign.budget_slots.count(), balances_of(voucher.grant.campaign)["budget"]) == (16, 10_000)
    assert PendingCount.objects.exists()
    assert refusal(lambda: redeemed(voucher, other_store(voucher))).code == "voucher_lapsed"
    assert ledger_differences(voucher.brand) == []


def test_a_voucher_is_cancelled_for_a_reason_and_its_money_is_back_in_the_budget(voucher):
    facts = {"brand": voucher.brand, "code": voucher.code, "actor": ACTOR, "now": NOON}
    with pytest.raises(Invalid):
        cancel_voucher(remark=" ", **facts)
    cancel_voucher(remark="stolen", **facts)
    assert balances_of(voucher.grant.campaign)["budget"] == 10_000
    assert refusal(lambda: redeemed(voucher)).code == "voucher_cancelled"
    assert refusal(lambda: cancel_voucher(remark="again", **facts)).code == "voucher_cancelled"
    assert AuditEntry.objects.get(action="voucher.cancelled").after["remark"] == "stolen"
    assert ledger_differences(voucher.brand) == []


def test_what_belongs_to_no_store_is_cancelled_and_lapses_too():
    order, _store = winning_order(OFF)
    first, second = won(order, None).voucher, won(order, None, number=1).voucher
    cancel_voucher(brand=order.brand, code=first.code, remark="x", actor=ACTOR, now=NOON)
    assert release_locked(now=LATER + GRACE) == 1
    assert {first.pk, second.pk} == set(Posting.objects.filter(reason="release").values_list("grant", flat=True))


@pytest.fixture
def held():
    """A held claim on a voucher, after one that passed."""
    order, store = winning_order()
    rule = RuleFacts(mode="on", thresholds={"person_hour": 2}, review_hours=24, after_time="release")
    set_risk_rule(brand=order.brand, facts=rule, actor=ACTOR, now=NOON)
    consumer = ConsumerFactory(brand=order.brand)
    won(order, store, consumer=consumer)
    assert refusal(lambda: won(order, store, number=1, consumer=consumer)).code == "held"
    return {"brand": order.brand, "claim_id": order.first_serial + 1, "remark": "looked", "actor": ACTOR}


def test_a_held_claim_has_no_voucher_before_it_is_let_pass(held):
    assert Voucher.objects.count() == 1
    release_held(now=NOON + dt.timedelta(hours=5), **held)
    voucher = Voucher.objects.latest("issued_at")
    assert (voucher.grant.claim_id, voucher.store.name) == (held["claim_id"], voucher.store.name)
    assert voucher.valid_until == voucher.grant.locked_until == NOON + dt.timedelta(days=30, hours=5)
    assert redeemed(voucher).state == "redeemed"
    assert ledger_differences(held["brand"]) == []


def test_a_held_claim_that_is_refused_never_has_a_voucher(held):
    refuse_held(now=NOON, **held)
    assert Voucher.objects.count() == 1
    assert ledger_differences(held["brand"]) == []


def test_the_opened_envelope_leads_to_the_voucher_and_then_says_what_became_of_it():
    voucher = won_voucher(EXCHANGE)
    asked = {"serial": voucher.grant.claim_id, "consumer_id": voucher.consumer_id}
    told = opened_envelope(**asked)
    assert (told.payment, told.words, told.amount_fen) == ("voucher", "A bottle for ¥5.00", 0)
    assert told.voucher_path == f"/wallet/vouchers/{voucher.pk}/"
    redeemed(voucher)
    assert opened_envelope(**asked).payment == "voucher_redeemed"


@pytest.mark.parametrize(
    ("prize", "words", "conditions"),
    [
        (BOTTLE, "One more bottle", "at the store of the purchase, within 30 days"),
        (EXCHANGE, "A bottle for ¥5.00", "at the store of the purchase, within 30 days"),
        (OFF, "¥3.00 off", "at every store of the brand, within 30 days"),
        (LOCKED, "A second envelope of ¥2.00", "unlocked by your next opening within 14 days"),
        (PrizeRow("红包", 30, 1, most_fen=80), "¥0.30 – ¥0.80", ""),
        (PrizeRow("谢谢", 0, 1), "no cash", ""),
    ],
)
def test_a_prize_is_told_in_words(prize, words, conditions):
    row = Prize(**prize.columns())
    assert (prize_words(row), prize_conditions(row)) == (words, conditions)


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"kind": "thanks", "amount_fen": 5}, "thank-you with an amount"),
        ({"kind": "cash", "amount_fen": 0}, "cash of 0 fen"),
        ({"kind": "cash", "valid_days": 5}, "has no days"),
        ({"kind": "cash", "any_store": True}, "no store redeems it"),
        ({"kind": "locked", "amount_fen": 0, "valid_days": 5}, "second envelope of 0 fen"),
        ({"kind": "locked"}, "how many days"),
        ({"kind": "bottle", "amount_fen": 0, "valid_days": 5}, "brings the store nothing"),
        ({"kind": "bottle", "valid_days": 5, "pays_fen": 5}, "has a price"),
        ({"kind": "bottle", "valid_days": 5, "most_fen": 500}, "only cash can have"),
        ({"kind": "exchange", "valid_days": 5}, "what the consumer pays"),
        ({"kind": "store_voucher", "valid_days": 5}, "what the store takes off"),
        ({"kind": "exchange", "valid_days": 5, "pays_fen": 1, "worth_fen": 5}, "worth something off"),
        ({"kind": "store_voucher", "valid_days": 5, "worth_fen": 5_000_001}, "above 50,000 yuan"),
    ],
)
def test_a_prize_that_contradicts_its_kind_is_refused_with_a_remedy(values, fault):
    store = StoreFactory()
    (told,) = prize_faults([Prize(**{"name": "奖", "amount_fen": 100} | values)], brand_id=store.brand_id)
    assert fault in told
    assert told.startswith("“奖”")


def test_vouchers_want_a_store_that_can_redeem_them():
    brand = BrandFactory()
    StoreFactory(brand=brand, owner=None)
    StoreFactory(brand=brand, owner=StoreOwnerFactory(brand=brand), is_active=False)
    (told,) = prize_faults([Prize(**BOTTLE.columns())], brand_id=brand.pk)
    assert told.startswith("No store of the brand has an owner")


def test_kinds_and_values_are_part_of_what_the_draw_commits_to():
    order, _store = winning_order(EXCHANGE)
    campaign = order.campaigns.get()
    assert (
        campaign.commitment != running_campaign(active_order(), PrizeRow("五元换购", 500, 10), ends_at=FAR).commitment
    )


@pytest.mark.parametrize(("text", "code"), [("v0o1-li23 4567", "V00111234567"), ("x", ""), ("V" * 13, "")])
def test_a_code_is_read_forgivingly(text, code):
    assert voucher_code_in(text) == code.replace(" ", "")


def test_a_code_is_shown_in_groups():
    assert grouped("VABCDEFGH123") == "VABC DEFG H123"


def test_a_voucher_that_its_grant_contradicts_is_told(voucher):
    Voucher.objects.update(state="lapsed", closed_at=NOON)
    (told,) = ledger_differences(voucher.brand)
    assert str(told) == f"voucher {voucher.pk} is lapsed: kept 0 fen, the ledger says 600 fen"


def test_a_voucher_of_which_the_rules_had_something_to_say_is_issued_with_what_they_said(market):
    order, store = market
    rule = RuleFacts(mode="watch", thresholds={"person_hour": 1}, review_hours=24, after_time="release")
    set_risk_rule(brand=order.brand, facts=rule, actor=ACTOR, now=NOON)
    claim = won(order, store)
    assert (claim.voucher.state, claim.judgements.get().outcome) == ("issued", "hold")
    assert Voucher.objects.get().code == claim.voucher.code
