import json
import uuid

import pytest

from bench.statements import SO_FAR, TOGETHER, statements_of
from codes.api import scans
from codes.models import Scan
from codes.selectors.facts import STATEMENT as FACTS
from codes.services.scan_rows import LOCK_CONSUMER
from codes.services.scan_rows import STATEMENT as KEEP
from consumers.session import IN_SESSION
from core.valkey import valkey
from tests.codes.scanning import market as markets
from tests.codes.scanning.market import Market, code
from tests.factories.stores import BrandFactory

SCANS = "/api/v1/scans"


@pytest.fixture(autouse=True)
def _room_for_tests(settings):
    settings.LIMIT_SCALE = 1000
    settings.OFFER_SOURCE = "tests.codes.scanning.market.open_source"
    markets.offered.clear()


@pytest.fixture
def market(db):
    return Market()


def post(client, text, key=None, **body):
    headers = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    return client.post(SCANS, {"code": text, **body}, content_type="application/json", **headers)


def sign_in(client, market, name="Ann"):
    body = {"name": name, "brand": market.brand.slug}
    return client.post("/api/v1/sessions/local", body, content_type="application/json").json()["token"]


def test_a_scan_answers_everything_that_the_page_shows(client, market):
    market.received_by(market.store())
    sign_in(client, market)
    answer = post(client, code(1000))
    body = answer.json()
    assert answer.status_code == 201
    assert set(body) == {
        "id",
        "verdict",
        "brand_slug",
        "role",
        "product",
        "batch",
        "first_scanned_at",
        "first_region",
        "scans_before",
        "store",
        "confidence",
        "journey",
        "opened",
        "opened_by_me",
        "sampled",
        "offer",
        "scanned_at",
        "replayed",
    }
    assert (body["verdict"], body["opened_by_me"], body["confidence"]) == ("genuine_first", True, 0.85)
    assert set(body["store"]) == {"id", "name", "address"}
    assert set(body["offer"]) == {"campaign", "campaign_en", "ends_at", "terms_path", "narrowed"}
    assert body["batch"] == {"lot": "L1", "produced_on": "2026-01-05", "expires_on": "2036-01-05"}
    assert body["scanned_at"].endswith("Z")


def test_a_post_repeated_under_its_key_is_200_with_the_first_answer(client, market):
    first, again = post(client, code(1000), key="k"), post(client, code(1000), key="k")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json() | {"replayed": True}
    assert Scan.objects.count() == 1


def test_without_a_cookie_jar_the_key_alone_finds_the_first_answer(client, market):
    first = post(client, code(1000), key="k")
    client.cookies.clear()
    assert post(client, code(1000), key="k").json()["id"] == first.json()["id"]


def test_without_a_key_each_post_is_a_scan(client, market):
    post(client, code(1000))
    assert post(client, code(1000)).json()["verdict"] == "genuine_repeat"


def test_another_code_under_the_same_key_is_422(client, market):
    post(client, code(1000), key="k")
    answer = post(client, code(1001), key="k")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_a_token_alone_opens_the_item(client, market):
    token = sign_in(client, market)
    client.cookies.clear()
    answer = client.post(
        SCANS, {"code": code(1000)}, content_type="application/json", HTTP_AUTHORIZATION=f"Bearer {token}"
    )
    assert answer.json()["opened_by_me"] is True


def test_a_bad_token_is_refused_and_nothing_is_kept(client, market):
    answer = client.post(SCANS, {"code": code(1000)}, content_type="application/json", HTTP_AUTHORIZATION="Bearer x")
    assert (answer.status_code, answer.json()["code"], Scan.objects.count()) == (401, "not_signed_in", 0)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"code"}),
        ({"code": ""}, {"code"}),
        ({"code": 7}, {"code"}),
        ({"code": "x" * 2049}, {"code"}),
        ({"code": "a\u0000b"}, {"code"}),
        ({"code": "x", "via": "v" * 41}, {"via"}),
        ({"code": "x", "via": 1}, {"via"}),
        ({"code": "x", "latitude": 91, "longitude": 0}, {"latitude"}),
        ({"code": "x", "latitude": 0, "longitude": 180.5}, {"longitude"}),
        ({"code": "x", "latitude": 300, "longitude": -300}, {"latitude", "longitude"}),
        ({"code": "x", "latitude": 30}, {"longitude"}),
        ({"code": "x", "accuracy_m": 5}, {"latitude", "longitude"}),
        ({"code": "x", "latitude": "30", "longitude": 104}, {"latitude"}),
        ({"code": "x", "latitude": True, "longitude": 104}, {"latitude"}),
        ({"code": "x", "latitude": 1e300, "longitude": 104}, {"latitude"}),
        ({"code": "x", "latitude": 30, "longitude": 104, "accuracy_m": 0}, {"accuracy_m"}),
        ({"code": "x", "latitude": 30, "longitude": 104, "accuracy_m": -1}, {"accuracy_m"}),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_kept(client, db, body, fields):
    answer = client.post(SCANS, json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer.json()["code"], set(answer.json()["fields"])) == (400, "invalid", fields)
    assert not Scan.objects.exists()


@pytest.mark.parametrize("key", ["k" * 201, "a\tb"])
def test_a_bad_key_is_named(client, db, key):
    answer = post(client, "x", key=key)
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"Idempotency-Key"})


def test_a_list_is_no_scan(client, db):
    answer = client.post(SCANS, "[1]", content_type="application/json")
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"body"})


@pytest.mark.parametrize("body", ["{", "code=1", b"\xff\xfe", '{"code": NaN}'])
def test_what_is_not_json_is_400(client, db, body):
    answer = client.post(SCANS, body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "not_json")


