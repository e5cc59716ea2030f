import pytest
from django.urls import reverse

from core.models import AuditEntry
from tests.codes.api.partners import Partner
from tests.factories.stores import StoreFactory, StoreOwnerFactory, UserFactory
from tests.factories.supply import make_packed_goods, moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods():
    return make_packed_goods()


@pytest.fixture
def store(goods):
    store = StoreFactory(brand=goods.brand)
    moved("receive", store, goods.case(0))
    return store


def path_of(goods):
    batch = goods.items.batch
    return f"batches/{batch.product.gtin}/{batch.lot}/recall-drill"


def test_a_partner_is_told_where_a_batch_is(goods, store):
    told = Partner(goods.brand, scopes=["supply"]).read(path_of(goods)).json()
    assert {name: told[name] for name in ("issued", "out", "opened", "with_brand")} == {
        "issued": 24,
        "out": 6,
        "opened": 0,
        "with_brand": 18,
    }
    assert [(place["kind"], place["number"], place["unsold"]) for place in told["places"]] == [
        ("store", store.number, 6)
    ]


def test_people_are_named_by_the_recorded_table_alone(goods, store):
    partner = Partner(goods.brand, scopes=["supply"])
    (place,) = partner.read(path_of(goods)).json()["places"]
    assert set(place).isdisjoint({"phone", "contact", "salesperson", "salesperson_phone"})
    assert not AuditEntry.objects.filter(action="recall.listed").exists()
    assert "salesperson_phone" in partner.read(f"{path_of(goods)}.csv").content.decode()
    assert AuditEntry.objects.filter(action="recall.listed").count() == 1


def test_the_list_to_call_comes_as_a_table(goods, store):
    answer = Partner(goods.brand, scopes=["supply"]).read(f"{path_of(goods)}.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert store.number in answer.content.decode()


def test_another_brands_batch_is_not_found(goods):
    partner = Partner(make_packed_goods().brand, scopes=["supply"])
    assert [partner.read(path_of(goods) + end).status_code for end in ("", ".csv")] == [404, 404]


@pytest.mark.parametrize("name", ["recall_drill", "recall_list"])
def test_staff_see_the_drill_of_their_brand_alone(client, goods, store, name):
    address = reverse(f"admin:codes_batch_{name}", args=[goods.items.batch_id])
    client.force_login(UserFactory(brand=goods.brand, is_superuser=True))
    assert store.number in client.get(address).content.decode()
    client.force_login(UserFactory(brand=make_packed_goods().brand, is_superuser=True))
    assert client.get(address).status_code == 404
    client.force_login(UserFactory(brand=goods.brand))
    assert client.get(address).status_code == 403


def test_telephones_are_in_the_recorded_list_alone(client, goods):
    owner = StoreOwnerFactory(brand=goods.brand, phone="13800000001")
    moved("receive", StoreFactory(brand=goods.brand, owner=owner), goods.case(0))
    client.force_login(UserFactory(brand=goods.brand, is_superuser=True))
    page, listed = (
        client.get(reverse(f"admin:codes_batch_{name}", args=[goods.items.batch_id])).content.decode()
        for name in ("recall_drill", "recall_list")
    )
    assert (owner.phone in page, owner.phone in listed) == (False, True)
