"""The counter's page: what an owner sees, redeems and reads afterwards."""

import base64
import csv
import datetime as dt
import io
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from rewards.dashboard.links import redemptions as link
from rewards.models import Grant, Voucher
from rewards.services.redeeming import Counter, redeem_voucher
from stores.models import Store
from tests.codes.api.partners import Partner
from tests.factories.campaigns import ConsumerFactory
from tests.factories.kept import anew
from tests.factories.stores import NOON, SalespersonFactory, StoreFactory, UserFactory
from tests.factories.vouchers import EXCHANGE, OFF, winning_order, won, won_voucher

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


def world():
    return won_voucher(EXCHANGE)


@pytest.fixture
def voucher(kept_world, db, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return anew(kept_world, "store", "grant", "consumer")


@pytest.fixture
def owner(client, voucher):
    user = voucher.store.owner.user
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def post(client, voucher, *, key="k", **changed):
    body = {"store": voucher.store_id, "code": voucher.code, "happened_at": NOON.isoformat()}
    headers = ENGLISH | ({"Idempotency-Key": key} if key else {})
    return client.post(reverse("redemptions-deeds"), body | changed, content_type="application/json", headers=headers)


def look(client, store, code):
    return client.get(reverse("redemptions-vouchers"), {"store": store, "code": code}, headers=ENGLISH)


def test_an_owner_redeems_once_however_often_the_page_sends_it(client, voucher, owner):
    first, second = post(client, voucher), post(client, voucher)
    assert (first.status_code, second.status_code, second.json()) == (201, 201, first.json())
    assert first.json() == {
        "code": voucher.code,
        "words": "A bottle for ¥5.00",
        "state": "redeemed",
        "pays_fen": 500,
        "worth_fen": 0,
        "compensation_fen": 500,
        "valid_until": voucher.valid_until.isoformat().replace("+00:00", "Z"),
        "redeemed_at": NOON.isoformat().replace("+00:00", "Z"),
    }
    assert Voucher.objects.get().redeemed_by == f"user:{owner.username}"
    again = post(client, voucher, key="other")
    assert (again.status_code, again.json()["code"], again.json()["store"]) == (
        *(409, "voucher_redeemed"),
        voucher.store.name,
    )


def test_a_redemption_wants_a_key_a_store_of_ones_own_and_the_own_account(client, voucher, owner):
    assert post(client, voucher, key="").json()["fields"].keys() == {"Idempotency-Key"}
    assert post(client, voucher, store=StoreFactory(brand=voucher.brand).pk).status_code == 404
    assert post(client, voucher, store="x").status_code == 400
    headers = {"Idempotency-Key": "k", "X-Account": "somebody%20else"}
    answer = client.post(reverse("redemptions-deeds"), {}, content_type="application/json", headers=headers)
    assert answer.json()["code"] == "not_signed_in"


def test_a_voucher_or_a_member_code_shows_what_can_be_redeemed_here(client, voucher, owner):
    for text in (voucher.code, f"https://one.cn/v/{voucher.code}", voucher.consumer.c_code):
        (told,) = look(client, voucher.store_id, text).json()["vouchers"]
        assert (told["code"], told["pays_fen"]) == (voucher.code, 500)
    stranger = ConsumerFactory(brand=voucher.brand)
    assert look(client, voucher.store_id, stranger.c_code).json() == {"vouchers": []}
    for text in ("nonsense", ConsumerFactory().c_code, voucher.store.b_code, ""):
        assert look(client, voucher.store_id, text).json()["code"] == "voucher_unknown"
    for store in ("", "²", "9" * 30):
        assert look(client, store, voucher.code).status_code == 404


def test_only_an_owner_of_an_open_store_has_the_page(client, voucher):
    user = SalespersonFactory(brand=voucher.brand).user
    assert (link(user), link(voucher.store.owner.user).address) == (None, reverse("redemptions"))
    assert link(UserFactory(brand=None, is_superuser=True)) is None
    assert client.get(reverse("redemptions")).status_code == 302
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert "No open store is yours" in client.get(reverse("redemptions"), headers=ENGLISH).content.decode()
    assert client.get(reverse("redemptions-statement")).status_code == 404
    Store.objects.update(is_active=False)
    client.force_login(voucher.store.owner.user, backend="django.contrib.auth.backends.ModelBackend")
    assert post(client, voucher).status_code == 404


def test_the_page_shows_the_month_and_its_script_what_it_needs(client, voucher, owner):
    post(client, voucher)
    page = client.get(reverse("redemptions"), headers=ENGLISH).content.decode()
    assert "1 voucher redeemed, ¥5.00 for you, ¥0.00 of it paid" in " ".join(page.split())
    assert '"deeds": "/dashboard/redemptions/deeds"' in page
    script = client.get(reverse("redemptions-worker"))
    assert '"onecode-counter"' in script.content.decode()
    assert "no-store" in script.headers["Cache-Control"]


def test_the_statement_has_the_chosen_days_and_is_a_file_too(client, voucher, owner):
    post(client, voucher)
    Grant.objects.filter(pk=voucher.pk).update(state="paid", settled_at=NOON)
    statement = reverse("redemptions-statement")
    page = client.get(statement, {"first": "2026-03-02", "last": "2026-03-02"}, headers=ENGLISH).content.decode()
    assert ("A bottle for ¥5.00" in page, "customer paid ¥5.00" in page, "created" in page) == (True, True, True)
    other = client.get(statement, {"first": "2026-03-03"}, headers=ENGLISH).content.decode()
    assert "Nothing was redeemed in these days" in other
    wrong = {"first": "2026-03-03", "last": "2026-03-02"}
    assert "lies before the first" in client.get(statement, wrong, headers=ENGLISH).content.decode()
    file = reverse("redemptions-statement-file")
    assert client.get(file, wrong).status_code == 400
    table = b"".join(client.get(file, {"format": "csv"}, headers=ENGLISH)).decode("utf-8-sig")
    (heading, line) = csv.reader(io.StringIO(table))
    told = dict(zip(heading, line, strict=True))
    assert (told["Store"], told["Compensation (yuan)"]) == (voucher.store.number, "5.00")
    assert (told["Voucher"], voucher.code in table) == (f"{voucher.code[:4]}…", False)
    assert b"".join(client.get(file, {"format": "xlsx"})).startswith(b"PK")


def test_a_till_redeems_through_the_partners_api_and_reads_what_was_redeemed(voucher):
    partner = Partner(voucher.brand, ("redeem", "rewards"))
    body = {"store": voucher.store.number, "code": voucher.code, "happened_at": NOON.isoformat()}
    done = partner.send("redemptions", body)
    assert (done.status_code, done.json()["compensation_fen"], done.json()["store"]) == (201, 500, voucher.store.number)
    listed = partner.read("redemptions").json()["results"]
    assert listed == [done.json()]
    assert listed[0]["payout"]["state"] == "created"
    unknown = partner.send("redemptions", body | {"store": "?"})
    assert unknown.json()["fields"].keys() == {"store"}
    reader, till = Partner(voucher.brand, ("rewards",)), Partner(voucher.brand, ("redeem",))
    assert reader.send("redemptions", body).status_code == 403
    assert till.read("redemptions").status_code == 403


def test_redemptions_are_listed_by_when_they_happened_not_by_when_the_voucher_was_won(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    order, store = winning_order(OFF)
    vouchers = [won(order, store, number=number).voucher for number in range(5)]
    redeemed = [vouchers[number] for number in (3, 0, 4, 1, 2)]
    moments = [NOON + dt.timedelta(minutes=minute) for minute in (0, 1, 1, 1, 2)]
    for voucher, moment in zip(redeemed, moments, strict=True):
        redeem_voucher(counter=Counter(store, "user:a"), code=voucher.code, now=moment)
    partner = Partner(order.brand, ("rewards",))
    page, seen = partner.read("redemptions?page_size=2").json(), []
    seen += page["results"]
    while page["next"]:
        page = partner.get(page["next"]).json()
        seen += page["results"]
    newest_first = sorted(zip(moments, [voucher.pk for voucher in redeemed], strict=True), reverse=True)
    assert [row["id"] for row in seen] == [str(pk) for _, pk in newest_first]


@pytest.mark.parametrize("position", ["soon", "2026-13-01", "9" * 40, "\0"])
def test_a_cursor_whose_moment_is_none_is_not_found(voucher, position):
    cursor = base64.b64encode(urlencode({"p": position}).encode()).decode()
    partner = Partner(voucher.brand, ("rewards",))
    assert partner.read(f"redemptions?{urlencode({'cursor': cursor})}").status_code == 404


def test_lists_cost_no_more_queries_when_they_grow(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    order, store = winning_order(OFF)
    client.force_login(store.owner.user, backend="django.contrib.auth.backends.ModelBackend")
    counts = []
    for number in range(4):
        code = won(order, store, number=number).voucher.code
        redeem_voucher(counter=Counter(store, "user:a"), code=code, now=NOON)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("redemptions"))
            client.get(reverse("redemptions-statement"))
        counts.append(len(queries))
    assert len(set(counts[1:])) == 1
