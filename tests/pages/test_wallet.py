import pytest

from consumers.models import Consumer
from consumers.session import SESSION_COOKIE, token_for
from core import clock
from core.models import AuditEntry
from rewards.models import Grant, Payout
from rewards.sandbox.book import instruct
from rewards.sandbox.models import Behaviour
from rewards.sandbox.provider import SandboxProvider
from rewards.services.payouts import create_payouts
from rewards.services.settling import settle_batch
from tests.factories import promises
from tests.factories.stores import BrandFactory
from tests.wechatpay.keys import merchant_at

ENGLISH = {"accept-language": "en"}


def sign_in(client, consumer):
    client.cookies[SESSION_COOKIE] = token_for(consumer)


def wallet(client, **query):
    return client.get("/wallet/", query, headers=ENGLISH).content.decode()


def promised(count=1, consumer=None):
    grants = promises.promise(promises.market(), count)
    if consumer is None:
        consumer = grants[0].consumer
    own = Grant.objects.filter(pk__in=[grant.pk for grant in grants])
    own.update(consumer=consumer)
    return list(own), consumer


def test_a_stranger_is_asked_for_a_name(client, db):
    assert "Your name" in wallet(client)


def test_signing_in_by_name_opens_the_wallet(client, db):
    BrandFactory()
    response = client.post("/wallet/sign-in/", {"name": " Li  Lei "}, headers=ENGLISH)
    assert (response.status_code, response.headers["Location"]) == (302, "/wallet/")
    assert Consumer.objects.get().name == "Li Lei"
    assert "Li Lei" in wallet(client)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_name_that_will_not_do_is_asked_again(client, db, name):
    BrandFactory()
    response = client.post("/wallet/sign-in/", {"name": name}, headers=ENGLISH)
    assert response.status_code == 422
    assert b"field__error" in response.content


def test_signing_out_closes_the_wallet(client, db):
    BrandFactory()
    client.post("/wallet/sign-in/", {"name": "Li Lei"})
    client.post("/wallet/sign-out/")
    assert "Your name" in wallet(client)


def test_where_no_sign_in_is_offered_the_wallet_says_so(client, db, settings):
    settings.LOCAL_IDENTITY = False
    assert "No sign-in is offered here yet" in wallet(client)
    assert client.post("/wallet/sign-in/", {"name": "Li Lei"}).status_code in {403, 404}


def test_an_empty_wallet_says_what_to_do_next(client, db):
    BrandFactory()
    client.post("/wallet/sign-in/", {"name": "Li Lei"})
    body = wallet(client)
    assert "No red envelope yet" in body
    assert "¥0.00" in body


def test_a_promised_envelope_is_on_its_way_and_asked_for_again(client, db):
    _, consumer = promised()
    sign_in(client, consumer)
    body = wallet(client)
    assert "On its way" in body
    assert 'hx-trigger="every 1s"' in body


def test_a_paid_envelope_counts_and_is_not_asked_for_again(client, db):
    grants, consumer = promised()
    Grant.objects.filter(pk=grants[0].pk).update(state="paid", settled_at=grants[0].promised_at)
    sign_in(client, consumer)
    body = wallet(client)
    assert ("¥1.00" in body, "Paid" in body, "hx-trigger" in body) == (True, True, False)


def test_a_wallet_shows_its_own_envelopes_alone(client, db):
    promised()
    _, consumer = promised()
    sign_in(client, consumer)
    assert wallet(client).count("¥1.00") == 1


def test_a_long_wallet_is_shown_by_pages_without_gap_or_double(client, db):
    _, consumer = promised(25)
    sign_in(client, consumer)
    first = client.get("/wallet/").context["wallet"]
    second = client.get("/wallet/", {"before": first.older}).context["wallet"]
    shown = [grant.pk for grant in (*first.envelopes, *second.envelopes)]
    assert (len(first.envelopes), len(set(shown)), shown) == (20, 25, sorted(shown, reverse=True))


def test_the_queries_of_a_wallet_do_not_grow_with_its_envelopes(client, db, django_assert_num_queries):
    _, consumer = promised(15)
    sign_in(client, consumer)
    with django_assert_num_queries(4):  # beside the session's, which goes around Django's cursors
        client.get("/wallet/")


