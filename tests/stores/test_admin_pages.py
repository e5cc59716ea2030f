import re

import pytest
from django.urls import reverse
from tablib import Dataset

from stores.admin.store_import import StoreResource
from stores.models import Store
from tests.factories.stores import (
    BrandFactory,
    DealerFactory,
    RegionFactory,
    SalespersonFactory,
    StoreFactory,
    UserFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    """Somebody with all rights within one brand, signed in."""
    user = UserFactory(is_superuser=True)
    client.force_login(user)
    return user


@pytest.mark.parametrize("name", ["region", "brand", "dealer", "store", "salesperson", "storeowner", "user", "visit"])
@pytest.mark.parametrize("platform", [True, False])
def test_every_list_opens(client, name, platform):
    visit = VisitFactory()
    client.force_login(
        UserFactory(platform=True) if platform else UserFactory(brand=visit.store.brand, is_superuser=True)
    )
    assert client.get(reverse(f"admin:stores_{name}_changelist")).status_code == 200


@pytest.mark.parametrize("name", ["dealer", "store", "salesperson", "storeowner", "user"])
def test_every_form_to_add_opens(client, staff, name):
    assert client.get(reverse(f"admin:stores_{name}_add")).status_code == 200


def test_a_stores_page_shows_its_b_code_to_print(client, staff):
    store = StoreFactory(brand=staff.brand)
    page = client.get(reverse("admin:stores_store_change", args=[store.pk])).content.decode()
    assert store.b_code in page
    assert re.search(r"<svg[^>]*>\s*<path", page)


def test_another_brands_store_is_not_found(client, staff):
    assert client.get(reverse("admin:stores_store_change", args=[StoreFactory().pk])).status_code == 404


def test_autocomplete_offers_the_brands_dealers_only(client, staff):
    DealerFactory(name="别家")
    DealerFactory(brand=staff.brand, name="自家")
    asked = {"app_label": "stores", "model_name": "store", "field_name": "dealer"}
    answer = client.get(reverse("admin:autocomplete"), asked).json()
    assert [row["text"] for row in answer["results"]] == ["自家"]


def test_people_of_a_brand_cannot_make_superusers(client, staff):
    other = UserFactory(brand=staff.brand)
    page = client.get(reverse("admin:stores_user_change", args=[other.pk])).content.decode()
    assert 'name="is_superuser"' not in page
    assert 'name="is_active"' in page


def test_a_table_of_stores_is_imported_into_the_brand():
    user = UserFactory()
    RegionFactory()
    dealer = DealerFactory(brand=user.brand, number="D7")
    person = SalespersonFactory(brand=user.brand, number="S7")
    StoreFactory(number="T1")
    rows = StoreResource(user=user).get_export_headers()
    assert "region_code" in rows
    result = import_rows(user, [["T1", "老王烟酒", "510104", "30.6", "104.1", "D7", "S7"]])
    assert not result.has_errors()
    store = Store.objects.get(brand=user.brand)
    assert (store.number, store.region_id, store.dealer, store.salesperson) == ("T1", "510104", dealer, person)


def test_importing_again_changes_the_store_and_keeps_its_b_code():
    user = UserFactory()
    store = StoreFactory(brand=user.brand, number="T1")
    import_rows(user, [["T1", "新名", "510104", "30.6", "104.1", "", ""]])
    changed = Store.objects.get(pk=store.pk)
    assert (changed.name, changed.b_code) == ("新名", store.b_code)


@pytest.mark.parametrize(
    "row", [["T1", "x", "510104", "95", "104.1", "", ""], ["T1", "x", "510104", "1", "1", "D9", ""]]
)
def test_a_wrong_row_is_reported_and_not_written(row):
    DealerFactory(number="D9", brand=BrandFactory())
    RegionFactory()
    result = import_rows(UserFactory(), [row])
    assert result.has_errors() or result.has_validation_errors()
    assert not Store.objects.exists()


def import_rows(user, rows):
    headers = ["number", "name", "region_code", "latitude", "longitude", "dealer", "salesperson"]
    return StoreResource(user=user).import_data(Dataset(*rows, headers=headers))