@pytest.mark.parametrize(("accept", "status"), [("application/json", 400), ("text/html, */*", 400), ("text/csv", 406)])
def test_any_form_that_holds_json_is_answered(client, db, accept, status):
    assert client.post(SCANS, "{", content_type="application/json", HTTP_ACCEPT=accept).status_code == status


def test_a_fault_that_has_no_name_stays_one(client, market, monkeypatch):
    monkeypatch.setattr(scans, "count_scan", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        post(client, code(1000))


def test_a_form_is_415(client, db):
    assert client.post(SCANS, {"code": "x"}).status_code == 415


def test_ten_megabytes_of_nonsense_are_413(client, db):
    answer = client.post(SCANS, b"x" * 10_000_000, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_the_place_and_channel_are_kept(client, market):
    post(client, code(1000), latitude=30.657, longitude=104.080, accuracy_m=12.5, via="share-7")
    scan = Scan.objects.get()
    assert (scan.latitude, scan.longitude, scan.accuracy_m) == (30.657, 104.080, 12.5)
    assert (scan.via, scan.region_code, scan.address) == ("share-7", "510104", "127.0.0.1")


def test_ones_own_scan_can_be_read_again(client, market):
    posted = post(client, code(1000)).json()
    body = client.get(f"{SCANS}/{posted['id']}").json()
    assert (body["id"], body["verdict"], body["product"]) == (posted["id"], "genuine_first", posted["product"])


def test_the_consumer_reads_the_scan_from_another_browser(client, market):
    token = sign_in(client, market)
    posted = post(client, code(1000)).json()
    client.cookies.clear()
    answer = client.get(f"{SCANS}/{posted['id']}", HTTP_AUTHORIZATION=f"Bearer {token}")
    assert answer.json()["opened_by_me"] is True


def test_somebody_elses_scan_and_no_scan_are_both_not_found(client, market):
    posted = post(client, code(1000)).json()
    client.cookies.clear()
    sign_in(client, market, "Bob")
    for scan_id in (posted["id"], uuid.uuid4()):
        assert client.get(f"{SCANS}/{scan_id}").status_code == 404


def test_a_kept_b_code_and_kept_nonsense_can_be_read_again(client, market):
    store = market.store()
    counter, nonsense = post(client, store.b_code).json(), post(client, "nonsense").json()
    assert client.get(f"{SCANS}/{counter['id']}").json()["store"]["id"] == store.pk
    assert client.get(f"{SCANS}/{nonsense['id']}").json()["verdict"] == "malformed"


@pytest.fixture
def _tight(settings):
    settings.LIMIT_SCALE = 1
    settings.LIMITS = settings.LIMITS | {
        "scan.address": (4, 60),
        "scan.person": (3, 60),
        "guess.address": (3, 60),
        "guess.person": (2, 60),
    }


def from_address(client, address, text):
    return client.post(SCANS, {"code": text}, content_type="application/json", REMOTE_ADDR=address).status_code


@pytest.mark.usefixtures("_tight")
def test_one_browser_may_scan_only_so_often(client, market):
    statuses = [from_address(client, "10.1.0.1", code(1000)) for _ in range(4)]
    assert statuses == [201, 201, 201, 429]
    assert Scan.objects.count() == 3


@pytest.mark.usefixtures("_tight")
def test_one_address_may_scan_only_so_often(client, market):
    statuses = []
    for _ in range(5):
        statuses.append(from_address(client, "10.1.0.2", code(1000)))
        client.cookies.clear()
    assert statuses == [201, 201, 201, 201, 429]


@pytest.mark.usefixtures("_tight")
@pytest.mark.parametrize(
    "guess", ["nonsense", "1" + "Z" * 16, "B" + "0" * 16, "C" + "0" * 16, f"/01/09999999999994/21/{code(1000)}"]
)
def test_guessing_is_stopped_early_and_genuine_codes_are_still_answered(client, market, guess):
    address = "10.1.1.1"
    assert [from_address(client, address, guess) for _ in range(3)] == [201, 201, 429]
    assert Scan.objects.count() == 2
    client.cookies.clear()
    assert from_address(client, address, code(1000)) == 201


@pytest.mark.usefixtures("_tight")
def test_guesses_count_by_address_too(client, db):
    statuses = []
    for _ in range(3):
        statuses.append(from_address(client, "10.1.0.4", "nonsense"))
        client.cookies.clear()
    assert statuses == [201, 201, 201]
    assert from_address(client, "10.1.0.4", "nonsense") == 429


@pytest.fixture
def _valkey_away(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    valkey.cache_clear()
    yield
    valkey.cache_clear()


@pytest.mark.usefixtures("_valkey_away")
def test_without_valkey_a_scan_is_503_with_retry_after_and_nothing_is_kept(client, market):
    answer = post(client, code(1000))
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "unavailable", "2")
    assert not Scan.objects.exists()


@pytest.mark.usefixtures("_valkey_away")
def test_without_valkey_nobody_signs_in(client, db):
    BrandFactory()
    answer = client.post("/api/v1/sessions/local", {"name": "Ann"}, content_type="application/json")
    assert answer.status_code == 503


def test_a_scan_that_opens_an_item_waits_for_the_database_thrice_beside_the_offer(client, market):
    headers = {"Authorization": f"Bearer {sign_in(client, market)}"}

    def open_item(serial):
        body = {"code": code(serial), "latitude": 30.657, "longitude": 104.08, "accuracy_m": 20}
        assert client.post(SCANS, body, content_type="application/json", headers=headers).json()["opened"]

    open_item(1000)
    heard = [query for query, _ in statements_of(lambda: open_item(1001)) if query not in {"BEGIN", "COMMIT"}]
    assert heard == [IN_SESSION, FACTS, TOGETHER[0], LOCK_CONSUMER, KEEP, SO_FAR[0]]
