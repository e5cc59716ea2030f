"""What consumers and staff see of vouchers and second envelopes."""

import pytest
from django.urls import reverse

from consumers.session import SESSION_COOKIE, token_for
from core import clock
from rewards.models import Voucher
from rewards.services.lapsing import GRACE, release_locked
from rewards.services.redeeming import Counter, cancel_voucher, redeem_voucher
from tests.factories.campaigns import ConsumerFactory, opened
from tests.factories.kept import anew
from tests.factories.stores import NOON, DealerFactory, UserFactory
from tests.factories.vouchers import BOTTLE, EXCHANGE, LOCKED, OFF, winning_order, won, won_voucher

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def at_noon(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)


def world():
    return winning_order(EXCHANGE)


@pytest.fixture
def voucher(client, kept_world, db):
    order, store = (anew(row, "brand") for row in kept_world)
    made = won(order, store).voucher
    client.cookies[SESSION_COOKIE] = token_for(made.consumer)
    return made


def bearer(consumer):
    return {"HTTP_AUTHORIZATION": f"Bearer {token_for(consumer)}", "HTTP_ACCEPT_LANGUAGE": "en"}


def html(client, path, **more):
    return client.get(path, headers=ENGLISH | more).content.decode()


def redeemed(voucher):
    return redeem_voucher(counter=Counter(voucher.store, "user:a"), code=voucher.code, now=NOON)


def test_a_claim_answers_the_voucher_that_was_won_and_the_envelope_repeats_it(client):
    order, store = winning_order(EXCHANGE)
    consumer = ConsumerFactory(brand=order.brand)
    scan = opened(order, order.first_serial, consumer, store=store)
    told = client.post(f"/api/v1/scans/{scan.pk}/claim", **bearer(consumer)).json()
    voucher = Voucher.objects.get()
    assert (told["id"], told["amount_fen"], told["state"], told["payout"]) == (str(scan.pk), 0, "voucher", None)
    assert told["text"] == "Show your voucher at the store by 2026-04-01 12:00."
    assert told["voucher"] == {
        "id": str(voucher.pk),
        "code": voucher.code,
        "path": f"/wallet/vouchers/{voucher.pk}/",
        "state": "issued",
        "kind": "exchange",
        "words": "A bottle for ¥5.00",
        "pays_fen": 500,
        "worth_fen": 0,
        "store": store.name,
        "prize": {"name": "五元换购", "name_en": "A bottle for 5 yuan"},
        "campaign": {"name": "开瓶有礼", "name_en": "Open and win"},
        "issued_at": "2026-03-02T04:00:00Z",
        "valid_until": "2026-04-01T04:00:00Z",
        "redeemed_at": None,
        "redeemed_by": None,
    }
    assert client.get(f"/api/v1/envelopes/{scan.pk}", **bearer(consumer)).json() == told
    redeemed(voucher)
    after = client.get(f"/api/v1/envelopes/{scan.pk}", **bearer(consumer)).json()
    assert (after["text"], after["voucher"]["state"]) == ("Your voucher was redeemed.", "redeemed")


def test_a_second_envelope_says_until_when_it_can_be_unlocked(client):
    order, _store = winning_order(LOCKED)
    claim = won(order, None)
    told = client.get(f"/api/v1/envelopes/{claim.envelope.pk}", **bearer(claim.consumer)).json()
    assert (told["state"], told["amount_fen"], told["locked_until"]) == ("locked", 200, "2026-03-16T04:00:00Z")
    assert told["text"] == "Locked: open another bottle by 2026-03-16 12:00, and it is paid to you."
    client.cookies[SESSION_COOKIE] = token_for(claim.consumer)
    assert "Open another bottle by 2026-03-16 12:00" in html(client, "/wallet/")


def test_my_vouchers_come_in_pages_the_newest_first(client):
    order, store = winning_order(BOTTLE)
    consumer = ConsumerFactory(brand=order.brand)
    codes = [won(order, store, number=number, consumer=consumer).voucher.code for number in range(3)]
    first = client.get("/api/v1/me/vouchers", {"page_size": 2}, **bearer(consumer)).json()
    rest = client.get(first["next"], **bearer(consumer)).json()
    assert [row["code"] for row in first["results"] + rest["results"]] == codes[::-1]
    assert client.get("/api/v1/me/vouchers", {"cursor": "cD14"}, **bearer(consumer)).status_code == 404
    assert client.get("/api/v1/me/vouchers", **bearer(ConsumerFactory())).json()["results"] == []


def test_the_wallet_leads_to_the_vouchers_and_each_to_its_code(client, voucher):
    address = f"/wallet/vouchers/{voucher.pk}/"
    for path in ("/wallet/", "/wallet/vouchers/"):
        page = html(client, path)
        assert (address in page, "A bottle for ¥5.00" in page, voucher.code in page) == (True, True, False)
    page = html(client, address)
    assert f"{voucher.code[:4]} {voucher.code[4:8]} {voucher.code[8:]}" in page
    assert (voucher.store.name in page, "You pay at the store" in page, "every 2s" in page) == (True, True, True)
    picture = client.get(f"{address}code.svg")
    assert (picture.headers["Content-Type"], b"<svg" in picture.content) == ("image/svg+xml", True)


