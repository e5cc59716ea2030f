"""Who is paid where: what people proved is sealed, looked for by equality, and shown by its ends alone."""

import datetime as dt
from functools import partial

import pytest
from django.core.exceptions import ImproperlyConfigured

from bench.statements import statements_of
from core.errors import Invalid
from core.models import AuditEntry
from core.sealing import SealBroken, boxes, masked, seal, unseal
from rewards.models import PayeeAccount, Payout
from rewards.selectors.claim_facts import KnownAccount
from rewards.selectors.draws import draw_of
from rewards.services.claims import open_claim
from rewards.services.payees import Proof, accounts_among, link_account, real_name
from rewards.services.payouts import create_payouts, create_waiting_payouts
from rewards.services.providers import provider
from rewards.services.settling import order_of
from tests.factories.campaigns import ConsumerFactory, active_order, opened, running_campaign
from tests.factories.promises import Payee, market, promise
from tests.factories.stores import NOON, StoreOwnerFactory

OPENID = "o-MYE42l80oelYMDE34nYD456Xoy"
KEYS = "2:" + "ab" * 32 + ",1:" + "0f" * 32


def link(payee, account: str = OPENID, name: str = "") -> PayeeAccount:
    return link_account(payee=payee, proof=Proof("wechatpay", "wx1", account, name), now=NOON, actor="user:a")


def test_the_same_text_is_the_same_sealed_and_says_nothing_of_itself() -> None:
    assert seal(OPENID) == seal(OPENID) != seal(OPENID + "x")
    assert OPENID[2:8] not in seal(OPENID)
    assert unseal(seal(OPENID)) == OPENID


def test_a_former_key_still_opens_and_a_new_one_seals(settings) -> None:
    settings.PAYEE_KEYS = "1:" + "0f" * 32
    old = seal(OPENID)
    settings.PAYEE_KEYS = KEYS
    assert (unseal(old), seal(OPENID).split(":")[1]) == (OPENID, "2")


def test_what_was_never_sealed_is_answered_as_it_is() -> None:
    assert unseal("consumer:1") == "consumer:1"


@pytest.mark.parametrize("text", ["sealed:9:abcd", "sealed:1:abcd", "sealed:1:…"])
def test_what_was_changed_or_has_no_key_any_more_is_refused(settings, text) -> None:
    settings.PAYEE_KEYS = "1:" + "0f" * 32
    with pytest.raises((SealBroken, ValueError)):
        unseal(text)


@pytest.mark.parametrize("keys", ["", "1", "1:beef", "x:" + "0f" * 32, "1:" + "zz" * 32])
def test_a_malformed_key_is_named_and_not_shown(keys) -> None:
    with pytest.raises(ImproperlyConfigured, match="ONECODE_PAYEE_KEYS: each key is a number"):
        boxes(keys)


@pytest.mark.parametrize(("text", "shown"), [(OPENID, "o-…oy"), ("2088123", "…23"), ("", "…")])
def test_of_an_account_its_ends_are_shown(text, shown) -> None:
    assert (masked(text), masked(seal(text))) == (shown, shown)


@pytest.mark.django_db
def test_an_account_is_kept_sealed_once_a_person_and_told_to_the_audit_by_its_ends(rung) -> None:
    (grant,) = promise(market())
    for account in ("first-account", OPENID):
        link(grant.consumer, account, "张三" if account == OPENID else "")
    (kept,) = PayeeAccount.objects.all()
    assert (unseal(kept.account), unseal(kept.name), kept.hint, str(kept)) == (
        OPENID,
        "张三",
        "o-…oy",
        "wechatpay o-…oy",
    )
    told = AuditEntry.objects.filter(action="payee.linked").latest("pk")
    assert told.after == {"provider": "wechatpay", "account": "o-…oy", "has_name": True}


@pytest.mark.django_db
@pytest.mark.parametrize("account", ["", "  ", "x" * 129, "a\x00b"])
def test_an_account_that_can_be_none_is_refused(account) -> None:
    with pytest.raises(Invalid):
        link(StoreOwnerFactory(), account)


@pytest.mark.django_db
def test_a_promise_waits_for_the_account_and_is_billed_to_it(chosen, rung) -> None:
    campaign = market()
    owner = StoreOwnerFactory(brand=campaign.brand, wallet="sandbox-wallet")
    (consumers,) = promise(campaign)
    promise(campaign, payee=Payee(owner=owner))
    assert create_payouts(grants=[consumers], now=NOON) == []
    assert create_waiting_payouts(now=NOON) == 0
    link(consumers.consumer)
    link(owner, "o-owner")
    assert create_waiting_payouts(now=NOON) == 2
    assert {unseal(account) for account in Payout.objects.values_list("payee_account", flat=True)} == {
        OPENID,
        "o-owner",
    }
    assert create_waiting_payouts(now=NOON) == 0


@pytest.mark.django_db
def test_a_large_promise_waits_for_the_real_name_and_is_sent_with_it(chosen, rung) -> None:
    (grant,) = promise(market(), amount_fen=200_000)
    link(grant.consumer)
    assert create_payouts(grants=[grant], now=NOON) == []
    assert create_waiting_payouts(now=NOON) == 0
    link(grant.consumer, name="张三")
    assert create_waiting_payouts(now=NOON) == 1
    payout = Payout.objects.get()
    assert order_of(payout, provider("wechatpay").pace).name == "张三"
    assert real_name(provider_name="wechatpay", account=seal("o-other")) == ""


@pytest.mark.django_db
def test_bills_that_were_made_keep_their_account(chosen, rung) -> None:
    (grant,) = promise(market())
    link(grant.consumer)
    (payout,) = create_payouts(grants=[grant], now=NOON)
    link(grant.consumer, "o-another")
    payout.refresh_from_db()
    assert unseal(payout.payee_account) == OPENID
    assert payout.created_at == NOON + dt.timedelta()


@pytest.mark.django_db
def test_a_claim_bills_the_known_account_and_asks_for_nothing_more(chosen, rung) -> None:
    order = active_order(quantity=20)
    campaign = running_campaign(order)
    draw_of(campaign)
    known, unknown = (ConsumerFactory(brand=order.brand) for _ in range(2))
    link(known)
    asked = []
    for number, who in enumerate((unknown, known)):
        scan = opened(order, order.first_serial + number, who)
        told = {"scan_id": scan.pk, "consumer": who, "visitor": "v", "now": NOON + dt.timedelta(minutes=1)}
        asked.append(len(statements_of(partial(open_claim, **told))))
    assert asked[0] == asked[1]
    (bill,) = Payout.objects.all()
    assert (bill.grant.consumer, unseal(bill.payee_account)) == (known, OPENID)


@pytest.mark.django_db
def test_a_large_prize_is_billed_to_a_named_account_alone(chosen) -> None:
    (grant,) = promise(market(), amount_fen=200_000)
    known = {"consumer": KnownAccount("sealed", named=False)}
    assert accounts_among([grant], known) == {}
    assert accounts_among([grant], {"consumer": KnownAccount("sealed", named=True)}) == {grant.pk: "sealed"}
