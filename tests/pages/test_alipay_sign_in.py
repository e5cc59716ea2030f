"""Signing in with Alipay, over HTTP against a small Alipay of ours. What it shares with WeChat's is tested there."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from consumers.models import Consumer, Identity
from consumers.services.erasure import erase
from consumers.session import SESSION_COOKIE
from core import clock
from core.sealing import seal
from rewards.models import PayeeAccount
from rewards.services import alipay as here
from tests.alipay.keys import APP_ID, merchant_at
from tests.alipay.server import Alipay, running
from tests.factories.shop_window import ShopWindow
from tests.factories.stores import BrandFactory

pytestmark = pytest.mark.django_db
USER, OPEN = "2088123412341234", "074a1CcTG1LelxKe4xQC0zgNdId0nxi95b5lsNpazWYoCo5"
ENGLISH = {"accept-language": "en"}


@pytest.fixture(scope="module")
def far_side():
    with running(Alipay()) as bank:
        yield bank


@pytest.fixture
def alipay(far_side, settings, db):
    codes = {"c1": {"user_id": USER}, "c2": {"user_id": USER}, "open": {"open_id": OPEN}, "nobody": {}}
    far_side.known, far_side.mood = {code: json.dumps(told) for code, told in codes.items()}, lambda *_: ""
    settings.ALIPAY, settings.ALIPAY_SIGN_IN = merchant_at(far_side.gateway), True
    settings.PUBLIC_URL = "https://q.example.com"
    here.channel.cache_clear()
    BrandFactory(slug="spring")
    yield far_side
    here.channel.cache_clear()


def left(client):
    return client.get("/wallet/alipay/", {"brand": "spring"})


def came_back(client, code="c1"):
    state = parse_qs(urlsplit(left(client)["Location"]).query)["state"][0]
    return client.get("/wallet/alipay/back/", {"auth_code": code, "state": state}, headers=ENGLISH)


def signed_in(client):
    return Consumer.objects.get(pk=client.get("/api/v1/me").json()["id"])


def wallet(client):
    return client.get("/wallet/", headers=ENGLISH).content.decode()


def test_the_way_leads_to_alipay_and_back_to_us(client, alipay):
    away = urlsplit(left(client)["Location"])
    asked = {name: value[0] for name, value in parse_qs(away.query).items()}
    assert (away.netloc, away.path) == ("openauth.alipay.com", "/oauth2/publicAppAuthorize.htm")
    assert asked.pop("state").isalnum()
    assert asked == {
        "app_id": APP_ID,
        "scope": "auth_base",
        "redirect_uri": "https://q.example.com/wallet/alipay/back/",
    }


@pytest.mark.parametrize(("code", "account"), [("c1", USER), ("open", OPEN)])
def test_whoever_comes_back_is_signed_in_and_paid_to_that_account(client, alipay, code, account):
    assert came_back(client, code)["Location"] == "/wallet/"
    consumer = signed_in(client)
    paid = PayeeAccount.objects.get(consumer=consumer)
    assert (paid.provider, paid.app, paid.account) == ("alipay", APP_ID, seal(account))
    assert account not in paid.hint
    came_back(client, "c2") if code == "c1" else None
    assert signed_in(client) == consumer


@pytest.mark.parametrize(
    ("code", "mood", "words"),
    [
        ("spent", "", "Alipay did not tell who you are"),
        ("", "", "Alipay did not tell who you are"),
        ("x" * 513, "", "Alipay did not tell who you are"),
        ("nobody", "", "Alipay does not answer just now"),
        ("c1", "unavailable", "Alipay does not answer just now"),
    ],
)
def test_what_alipay_does_not_say_signs_nobody_in(client, alipay, code, mood, words):
    alipay.mood = lambda *_: mood
    came_back(client, code)
    assert SESSION_COOKIE not in client.cookies
    assert not Identity.objects.exists()
    assert words in wallet(client)


def test_a_refusal_without_a_signature_is_one_all_the_same(client, alipay, monkeypatch):
    monkeypatch.setattr(alipay, "signature", lambda _: 1)
    came_back(client, "spent")
    assert "Alipay did not tell who you are" in wallet(client)
    came_back(client)
    assert "Alipay does not answer just now" in wallet(client)


def test_silence_and_forgeries_sign_nobody_in(client, alipay, settings):
    alipay.signer = "stranger"
    came_back(client)
    assert "Alipay does not answer just now" in wallet(client)
    alipay.signer = "new"
    settings.ALIPAY = merchant_at("http://127.0.0.1:9/gateway.do")
    here.channel.cache_clear()
    came_back(client)
    assert "Alipay does not answer just now" in wallet(client)
    assert SESSION_COOKIE not in client.cookies


def test_where_nobody_is_paid_there_nothing_is_offered(client, alipay, settings):
    assert "Sign in with Alipay" in wallet(client)
    state = parse_qs(urlsplit(left(client)["Location"]).query)["state"][0]
    settings.ALIPAY_SIGN_IN = False
    assert client.get("/wallet/alipay/", headers=ENGLISH).status_code == 403
    client.get("/wallet/alipay/back/", {"auth_code": "c1", "state": state}, headers=ENGLISH)
    page = wallet(client)
    assert "switched off here" in page
    assert "Sign in with Alipay" not in page


def test_the_closed_envelope_offers_it_and_the_way_leads_back_to_the_bottle(client, alipay, settings):
    settings.LOCAL_IDENTITY = False
    window = ShopWindow()
    code = code_cipher().encode(Role.ITEM_INNER, window.bottles.first_serial + 19)
    page = client.get(f"/c/{code}", headers=ENGLISH).content.decode()
    assert f"/wallet/alipay/?next=/c/{code}&amp;brand={window.brand.slug}" in page


def test_who_is_forgotten_loses_the_account_and_begins_anew(client, alipay):
    came_back(client)
    consumer = signed_in(client)
    erase(consumer=consumer, now=clock.now())
    assert not PayeeAccount.objects.exists()
    came_back(client, "c2")
    assert signed_in(client) != consumer
