import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from rewards.models import Account, BudgetSlot, Claim, Grant, Posting
from rewards.models.ledger import ROUTES, AccountKind, Reason
from rewards.selectors.balances import balances_of, differences, ledger_differences
from rewards.services import ledger
from rewards.services.grants import release_grant
from rewards.services.ledger import Move, move_of
from tests.factories.campaigns import ACTOR, ConsumerFactory, active_order, opened, running_campaign
from tests.factories.kept import anew
from tests.factories.stores import NOON

pytestmark = pytest.mark.django_db


def world():
    return running_campaign(active_order())


@pytest.fixture
def campaign(kept_world, db):
    return anew(kept_world, "brand")


@pytest.fixture
def grant(campaign):
    """A promise of 100 fen, taken from slot 2, without a bill."""
    order = campaign.orders.get()
    consumer = ConsumerFactory(brand=campaign.brand)
    scan = opened(order, order.first_serial, consumer)
    claim = Claim.objects.create(
        opening=scan.opening,
        brand=campaign.brand,
        consumer=consumer,
        campaign=campaign,
        prize=campaign.prizes.get(),
        state="promised",
        claimed_at=NOON,
    )
    grant = Grant.objects.create(
        brand=campaign.brand,
        campaign=campaign,
        claim=claim,
        payee="consumer",
        consumer=consumer,
        day=NOON.date(),
        amount_fen=100,
        budget_slot=2,
        promised_at=NOON,
    )
    slot = BudgetSlot.objects.get(campaign=campaign, slot=2)
    slot.free_fen -= 100
    slot.save()
    ledger.post(moves=[move_of(grant, Reason.PROMISE)], posted_by=ACTOR, now=NOON)
    return grant


def post_one(campaign, reason, amount_fen=1, **ids):
    move = Move(reason=reason, brand_id=campaign.brand_id, campaign_id=campaign.pk, amount_fen=amount_fen, **ids)
    return ledger.post(moves=[move], posted_by=ACTOR, now=NOON)[0]


@pytest.mark.parametrize("reason", [Reason.FUND, Reason.PROMISE, Reason.SEND, Reason.PAY, Reason.REFUND])
def test_a_move_goes_the_way_of_its_reason(campaign, reason):
    posting = post_one(campaign, reason)
    assert (posting.from_account.kind, posting.to_account.kind) == ROUTES[reason]


def test_a_posting_off_its_route_is_refused_by_the_database(campaign):
    budget, paid = (Account.id_of(campaign.pk, kind) for kind in (AccountKind.BUDGET, AccountKind.PAID))
    with pytest.raises(IntegrityError, match="posting_on_its_route"):
        Posting.objects.create(
            brand=campaign.brand,
            from_account_id=budget,
            to_account_id=paid,
            amount_fen=1,
            reason=Reason.PAY,
            posted_by=ACTOR,
            posted_at=NOON,
        )


def test_money_never_moves_from_campaign_to_campaign(campaign):
    other = running_campaign(active_order())
    first = post_one(campaign, Reason.PROMISE)
    with pytest.raises(IntegrityError, match="posting_on_its_route"):
        Posting.objects.create(
            brand=campaign.brand,
            from_account_id=Account.id_of(campaign.pk, AccountKind.RESERVED),
            to_account_id=Account.id_of(other.pk, AccountKind.BUDGET),
            amount_fen=1,
            reason=Reason.CORRECT,
            reverses=first,
            posted_by=ACTOR,
            posted_at=NOON,
        )


def test_an_account_bears_the_id_of_its_campaign_and_kind(campaign):
    with pytest.raises(IntegrityError, match="account_id_names_it"):
        Account.objects.create(id=7, brand=campaign.brand, campaign=campaign, kind="source")


@pytest.mark.parametrize("amount_fen", [0, -5])
def test_an_amount_is_positive(campaign, amount_fen):
    with pytest.raises(IntegrityError):
        post_one(campaign, Reason.FUND, amount_fen)


