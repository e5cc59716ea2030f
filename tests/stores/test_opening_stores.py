import re
from dataclasses import replace
from math import nan

import pytest

from core.errors import Invalid, NotFound
from core.models import AuditEntry
from stores.models import RegionDay, Store, StoreDay
from stores.services.stores import (
    StoreDetails,
    StoreNumberTaken,
    change_store,
    close_store,
    details_of,
    open_store,
    reopen_store,
)
from tests.factories.stores import (
    NOON,
    BrandFactory,
    DealerFactory,
    RegionFactory,
    SalespersonFactory,
    StoreFactory,
    StoreOwnerFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def details():
    return StoreDetails(number="T1", name="老王烟酒", kind="tobacco", region_code=RegionFactory().code)


def opened(brand, details):
    return open_store(brand=brand, details=details, now=NOON, actor="user:test")


def test_a_store_opens_with_a_b_code_of_80_random_bits(details):
    brand = BrandFactory()
    one, other = opened(brand, details), opened(brand, replace(details, number="T2"))
    assert re.fullmatch("B[0-9A-HJKMNP-TV-Z]{16}", one.b_code)
    assert one.b_code != other.b_code


def test_opening_is_audited_with_what_was_said(details):
    store = opened(BrandFactory(), details)
    entry = AuditEntry.objects.get(action="store.opened")
    assert (entry.actor, entry.object_id, entry.after["number"], entry.brand_slug) == (
        "user:test",
        str(store.pk),
        "T1",
        store.brand.slug,
    )


@pytest.mark.parametrize(
    ("latitude", "longitude", "fields"),
    [
        (90.5, 104.0, {"latitude"}),
        (30.0, 181.0, {"longitude"}),
        (nan, 104.0, {"latitude"}),
        (-91.0, -181.0, {"latitude", "longitude"}),
        (30.0, None, {"longitude"}),
        (None, 104.0, {"latitude"}),
    ],
)
def test_a_place_off_the_earth_is_refused_by_field(details, latitude, longitude, fields):
    with pytest.raises(Invalid) as refusal:
        opened(BrandFactory(), replace(details, latitude=latitude, longitude=longitude))
    assert set(refusal.value.fields) == fields
    assert not Store.objects.exists()


@pytest.mark.parametrize(
    ("name", "factory"),
    [("dealer", DealerFactory), ("owner", StoreOwnerFactory), ("salesperson", SalespersonFactory)],
)
def test_somebody_of_another_brand_is_refused(details, name, factory):
    with pytest.raises(Invalid) as refusal:
        opened(BrandFactory(), replace(details, **{name: factory()}))
    assert set(refusal.value.fields) == {name}


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"region_code": "999999"}, "region_code"), ({"kind": "kiosk"}, "kind"), ({"name": " "}, "name")],
)
def test_wrong_details_are_refused_by_field(details, changes, field):
    with pytest.raises(Invalid) as refusal:
        opened(BrandFactory(), replace(details, **changes))
    assert set(refusal.value.fields) == {field}


def test_the_region_is_found_from_the_place(details):
    store = opened(BrandFactory(), replace(details, region_code="", latitude=30.657, longitude=104.080))
    assert store.region_id == "510104"


def test_a_number_is_used_once_in_a_brand_and_free_in_another(details):
    brand = BrandFactory()
    opened(brand, details)
    with pytest.raises(StoreNumberTaken):
        opened(brand, details)
    assert opened(BrandFactory(), details).number == "T1"


def test_a_change_is_audited_with_before_and_after():
    store = StoreFactory()
    changed = replace(details_of(store), name="新名")
    change_store(brand=store.brand, store_id=store.pk, details=changed, now=NOON, actor="user:test")
    entry = AuditEntry.objects.get(action="store.changed")
    assert (entry.before["name"], entry.after["name"]) == (store.name, "新名")
    assert entry.before["dealer"] == entry.after["dealer"] == store.dealer_id


def test_past_figures_follow_a_store_into_another_region():
    store = StoreFactory()
    StoreDay.objects.create(store=store, day=NOON.date(), opened=3)
    RegionDay.objects.create(brand=store.brand, region_id="510104", day=NOON.date(), opened=3, moving_stores=1)
    moved = replace(details_of(store), region_code=RegionFactory(code="510105").code)
    change_store(brand=store.brand, store_id=store.pk, details=moved, now=NOON, actor="user:test")
    opened_in = dict(RegionDay.objects.values_list("region_id", "opened"))
    assert opened_in == {"510104": 0, "510105": 3}


def test_a_store_of_another_brand_is_not_found(details):
    store = StoreFactory()
    with pytest.raises(NotFound):
        change_store(brand=BrandFactory(), store_id=store.pk, details=details, now=NOON, actor="user:test")


def test_closing_twice_is_audited_once():
    store = StoreFactory()
    for _ in range(2):
        close_store(brand=store.brand, store_id=store.pk, now=NOON, actor="user:test")
    store.refresh_from_db()
    assert (store.is_active, AuditEntry.objects.filter(action="store.closed").count()) == (False, 1)


def test_a_closed_store_can_be_reopened():
    store = StoreFactory(is_active=False)
    assert reopen_store(brand=store.brand, store_id=store.pk, now=NOON, actor="user:test").is_active


def test_a_store_without_region_and_place_is_refused_by_field(details):
    with pytest.raises(Invalid) as refusal:
        opened(BrandFactory(), replace(details, region_code=""))
    assert set(refusal.value.fields) == {"region_code"}
