"""Signing in with WeChat, over HTTP against a small WeChat of ours."""

from urllib.parse import parse_qs, urlsplit

import pytest

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from consumers.models import Consumer, Identity
from consumers.services.erasure import erase
from consumers.session import SESSION_COOKIE, token_for
from core import clock
from core.models import AuditEntry
from core.sealing import seal
from rewards.models import PayeeAccount
from rewards.services.app_sign_in import known_by, takes
from tests.factories.consumers import ConsumerFactory
from tests.factories.shop_window import ShopWindow
from tests.factories.stores import BrandFactory
from tests.wechatpay.official_account import SECRET, running_official_account, told

pytestmark = pytest.mark.django_db
OPENID = "o-MYE42l80oelYMDE34nYD456Xoy"
ENGLISH = {"accept-language": "en"}


@pytest.fixture(scope="module")
def account():
    with running_official_account() as running:
        yield running


@pytest.fixture
def wechat(account, settings):
    account.codes, account.saying = {"c1": OPENID, "c2": OPENID, "other": "o-another"}, None
    settings.WECHAT_APP = account.app
    settings.PUBLIC_URL = "https://q.example.com"
    return account


@pytest.fixture
def brand(wechat):
    return BrandFactory(slug="spring")


def left(client, **query):
    """The state that this browser takes to WeChat."""
    away = client.get("/wallet/wechat/", {"brand": "spring"} | query)
    assert away.status_code == 302
    return parse_qs(urlsplit(away["Location"]).query)["state"][0]


def came_back(client, code="c1", **changed):
    asked = {"code": code, "state": changed.get("state") or left(client)}
    return client.get("/wallet/wechat/back/", asked, headers=ENGLISH)


def signed_in(client):
    key = client.cookies[SESSION_COOKIE].value
    return Consumer.objects.get(pk=client.get("/api/v1/me").json()["id"]) if key else None


def warning(client):
    return client.get("/wallet/", headers=ENGLISH).content.decode()


def test_the_way_leads_to_wechat_and_back_to_us(client, brand):
    away = urlsplit(client.get("/wallet/wechat/", {"brand": "spring"})["Location"])
    asked = {name: value[0] for name, value in parse_qs(away.query).items()}
    assert (away.netloc, away.path, away.fragment) == ("open.example", "/connect/oauth2/authorize", "wechat_redirect")
    assert asked.pop("state").isalnum()
    assert asked == {
        "appid": "wx8888",
        "redirect_uri": "https://q.example.com/wallet/wechat/back/",
        "response_type": "code",
        "scope": "snsapi_base",
    }


def test_whoever_comes_back_is_signed_in_and_paid_to_that_openid(client, brand):
    back = came_back(client)
    assert (back.status_code, back["Location"]) == (302, "/wallet/")
    consumer = signed_in(client)
    paid = PayeeAccount.objects.get(consumer=consumer)
    assert (paid.provider, paid.app, paid.account) == ("wechatpay", "wx8888", seal(OPENID))
    assert consumer.brand == brand


def test_the_same_openid_is_the_same_person_and_is_linked_once(client, brand):
    came_back(client, "c1")
    first = signed_in(client)
    came_back(client, "c2")
    assert signed_in(client) == first
    assert AuditEntry.objects.filter(action="payee.linked").count() == 1


def test_who_is_signed_in_already_stays_the_same_person(client, brand):
    consumer = ConsumerFactory(brand=brand)
    client.cookies[SESSION_COOKIE] = token_for(consumer)
    came_back(client)
    assert signed_in(client) == consumer
    assert PayeeAccount.objects.get().consumer == consumer


def test_a_known_openid_is_its_own_persons_whoever_is_signed_in(client, brand):
    came_back(client, "c1")
    owner = signed_in(client)
    client.cookies[SESSION_COOKIE] = token_for(ConsumerFactory(brand=brand))
    came_back(client, "c2")
    assert signed_in(client) == owner


def test_a_second_openid_is_not_taken_on_by_who_has_one(client, brand):
    came_back(client, "c1")
    first = signed_in(client)
    came_back(client, "other")
    assert signed_in(client) != first
    assert Identity.objects.filter(consumer=first).count() == 1


def test_an_openid_that_was_taken_meanwhile_is_its_own_persons(brand):
    slow, fast = ConsumerFactory(brand=brand), ConsumerFactory(brand=brand)
    assert takes(fast, "wechat", OPENID)
    assert not takes(slow, "wechat", OPENID)
    assert known_by(OPENID, kind="wechat", brand=brand, present=slow, now=clock.now()) == fast


