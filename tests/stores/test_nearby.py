import pytest
from django.db import connection

from stores.earth import Place
from stores.selectors.nearby import STATEMENT, nearest_stores
from tests.factories.stores import BrandFactory, StoreFactory

pytestmark = pytest.mark.django_db

HERE = Place(30.657, 104.080)


def test_the_search_goes_farther_only_where_there_are_too_few():
    brand = BrandFactory()
    near = StoreFactory(brand=brand, latitude=30.658)
    far = StoreFactory(brand=brand, latitude=31.0)
    beyond = StoreFactory(brand=brand, latitude=32.0)
    found = {limit: nearest_stores(brand.pk, HERE, limit=limit) for limit in (1, 2, 3)}
    assert [(store, round(metres)) for store, metres in found[1]] == [(near, 111)]
    assert [store for store, _ in found[2]] == [near, far]
    assert beyond not in {store for store, _ in found[3]}


def test_more_stores_cost_no_more_statements(django_assert_num_queries):
    brand = BrandFactory()
    StoreFactory.create_batch(10, brand=brand)
    with django_assert_num_queries(1):  # beside the prepared ones
        assert len(nearest_stores(brand.pk, HERE, limit=5)) == 5


def test_stores_around_a_place_are_read_by_the_index_of_places():
    brand = BrandFactory()
    for number in range(100):
        StoreFactory(brand=brand, latitude=20 + number / 5, longitude=100 + number / 5)
    box = {"brand": brand.pk, "south": 30, "north": 31, "west": 104, "east": 105}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE stores_store")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {STATEMENT}", box)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "store_brand_place" in plan
    assert f"Index Cond: ((brand_id = '{brand.pk}'::bigint) AND (latitude >= " in plan
