import pytest

from stores.selectors.nearby import stores_near
from tests.factories.stores import BrandFactory, StoreFactory

pytestmark = pytest.mark.django_db

HERE = (30.657, 104.080)


def test_the_nearest_store_comes_first_with_its_distance():
    brand = BrandFactory()
    far = StoreFactory(brand=brand, latitude=30.661)
    near = StoreFactory(brand=brand, latitude=30.658)
    found = stores_near(brand.pk, *HERE, radius_m=1_000, limit=10)
    assert [(store, round(metres)) for store, metres in found] == [(near, 111), (far, 445)]


def test_a_store_in_the_corner_of_the_box_but_outside_the_circle_is_left_out():
    store = StoreFactory(latitude=30.657 + 0.0085, longitude=104.080 + 0.0095)
    assert stores_near(store.brand_id, *HERE, radius_m=1_000, limit=10) == []


@pytest.mark.parametrize("changes", [{"is_active": False}, {"latitude": None, "longitude": None}])
def test_closed_stores_and_stores_without_a_place_are_left_out(changes):
    store = StoreFactory(**changes)
    assert stores_near(store.brand_id, *HERE, radius_m=1_000, limit=10) == []


def test_stores_of_other_brands_are_left_out():
    StoreFactory()
    assert stores_near(BrandFactory().pk, *HERE, radius_m=1_000, limit=10) == []


def test_no_more_than_the_limit_are_given_in_one_statement(django_assert_num_queries):
    brand = BrandFactory()
    StoreFactory.create_batch(3, brand=brand)
    with django_assert_num_queries(1):
        assert len(stores_near(brand.pk, *HERE, radius_m=1_000, limit=2)) == 2
