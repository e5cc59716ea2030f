"""What a consumer takes along of their rewards."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consumers.selectors.own_data import export_of
from rewards.models import Claim, Grant
from rewards.services.payees import Proof, link_account
from rewards.services.redeeming import Counter, redeem_voucher
from tests.factories import triggers
from tests.factories.campaigns import ConsumerFactory, active_order, running_campaign
from tests.factories.stores import NOON
from tests.factories.vouchers import OFF, winning_order, won

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid():
    order = active_order()
    running_campaign(order)
    consumer = ConsumerFactory(brand=order.brand)
    proof = Proof(provider="sandbox", app="app", account="openid-of-ann", name="Ann")
    link_account(payee=consumer, proof=proof, now=NOON, actor="consumer:ann")
    won(order, None, consumer=consumer)
    return order, consumer


def test_the_export_tells_claims_money_with_its_bills_and_the_account_in_full(paid):
    order, consumer = paid
    told = export_of(consumer)
    assert [(row["item"], row["campaign"], row["state"]) for row in told["claims"]] == [
        (order.first_serial, "开瓶有礼", "promised")
    ]
    (money,) = told["money"]
    assert (money["amount_fen"], money["for"], [bill["provider"] for bill in money["bills"]]) == (
        *(100, "consumer"),
        ["sandbox"],
    )
    (account,) = told["payment_accounts"]
    assert (account["account"], account["name"]) == ("openid-of-ann", "Ann")
    assert told["vouchers"] == []


def test_the_export_tells_vouchers_and_where_they_were_redeemed():
    order, store = winning_order(OFF)
    claim = won(order, store)
    redeem_voucher(counter=Counter(store, "user:a"), code=claim.voucher.code, now=NOON)
    told = export_of(claim.consumer)
    (voucher,) = told["vouchers"]
    assert (voucher["prize"], voucher["state"], voucher["redeemed_at_store"]) == ("代金券", "redeemed", store.name)
    assert (told["money"], told["payment_accounts"]) == ([], [])


def test_a_held_envelope_keeps_its_secret(paid):
    _order, consumer = paid
    with triggers.passed_by():
        Claim.objects.filter(consumer=consumer).update(state="held")
        Grant.objects.filter(consumer=consumer).update(state="held")
    told = export_of(consumer)
    assert ([row["prize"] for row in told["claims"]], told["money"]) == ([None], [])


def test_the_export_costs_the_same_however_much_there_is(paid):
    order, consumer = paid
    counts = []
    for number in (1, 2):
        won(order, None, number=number, consumer=consumer)
        with CaptureQueriesContext(connection) as queries:
            export_of(consumer)
        counts.append(len(queries))
    assert counts[0] == counts[1]