def test_the_page_follows_what_becomes_of_the_voucher(client, voucher):
    address = f"/wallet/vouchers/{voucher.pk}/"
    redeemed(voucher)
    card = html(client, address, **{"HX-Request": "true"})
    assert (card.lstrip().startswith("<section"), "Redeemed at 2026-03-02 12:00" in card, "every 2s" in card) == (
        *(True, True),
        False,
    )
    assert voucher.store.name in html(client, "/wallet/vouchers/")


def test_what_lapsed_or_was_cancelled_says_so(client, voucher, monkeypatch):
    address = f"/wallet/vouchers/{voucher.pk}/"
    monkeypatch.setattr(clock, "now", lambda: voucher.valid_until)
    assert "Its time is over" in html(client, address)
    release_locked(now=voucher.valid_until + GRACE)
    assert "Lapsed" in html(client, "/wallet/vouchers/")
    other = won_voucher(OFF)
    client.cookies[SESSION_COOKIE] = token_for(other.consumer)
    cancel_voucher(brand=other.brand, code=other.code, remark="Printed twice", actor="user:a", now=NOON)
    assert "Printed twice" in html(client, f"/wallet/vouchers/{other.pk}/")


def test_a_list_without_vouchers_says_how_to_get_one_and_older_ones_are_a_page_further(client, monkeypatch):
    monkeypatch.setattr("rewards.pages.vouchers.PAGE_LENGTH", 2)
    order, store = winning_order(BOTTLE)
    consumer = ConsumerFactory(brand=order.brand)
    client.cookies[SESSION_COOKIE] = token_for(consumer)
    assert "No voucher yet" in html(client, "/wallet/vouchers/")
    made = [won(order, store, number=number, consumer=consumer).voucher for number in range(3)]
    assert f"?before={made[1].pk}" in html(client, "/wallet/vouchers/")
    assert str(made[0].pk) in html(client, f"/wallet/vouchers/?before={made[1].pk}")
    assert "That was all" in html(client, f"/wallet/vouchers/?before={made[0].pk}")


def test_somebody_elses_voucher_is_not_there(client, voucher):
    client.cookies[SESSION_COOKIE] = token_for(ConsumerFactory(brand=voucher.brand))
    assert client.get(f"/wallet/vouchers/{voucher.pk}/").status_code == 404
    client.cookies.clear()
    assert client.get(f"/wallet/vouchers/{voucher.pk}/code.svg").status_code == 401
    assert client.get("/wallet/vouchers/").headers["Location"] == "/wallet/"


def test_whoever_scans_the_code_learns_only_that_a_shop_redeems_it(client, voucher):
    for code in (voucher.code, "VXXXXXXXXXXX"):
        page = html(client, f"/v/{code}")
        assert ("This is a voucher" in page, "A bottle for" in page) == (True, False)
    client.force_login(voucher.store.owner.user, BACKEND)
    led = client.get(f"/v/{voucher.code}").headers["Location"]
    assert led == f"{reverse('redemptions')}?code={voucher.code}"


def test_the_terms_tell_each_prize_and_its_conditions(client, voucher):
    page = html(client, f"/campaigns/{voucher.prize.campaign_id}/")
    assert "A bottle for ¥5.00" in page
    assert "at the store of the purchase, within 30 days" in page


def staff(client, brand, **facts):
    client.force_login(UserFactory(**{"brand": brand, "is_superuser": True} | facts), BACKEND)
    return client


def test_staff_cancel_a_voucher_for_a_reason(client, voucher):
    staff(client, voucher.brand)
    page = reverse("admin:rewards_voucher_change", args=[voucher.pk])
    cancel = reverse("admin:rewards_voucher_cancel", args=[voucher.pk])
    assert (voucher.code in html(client, page), cancel in html(client, page)) == (False, True)
    assert "Cancel this voucher for good?" in html(client, cancel)
    client.post(cancel, {"remark": ""})
    assert Voucher.objects.get().state == "issued"
    done = client.post(cancel, {"remark": "stolen"}, follow=True, headers=ENGLISH).content.decode()
    assert ("Its money is back in the budget" in done, Voucher.objects.get().state) == (True, "cancelled")
    assert cancel not in html(client, page)
    again = client.post(cancel, {"remark": "stolen"}, follow=True, headers=ENGLISH).content.decode()
    assert "cancelled by the brand" in again


def test_staff_read_what_stores_redeemed_of_all_or_one_dealers(client, voucher):
    dealer = DealerFactory(brand=voucher.brand)
    staff(client, voucher.brand)
    redeemed(voucher)
    page = reverse("admin:rewards_voucher_redemptions")
    assert voucher.store.number in html(client, page)
    assert "Nothing was redeemed in these days" in html(client, f"{page}?dealer={dealer.pk}")
    assert "lies before the first" in html(client, f"{page}?first=2026-03-03&last=2026-03-02")
    file = reverse("admin:rewards_voucher_redemptions_file")
    assert voucher.store.number.encode() in b"".join(client.get(file, {"format": "csv"}))
    assert client.get(file, {"first": "2026-03-03", "last": "2026-03-02"}).status_code == 400
    staff(client, voucher.brand, is_superuser=False)
    assert client.get(page).status_code == 403