def test_a_grant_is_promised_once(grant):
    with pytest.raises(IntegrityError, match="posting_once_per_grant"):
        ledger.post(moves=[move_of(grant, Reason.PROMISE)], posted_by=ACTOR, now=NOON)


@pytest.mark.parametrize(
    ("reason", "opposite"),
    [(Reason.PROMISE, "release"), (Reason.SEND, "fail"), (Reason.FUND, "correct"), (Reason.PAY, "correct")],
)
def test_a_reversal_is_the_exact_opposite_and_names_what_it_reverses(campaign, reason, opposite):
    posting = post_one(campaign, reason, 5)
    (back,) = ledger.reverse(postings=[posting], posted_by=ACTOR, now=NOON)
    assert (back.reason, back.amount_fen, back.reverses) == (opposite, 5, posting)
    assert (back.from_account_id, back.to_account_id) == (posting.to_account_id, posting.from_account_id)


def test_a_posting_is_reversed_once(campaign):
    posting = post_one(campaign, Reason.FUND)
    ledger.reverse(postings=[posting], posted_by=ACTOR, now=NOON)
    with pytest.raises(IntegrityError):
        ledger.reverse(postings=[posting], posted_by=ACTOR, now=NOON)


def test_a_release_without_the_promise_that_it_reverses_is_refused(campaign):
    with pytest.raises(IntegrityError, match="posting_reversal_names_it"):
        post_one(campaign, Reason.RELEASE)


def test_money_cannot_be_moved_in_a_campaign_that_was_never_funded(campaign):
    never = Move(reason=Reason.FUND, brand_id=campaign.brand_id, campaign_id=campaign.pk + 1, amount_fen=1)
    ledger.post(moves=[never], posted_by=ACTOR, now=NOON)
    with pytest.raises(IntegrityError, match="account"):
        transaction.get_connection().check_constraints()
    transaction.set_rollback(True)


@pytest.mark.parametrize("change", ["UPDATE rewards_posting SET amount_fen = 2", "DELETE FROM rewards_posting"])
def test_the_ledger_can_neither_be_edited_nor_erased(campaign, change):
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        transaction.get_connection().cursor().execute(change)


def test_a_released_grants_money_is_back_in_its_slot(grant):
    assert release_grant(grant=grant, reason="expired", posted_by=ACTOR, now=NOON)
    assert BudgetSlot.objects.get(campaign=grant.campaign, slot=2).free_fen == 625
    assert (grant.state, grant.reason, grant.settled_at) == ("released", "expired", NOON)
    assert ledger_differences(grant.brand) == []


def test_a_grant_is_released_once(grant):
    release_grant(grant=grant, reason="expired", posted_by=ACTOR, now=NOON)
    assert not release_grant(grant=grant, reason="expired", posted_by=ACTOR, now=NOON)
    assert balances_of(grant.campaign)["budget"] == 10_000


def test_no_difference_is_found_where_there_is_none(grant):
    assert list(differences()) == []


def test_a_slot_that_says_otherwise_than_the_ledger_is_told(grant):
    BudgetSlot.objects.filter(campaign=grant.campaign, slot=0).update(free_fen=0)
    assert list(differences()) == [
        (
            f"brand {grant.brand.slug} campaign {grant.campaign_id}: free in the budget slots: "
            "kept 9275 fen, the ledger says 9900 fen"
        )
    ]


@pytest.mark.parametrize(("state", "kept", "says"), [("paid", 100, 0), ("released", 0, 100)])
def test_a_grant_that_says_otherwise_than_the_ledger_is_told(grant, state, kept, says):
    Grant.objects.filter(pk=grant.pk).update(state=state, settled_at=NOON)
    assert [str(difference) for difference in ledger_differences(grant.brand)] == [
        f"grant {grant.pk} is {state}: kept {kept} fen, the ledger says {says} fen"
    ]


def test_an_account_below_zero_is_told(campaign):
    post_one(campaign, Reason.PAY, 7)
    assert [str(difference) for difference in ledger_differences(campaign.brand)] == [
        f"campaign {campaign.pk}: payable below zero: kept 0 fen, the ledger says -7 fen"
    ]
