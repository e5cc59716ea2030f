import pytest

from consumers.session import SESSION_COOKIE
from tests.factories.consumers import ConsumerFactory
from tests.factories.stores import BrandFactory, UserFactory

SIGN_IN = "/api/v1/sessions/local"


@pytest.fixture(autouse=True)
def _room_for_tests(settings):
    settings.LIMIT_SCALE = 1000


def sign_in(client, **body):
    return client.post(SIGN_IN, body, content_type="application/json")


def test_signing_in_answers_a_token_and_sets_a_cookie(client, db):
    BrandFactory()
    answer = sign_in(client, name="Ann")
    body = answer.json()
    assert (answer.status_code, set(body), body["name"]) == (200, {"id", "c_code", "name", "token"}, "Ann")
    cookie = answer.cookies[SESSION_COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert client.get("/api/v1/me").json()["c_code"] == body["c_code"]
    client.cookies.clear()
    assert client.get("/api/v1/me", HTTP_AUTHORIZATION=f"Bearer {body['token']}").json()["id"] == body["id"]


def test_moments_of_a_profile_are_utc(client, db):
    BrandFactory()
    sign_in(client, name="Ann")
    assert client.get("/api/v1/me").json()["created_at"].endswith("Z")


def test_without_a_brand_the_default_brand_is_meant(client, db, settings):
    _oldest, default = BrandFactory(), BrandFactory()
    settings.DEFAULT_BRAND = default.slug
    sign_in(client, name="Ann")
    assert client.get("/api/v1/me").json()["brand"] == default.slug


def test_without_a_default_the_oldest_active_brand_is_meant(client, db):
    BrandFactory(is_active=False)
    oldest, _newer = BrandFactory(), BrandFactory()
    sign_in(client, name="Ann")
    assert client.get("/api/v1/me").json()["brand"] == oldest.slug


def test_a_named_brand_is_meant(client, db):
    BrandFactory()
    named = BrandFactory()
    sign_in(client, name="Ann", brand=named.slug)
    assert client.get("/api/v1/me").json()["brand"] == named.slug


def test_an_unknown_brand_is_not_found(client, db):
    assert sign_in(client, name="Ann", brand="nobody").status_code == 404


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "x" * 61}, {"name": ["Ann"]}, {"name": "a\u0000"}])
def test_a_bad_name_is_refused_by_field(client, db, body):
    BrandFactory()
    answer = sign_in(client, **body)
    assert (answer.status_code, answer.json()["code"], set(answer.json()["fields"])) == (400, "invalid", {"name"})


def test_a_list_is_no_sign_in(client, db):
    answer = client.post(SIGN_IN, "[]", content_type="application/json")
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"body"})


def test_signing_in_too_often_from_one_address_is_refused(client, db, settings):
    settings.LIMIT_SCALE = 1 / 60
    BrandFactory()
    statuses = [client.post(SIGN_IN, {"name": "Ann"}, content_type="application/json", REMOTE_ADDR="10.3.3.3")]
    statuses += [client.post(SIGN_IN, {"name": "Ann"}, content_type="application/json", REMOTE_ADDR="10.3.3.3")]
    assert [answer.status_code for answer in statuses] == [200, 429]


def test_without_signing_in_there_is_no_me(client, db):
    for address in ("/api/v1/me", "/api/v1/me/export"):
        answer = client.get(address)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert client.delete("/api/v1/me").status_code == 401


def test_signing_out_ends_the_browsers_session(client, db):
    BrandFactory()
    sign_in(client, name="Ann")
    assert client.delete("/api/v1/sessions/current").status_code == 204
    assert client.get("/api/v1/me").status_code == 401


def test_the_export_holds_everything_that_is_kept(client, db):
    BrandFactory()
    sign_in(client, name="Ann")
    client.post("/api/v1/scans", {"code": "nonsense"}, content_type="application/json")
    body = client.get("/api/v1/me/export").json()
    assert body["profile"]["name"] == "Ann"
    assert body["identities"] == [{"provider": "local", "subject": "ann"}]
    assert [scan["verdict"] for scan in body["scans"]] == ["malformed"]
    assert body["consents"] == []


def test_erasing_oneself_ends_every_session(client, db):
    BrandFactory()
    token = sign_in(client, name="Ann").json()["token"]
    assert client.delete("/api/v1/me").status_code == 204
    assert client.get("/api/v1/me", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401


def test_staff_see_their_own_brands_consumers_masked_and_read_only(client, db):
    staff = UserFactory(is_superuser=True)
    own, foreign = ConsumerFactory(brand=staff.brand, name="王小明"), ConsumerFactory(name="李雷")
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/admin/consumers/consumer/").content.decode()
    assert ("王**" in page, "王小明" in page, "李**" in page, own.c_code in page) == (True, False, False, False)
    assert client.get(f"/admin/consumers/consumer/{own.pk}/change/").status_code == 200
    assert client.get("/admin/consumers/consumer/add/").status_code == 403
    assert client.post(f"/admin/consumers/consumer/{own.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get(f"/admin/consumers/consumer/{foreign.pk}/change/").status_code == 404