def test_a_person_of_another_brand_is_not_taken_for_one_of_this(client, brand):
    stranger = ConsumerFactory()
    client.cookies[SESSION_COOKIE] = token_for(stranger)
    came_back(client)
    assert signed_in(client).brand == brand


@pytest.mark.parametrize(
    ("wanted", "page"),
    [
        ("/c/X1?via=2", "/c/X1?via=2"),
        ("https://evil.example/", "/wallet/"),
        ("//evil.example/", "/wallet/"),
        ("", "/wallet/"),
    ],
)
def test_the_way_ends_on_a_page_of_ours(client, brand, wanted, page):
    back = came_back(client, state=left(client, next=wanted))
    assert back["Location"] == page


@pytest.mark.parametrize("state", ["another", "😀", "0" * 32])
def test_a_link_that_somebody_else_made_signs_nobody_in(client, brand, state):
    left(client)
    came_back(client, state=state)
    assert SESSION_COOKIE not in client.cookies
    assert "WeChat did not tell who you are" in warning(client)


def test_coming_back_without_having_left_signs_nobody_in(client, brand):
    came_back(client, state="0" * 32)
    assert SESSION_COOKIE not in client.cookies


def test_a_state_is_good_once(client, brand):
    state = left(client)
    came_back(client, "other", state=state)
    client.cookies.pop(SESSION_COOKIE)
    came_back(client, "c1", state=state)
    assert SESSION_COOKIE not in client.cookies


@pytest.mark.parametrize(
    ("saying", "words"),
    [
        (told(errcode=40029, errmsg="invalid code"), "WeChat did not tell who you are"),
        (told(openid=OPENID, is_snapshotuser=1), "WeChat did not tell who you are"),
        (told(errcode=-1, errmsg="system error"), "WeChat does not answer just now"),
        (told(access_token="x"), "WeChat does not answer just now"),
        ((200, b"[1]"), "WeChat does not answer just now"),
        ((200, b"<html>"), "WeChat does not answer just now"),
        ((502, b""), "WeChat does not answer just now"),
    ],
    ids=["spent", "made up", "busy", "no openid", "a list", "no JSON", "gateway"],
)
def test_what_wechat_does_not_say_signs_nobody_in(client, brand, wechat, saying, words):
    wechat.saying = saying
    came_back(client)
    assert SESSION_COOKIE not in client.cookies
    assert not Identity.objects.exists()
    assert words in warning(client)


def test_the_secret_is_in_no_log(client, brand, settings, account, caplog):
    settings.WECHAT_APP = type(account.app)("wx8888", SECRET, api_url="http://127.0.0.1:9", patience=(1, 1))
    came_back(client)
    assert "WeChat did not answer" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("code", ["", "x" * 513])
def test_no_code_is_no_question_to_wechat(client, brand, wechat, code):
    wechat.saying = told(openid=OPENID)
    came_back(client, code)
    assert SESSION_COOKIE not in client.cookies


def test_where_no_official_account_is_set_nothing_is_offered(client, db, settings):
    settings.WECHAT_APP = None
    assert client.get("/wallet/wechat/", headers=ENGLISH).status_code == 403
    assert "Sign in with WeChat" not in warning(client)


def test_the_wallet_offers_it_and_tells_who_is_elsewhere_where_it_works(client, brand):
    assert "Sign in with WeChat" in warning(client)
    assert "open this address there" in warning(client)
    inside = client.get("/wallet/", headers=ENGLISH | {"user-agent": "Mozilla/5.0 MicroMessenger/8.0"}).content.decode()
    assert "open this address there" not in inside


def test_the_closed_envelope_offers_it_and_the_way_leads_back_to_the_bottle(client, wechat, settings):
    settings.LOCAL_IDENTITY = False
    window = ShopWindow()
    code = code_cipher().encode(Role.ITEM_INNER, window.bottles.first_serial + 19)
    page = client.get(f"/c/{code}", headers=ENGLISH).content.decode()
    assert f"/wallet/wechat/?next=/c/{code}&amp;brand={window.brand.slug}" in page


def test_who_is_forgotten_loses_the_account_and_begins_anew(client, brand):
    came_back(client, "c1")
    consumer = signed_in(client)
    erase(consumer=consumer, now=clock.now())
    assert not PayeeAccount.objects.exists()
    came_back(client, "c2")
    assert signed_in(client) != consumer
