"""The warehouse's page: who may do what where, and what becomes of what they scanned."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.models import Movement, Packing
from codes.selectors.workplaces import workplaces_of
from core import clock
from core.models import AuditEntry
from stores.models import WarehouseWorker
from tests.factories.stores import DealerFactory, StoreFactory, UserFactory
from tests.factories.supply import make_goods, make_packed_goods, moved

pytestmark = pytest.mark.django_db

ROLES = {"item": Role.ITEM_OUTER, "case": Role.CASE_OUTER, "pallet": Role.PALLET}


@pytest.fixture
def goods():
    return make_packed_goods()


@pytest.fixture
def store(goods):
    return StoreFactory(brand=goods.brand, number="S1")


def code(serial, level="case"):
    return code_cipher().encode(ROLES[level], serial)


def worker(client, brand, dealer=None, **facts):
    user = UserFactory(brand=brand, is_staff=False)
    WarehouseWorker.objects.create(brand=brand, dealer=dealer, user=user, name="仓管", **facts)
    return signed_in(client, user)


def signed_in(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def done(client, kind, *units, place="brand", key="k", **facts):
    """The deed as the page posts it; a unit is a text, or a text with what was counted."""
    body = {
        "kind": kind,
        "place": place,
        "units": [{"code": unit} if isinstance(unit, str) else {"code": unit[0], "counted": unit[1]} for unit in units],
        "happened_at": clock.now().isoformat(),
    }
    headers = {"Idempotency-Key": key, "accept-language": "en"}
    return client.post(reverse("warehouse-deeds"), body | facts, content_type="application/json", headers=headers)


def place_of(partner):
    return f"{type(partner).__name__.lower()}:{partner.pk}"


def test_the_brand_s_worker_sends_out_by_number_and_by_the_sign(client, goods, store):
    user = worker(client, goods.brand)
    assert done(client, "ship", code(goods.case(0)), other="S1").json() == {
        "movement": Movement.objects.get().pk,
        "items": 6,
        "flags": [],
    }
    done(client, "ship", f"https://one.cn/c/{code(goods.case(1))}", other=f"HTTPS://ONE.CN/C/{store.b_code}", key="k2")
    assert list(Movement.objects.values_list("store", "recorded_by")) == [(store.pk, f"user:{user.username}")] * 2


def test_goods_come_back_to_the_brand_from_whoever_is_named(client, goods, store):
    worker(client, goods.brand)
    moved("ship", store.dealer, goods.case(0))
    done(client, "return", code(goods.case(0)), other=store.dealer.number)
    back = Movement.objects.latest("pk")
    assert (back.kind, back.dealer, back.flag) == ("return", store.dealer, "")


def test_a_dealer_s_worker_receives_and_sends_to_the_dealer_s_own_stores(client, goods, store):
    worker(client, goods.brand, store.dealer)
    place = place_of(store.dealer)
    moved("ship", store.dealer, goods.pallet(0))
    assert done(client, "receive", code(goods.pallet(0), "pallet"), place=place).status_code == 201
    assert done(client, "ship", code(goods.case(0)), place=place, other="S1", key="k2").status_code == 201
    StoreFactory(brand=goods.brand, number="S2")
    refused = done(client, "ship", code(goods.case(1)), place=place, other="S2", key="k3")
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["other"])
    kinds = Movement.objects.order_by("pk").values_list("kind", "dealer", "store")
    assert list(kinds)[1:] == [("receive", store.dealer.pk, None), ("ship", None, store.pk)]


def test_an_owner_receives_for_the_own_store_what_was_counted(client, goods, store):
    signed_in(client, store.owner.user)
    moved("ship", store, goods.case(0), reference="DN-1")
    facts = {"reference": "DN-1", "whole_delivery": True}
    told = done(client, "receive", (code(goods.case(0)), 5), place=place_of(store), **facts).json()
    assert (told["items"], told["flags"]) == (5, ["fewer than expected"])


@pytest.mark.parametrize("kind", ["destroy", "sample"])
def test_single_bottles_end_at_the_brand(client, goods, kind):
    worker(client, goods.brand)
    assert done(client, kind, code(goods.item(0), "item")).json()["items"] == 1
    ended = Movement.objects.get()
    assert (ended.kind, ended.store, ended.dealer) == (kind, None, None)


def test_a_case_is_packed_full_or_not_and_told_again_stays_as_it_is(client):
    goods = make_goods()
    worker(client, goods.brand)
    bottles = [code(goods.item(n), "item") for n in (0, 1, 5)]
    assert done(client, "pack", *bottles, parent=code(goods.case(0))).json()["packed"] == 3
    assert done(client, "pack", *bottles, parent=code(goods.case(0)), key="k2").json()["repeated"] == 3
    assert sum(packing.children.upper - packing.children.lower for packing in Packing.objects.all()) == 3


def test_what_cannot_be_packed_is_told_at_the_unit(client, goods):
    worker(client, goods.brand)
    refused = done(client, "pack", code(goods.item(0), "item"), code(goods.item(9), "item"), parent=code(goods.case(0)))
    told = refused.json()
    assert (refused.status_code, told["code"], list(told["fields"])) == (409, "bad_rows", ["units.1"])
    refused = done(client, "pack", code(goods.item(0), "item"), parent="?")
    assert list(refused.json()["fields"]) == ["parent"]


@pytest.mark.parametrize("text", ["nonsense", "1" + "0" * 16, "inner", "stranger", "C" * 17])
def test_what_is_no_unit_of_the_brand_is_told_at_the_unit(client, goods, text):
    worker(client, goods.brand)
    texts = {"inner": code_cipher().encode(Role.ITEM_INNER, goods.item(0)), "stranger": code(make_goods().case(0))}
    refused = done(client, "destroy", code(goods.case(0)), texts.get(text, text))
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["units.1"])
    assert not Movement.objects.exists()


def test_a_deed_sent_twice_is_done_once(client, goods, store):
    worker(client, goods.brand)
    body = {"happened_at": clock.now().isoformat(), "other": "S1"}
    answers = [done(client, "ship", code(goods.case(0)), **body) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert (Movement.objects.count(), AuditEntry.objects.filter(action="units.ship").count()) == (1, 1)


def test_without_a_key_nothing_is_done(client, goods):
    worker(client, goods.brand)
    refused = done(client, "destroy", code(goods.case(0)), key="")
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["Idempotency-Key"])


def test_a_telephone_s_clock_that_runs_ahead_is_no_reason_to_refuse(client, goods):
    worker(client, goods.brand)
    assert done(client, "destroy", code(goods.case(0)), happened_at="2999-01-01T00:00:00Z").status_code == 201
    ended = Movement.objects.get()
    assert ended.happened_at == ended.recorded_at


@pytest.mark.parametrize(("kind", "place"), [("receive", "brand"), ("ship", "store:0"), ("ship", "dealer:0")])
def test_nobody_does_what_is_not_of_the_own_place(client, goods, store, kind, place):
    worker(client, goods.brand)
    refused = done(client, kind, code(goods.case(0)), place=place, other="S1")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


def test_who_is_not_signed_in_or_somebody_else_by_now_is_told_so(client, goods):
    assert done(client, "destroy", code(goods.case(0))).json()["code"] == "not_signed_in"
    worker(client, goods.brand)
    assert client.get(reverse("warehouse-unit"), headers={"X-Account": "another"}).status_code == 401


def test_a_post_without_the_page_s_token_is_refused(goods):
    client = Client(enforce_csrf_checks=True)
    worker(client, goods.brand)
    assert done(client, "destroy", code(goods.case(0))).status_code == 403


def places(user):
    return [place.key for place in workplaces_of(user)]


def test_everybody_has_the_own_places(client, goods, store):
    dealer = DealerFactory(brand=goods.brand)
    staff = UserFactory(brand=goods.brand)
    assert places(staff) == []
    staff.user_permissions.add(Permission.objects.get(codename="add_movement"))
    assert places(type(staff).objects.get(pk=staff.pk)) == ["brand"]
    assert places(worker(client, goods.brand)) == ["brand"]
    assert places(worker(client, goods.brand, dealer)) == [place_of(dealer)]
    assert places(worker(client, goods.brand, is_active=False)) == []
    assert places(store.owner.user) == [place_of(store)]
    assert places(store.salesperson.user) == places(UserFactory(platform=True)) == []
    dealer.is_active = False
    dealer.save()
    assert places(WarehouseWorker.objects.get(dealer=dealer).user) == []


def test_the_page_names_places_deeds_and_others(client, goods, store):
    worker(client, goods.brand)
    page = client.get(reverse("warehouse"))
    (place,) = page.context["known"]["places"]
    assert [deed["kind"] for deed in place["deeds"]] == ["pack", "ship", "return", "destroy", "sample"]
    assert [other["number"] for other in place["others"]] == [store.dealer.number, "S1"]
    assert "csrftoken" in page.cookies


def test_the_page_names_a_dealer_s_stores_alone_and_none_for_a_store(client, goods, store):
    StoreFactory(brand=goods.brand)
    worker(client, goods.brand, store.dealer)
    (place,) = client.get(reverse("warehouse")).context["known"]["places"]
    assert [other["number"] for other in place["others"]] == ["S1"]
    signed_in(client, store.owner.user)
    (place,) = client.get(reverse("warehouse")).context["known"]["places"]
    assert place["others"] == []


def test_who_has_no_place_is_told_whom_to_ask(client, goods):
    signed_in(client, UserFactory(brand=goods.brand, is_staff=False))
    page = client.get(reverse("warehouse"), headers={"accept-language": "en"})
    assert "Ask the brand" in page.content.decode()
    assert reverse("warehouse") not in client.get(reverse("own-stores")).content.decode()


def test_the_navigation_leads_there(client, goods, store):
    signed_in(client, store.owner.user)
    assert f'href="{reverse("warehouse")}"' in client.get(reverse("own-stores")).content.decode()


def test_a_worker_s_sign_in_leads_to_the_warehouse(client, goods):
    worker(client, goods.brand)
    assert client.get(reverse("own-stores")).headers["Location"] == reverse("warehouse")


def asked(client, **query):
    return client.get(reverse("warehouse-unit"), query, headers={"accept-language": "en"})


def test_a_scanned_unit_tells_what_it_is_and_where_it_was(client, goods, store):
    worker(client, goods.brand)
    moved("ship", store, goods.pallet(0))
    told = asked(client, place="brand", code=code(goods.case(0))).json()
    assert {name: told[name] for name in ("serial", "level", "inside", "items", "last", "state")} == {
        "serial": goods.case(0),
        "level": "case",
        "inside": 6,
        "items": 6,
        "last": "shipped",
        "state": "issued",
    }
    assert asked(client, place="brand", code=code(goods.item(0), "item")).json()["inside"] == 0


@pytest.mark.parametrize(
    ("text", "said"), [("nonsense", "no code"), ("inner", "under the cap"), ("stranger", "no unit of the brand")]
)
def test_what_is_no_unit_is_said_in_words(client, goods, text, said):
    worker(client, goods.brand)
    texts = {"inner": code_cipher().encode(Role.ITEM_INNER, goods.item(0)), "stranger": code(make_goods().case(0))}
    refused = asked(client, place="brand", code=texts.get(text, text))
    assert refused.status_code == 404
    assert said in refused.json()["detail"]
    assert asked(client, place="dealer:0", code=code(goods.case(0))).status_code == 404


def test_a_delivery_tells_what_was_sent_and_what_has_come(client, goods, store):
    signed_in(client, store.owner.user)
    moved("ship", store, goods.pallet(0), reference="DN-1")
    moved("receive", store, goods.case(0), reference="DN-1")
    told = [
        client.get(reverse("warehouse-delivery"), {"place": place_of(store), "reference": reference}).json()
        for reference in ("DN-1", "DN-2", "")
    ]
    assert told == [{"sent": 12, "received": 6}, {"sent": 0, "received": 0}, {"sent": 0, "received": 0}]


def test_the_service_worker_reaches_the_page_alone(client):
    answer = client.get(reverse("warehouse-worker"))
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert reverse("warehouse-worker").startswith(reverse("warehouse"))
    assert "no-store" in answer.headers["Cache-Control"]