def test_a_cursor_that_is_none_begins_at_the_newest(client, db):
    _, consumer = promised()
    sign_in(client, consumer)
    assert wallet(client, before="nonsense").count("¥1.00") == 1


def test_the_live_part_is_for_the_signed_in_alone(client, db):
    assert client.get("/wallet/envelopes/").status_code == 401


def test_the_member_code_is_a_picture_of_the_own_code(client, db):
    _, consumer = promised()
    sign_in(client, consumer)
    response = client.get("/wallet/member-code.svg")
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.content.startswith(b"<svg")
    assert consumer.c_code in wallet(client)


def test_a_name_of_unprintable_characters_is_asked_again(client, db):
    BrandFactory()
    response = client.post("/wallet/sign-in/", {"name": "Li\u200bLei"}, headers=ENGLISH)
    assert response.status_code == 422
    assert b"Give a name of 1 to 60 characters." in response.content


def awaiting(consumer, grants):
    """A bill that waits for the payee, at the sandbox and with us."""
    instruct(account=f"consumer:{consumer.pk}", behaviour=Behaviour.CONFIRM)
    create_payouts(grants=grants, now=clock.now())
    settle_batch(bank=SandboxProvider(), tick=clock.now)
    return Payout.objects.get(grant=grants[0])


def confirm(client, grant):
    return client.post(f"/wallet/envelopes/{grant.pk}/confirm/", headers=ENGLISH, follow=True)


def test_a_payment_that_waits_for_the_payee_shows_a_button(client, db):
    grants, consumer = promised()
    awaiting(consumer, grants)
    sign_in(client, consumer)
    assert "Confirm receipt" in wallet(client)


def test_a_confirmed_payment_is_paid(client, transactional_db):
    grants, consumer = promised()
    payout = awaiting(consumer, grants)
    sign_in(client, consumer)
    assert "Confirmed. The money arrives in a moment." in confirm(client, grants[0]).content.decode()
    settle_batch(bank=SandboxProvider(), tick=clock.now)
    payout.refresh_from_db()
    assert (payout.state, "Confirm receipt" in wallet(client)) == ("paid", False)
    assert AuditEntry.objects.filter(action="confirm payout", actor=f"consumer:{consumer.pk}").count() == 1


def test_a_payment_that_waits_for_nobody_cannot_be_confirmed(client, db):
    grants, consumer = promised()
    create_payouts(grants=grants, now=clock.now())
    sign_in(client, consumer)
    assert "is not waiting for your confirmation" in confirm(client, grants[0]).content.decode()


def test_nobody_confirms_for_another(client, db):
    grants, consumer = promised()
    payout = awaiting(consumer, grants)
    _, stranger = promised()
    sign_in(client, stranger)
    assert confirm(client, grants[0]).status_code == 404
    payout.refresh_from_db()
    assert payout.state == "awaiting_confirmation"


def test_a_stranger_confirms_nothing(client, db):
    grants, _ = promised()
    assert confirm(client, grants[0]).status_code == 401


def test_what_is_confirmed_in_another_app_shows_no_button(client, db):
    grants, consumer = promised()
    awaiting(consumer, grants)
    Payout.objects.update(provider="elsewhere")
    sign_in(client, consumer)
    body = wallet(client)
    assert ("Please confirm" in body, "Confirm receipt" in body) == (True, False)


def test_a_bill_that_is_confirmed_in_wechat_shows_the_way_there_and_one_without_its_package_does_not(
    client, settings, db
):
    settings.PAYMENT_PROVIDERS = settings.PAYMENT_PROVIDERS | {"wechatpay": "rewards.services.wechatpay.wechatpay"}
    settings.WECHATPAY = merchant_at("http://127.0.0.1:9")
    grants, consumer = promised(2)
    for grant, package in zip(grants, ("affff==", ""), strict=True):
        (payout,) = create_payouts(grants=[grant], now=clock.now())
        Payout.objects.filter(pk=payout.pk).update(provider="wechatpay", package_info=package)
        for state in ("sending", "awaiting_confirmation"):
            Payout.objects.filter(pk=payout.pk).update(state=state)
    sign_in(client, consumer)
    page = wallet(client)
    assert (page.count("Confirm in WeChat"), page.count("Please confirm")) == (1, 1)
    assert 'data-merchant="1900000109" data-app="wx8888888888888888" data-package="affff=="' in page
