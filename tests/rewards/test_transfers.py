"""Money moves between brand and budget when two people want it to."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from core.errors import Invalid, NotFound
from core.models import AuditEntry
from rewards.models import Posting, Transfer
from rewards.refusals import FourEyes, NotYourTransfer, TransferDecided, TransferWaits
from rewards.selectors.balances import ledger_differences
from rewards.selectors.liability import paid_in
from rewards.services import ledger
from rewards.services.budget import free_fen
from rewards.services.campaigns import end_campaign
from rewards.services.claims import open_claim
from rewards.services.grants import release_grant
from rewards.services.reviewing import publish_campaign, submit_campaign
from rewards.services.transfers import Wish, approve_transfer, ask_transfer, refuse_transfer, withdraw_transfer
from tests.factories.campaigns import EARLIER, ConsumerFactory, active_order, draft, opened, running_campaign
from tests.factories.kept import anew
from tests.factories.stores import NOON, BrandFactory

pytestmark = pytest.mark.django_db
ANN, BEN = "user:ann", "user:ben"
PAY_IN, REFUND = Transfer.Direction.PAY_IN, Transfer.Direction.REFUND


def world():
    return running_campaign(active_order())


@pytest.fixture
def campaign(kept_world, db):
    return anew(kept_world, "brand")


def wished(campaign, direction, fen, actor=ANN):
    wish = Wish(direction=direction, amount_fen=fen, reference="B-7")
    return ask_transfer(campaign_id=campaign.pk, brand=campaign.brand, wish=wish, actor=actor, now=NOON)


def decided(service, transfer, actor=BEN, **more):
    return service(transfer_id=transfer.pk, brand=transfer.brand, actor=actor, now=NOON, **more)


def moved(campaign, direction, fen):
    return decided(approve_transfer, wished(campaign, direction, fen))


def put_out(campaign):
    """Submitted by one person and published by another."""
    told = {"campaign_id": campaign.pk, "brand": campaign.brand, "now": EARLIER}
    submit_campaign(**told, actor=ANN)
    publish_campaign(**told, actor=BEN)


def state_of(campaign):
    campaign.refresh_from_db()
    return campaign.budget_fen, paid_in(campaign), free_fen(campaign.pk)


def message(refused):
    return refused.value.fields["amount_fen"][0]


def test_a_draft_is_funded_when_a_second_person_approves():
    order = active_order()
    campaign = draft(order)
    transfer = wished(campaign, PAY_IN, 10_000)
    assert state_of(campaign) == (10_000, 0, 0)
    done = decided(approve_transfer, transfer, remark=" seen ")
    assert (done.state, done.posting.reason, done.posting.posted_by, done.remark) == ("approved", "fund", ANN, "seen")
    assert state_of(campaign) == (10_000, 10_000, 10_000)
    put_out(campaign)
    assert ledger_differences(campaign.brand) == []


def test_a_running_campaigns_budget_grows_with_what_is_paid_in(campaign):
    moved(campaign, PAY_IN, 500)
    assert state_of(campaign) == (10_500, 10_500, 10_500)


def test_every_step_is_audited_with_who_took_it(campaign):
    moved(campaign, PAY_IN, 500)
    entries = AuditEntry.objects.filter(object_kind="transfer").order_by("pk")
    assert [(entry.actor, entry.action, entry.after["amount_fen"]) for entry in entries] == [
        (ANN, "transfer.asked", 500),
        (BEN, "transfer.approved", 500),
    ]


@pytest.mark.parametrize("service", [approve_transfer, refuse_transfer])
def test_nobody_decides_what_they_asked_for_themselves(service, campaign):
    transfer = wished(campaign, PAY_IN, 1)
    with pytest.raises(FourEyes):
        decided(service, transfer, ANN)


def test_the_database_holds_the_four_eyes_too(campaign):
    transfer = wished(campaign, PAY_IN, 1)
    posting = Posting.objects.first()
    changed = {"state": "approved", "decided_by": ANN, "decided_at": NOON, "posting": posting}
    with pytest.raises(IntegrityError, match="transfer_four_eyes"), transaction.atomic():
        Transfer.objects.filter(pk=transfer.pk).update(**changed)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE rewards_transfer SET amount_fen = 9",
        "UPDATE rewards_transfer SET asked_by = 'user:cas'",
        "DELETE FROM rewards_transfer",
    ],
)
def test_what_was_asked_for_stays_as_it_was_written(sql, campaign):
    wished(campaign, PAY_IN, 1)
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_decision_is_for_good(campaign):
    transfer = moved(campaign, PAY_IN, 1)
    for service in (approve_transfer, refuse_transfer):
        with pytest.raises(TransferDecided):
            decided(service, transfer, "user:cas")
    with pytest.raises(ProgrammingError), transaction.atomic():
        Transfer.objects.update(remark="other")


def test_a_refusal_says_why_and_moves_nothing(campaign):
    transfer = wished(campaign, PAY_IN, 1)
    with pytest.raises(Invalid) as refused:
        decided(refuse_transfer, transfer, remark=" ")
    assert list(refused.value.fields) == ["remark"]
    assert decided(refuse_transfer, transfer, remark="no such payment").state == "refused"
    assert state_of(campaign) == (10_000, 10_000, 10_000)


def test_who_asked_withdraws_and_nobody_else(campaign):
    transfer = wished(campaign, PAY_IN, 1)
    with pytest.raises(NotYourTransfer):
        decided(withdraw_transfer, transfer, BEN)
    assert decided(withdraw_transfer, transfer, ANN).state == "withdrawn"


def test_one_transfer_of_a_campaign_waits_at_a_time(campaign):
    wished(campaign, PAY_IN, 1)
    with pytest.raises(TransferWaits):
        wished(campaign, REFUND, 1, BEN)


@pytest.mark.parametrize("fen", [0, -1])
def test_an_amount_is_positive(fen, campaign):
    with pytest.raises(Invalid):
        wished(campaign, PAY_IN, fen)


def test_a_draft_takes_no_more_than_its_budget():
    with pytest.raises(Invalid) as refused:
        wished(draft(active_order()), PAY_IN, 10_001)
    assert message(refused) == "At most ¥100.00 are missing of this draft's budget. Raise the draft's budget first."


def test_a_draft_gives_all_back_and_is_funded_anew():
    campaign = draft(active_order())
    moved(campaign, PAY_IN, 10_000)
    moved(campaign, REFUND, 9_999)
    assert state_of(campaign) == (10_000, 1, 1)
    moved(campaign, PAY_IN, 9_999)
    assert state_of(campaign) == (10_000, 10_000, 10_000)


def test_no_more_goes_back_than_is_free():
    campaign = draft(active_order())
    moved(campaign, PAY_IN, 100)
    with pytest.raises(Invalid) as refused:
        wished(campaign, REFUND, 101)
    assert message(refused) == "At most ¥1.00 are free. Ask for that much, or wait until promises are settled."


def test_a_published_campaign_keeps_its_budget(campaign):
    with pytest.raises(Invalid) as refused:
        wished(campaign, REFUND, 1)
    assert message(refused) == (
        "A published campaign keeps its budget. What is left of it goes back by itself when it has ended."
    )


def test_what_came_back_to_an_ended_campaign_can_be_refunded_by_hand():
    order = active_order()
    campaign = running_campaign(order)
    consumer = ConsumerFactory(brand=order.brand)
    scan = opened(order, order.first_serial, consumer)
    open_claim(scan_id=scan.pk, consumer=consumer, visitor="", now=NOON)
    end_campaign(campaign_id=campaign.pk, brand=campaign.brand, actor=ANN, now=campaign.ends_at)
    grant = campaign.grants.get()
    ledger.reverse(postings=list(grant.postings.filter(reason="send")), posted_by=ANN, now=NOON)
    release_grant(grant=grant, reason="failed", posted_by=ANN, now=NOON)
    moved(campaign, REFUND, 100)
    assert state_of(campaign) == (10_000, 0, 0)
    assert ledger_differences(campaign.brand) == []


def test_what_was_free_when_asked_is_looked_at_again_when_approved():
    order = active_order()
    campaign = draft(order)
    moved(campaign, PAY_IN, 10_000)
    transfer = wished(campaign, REFUND, 9_500)
    put_out(campaign)
    with pytest.raises(Invalid):
        decided(approve_transfer, transfer)
    assert state_of(campaign) == (10_000, 10_000, 10_000)


def test_an_ended_campaign_takes_nothing_in(campaign):
    end_campaign(campaign_id=campaign.pk, brand=campaign.brand, actor=ANN, now=campaign.ends_at)
    with pytest.raises(Invalid) as refused:
        wished(campaign, PAY_IN, 1)
    assert message(refused) == "The campaign has ended; nothing can be paid in any more. Fund another campaign."


def test_another_brands_campaign_and_transfer_are_not_there(campaign):
    transfer = wished(campaign, PAY_IN, 1)
    with pytest.raises(NotFound):
        approve_transfer(transfer_id=transfer.pk, brand=BrandFactory(), actor=BEN, now=NOON)
    wish = Wish(direction=PAY_IN, amount_fen=1)
    with pytest.raises(NotFound):
        ask_transfer(campaign_id=campaign.pk, brand=BrandFactory(), wish=wish, actor=ANN, now=NOON)
