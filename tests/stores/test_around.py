import pytest

from core.prepared import row_of
from stores.earth import Place
from stores.selectors.around import IN_BOX, StoreInBox, box_parameters, nearest
from tests.factories.stores import BrandFactory, StoreFactory

pytestmark = pytest.mark.django_db

HERE = Place(30.657, 104.080)


def stores_near(brand, centre=HERE, *, limit=10):
    """The ids of a brand's stores within a kilometre, and how far each is."""
    statement = IN_BOX.format(brand="%(brand)s::bigint")
    row = row_of(statement, {"brand": brand.pk} | box_parameters(centre, 1_000))
    found = nearest([StoreInBox(*each) for each in row["in_box"] or ()], HERE, 1_000, limit)
    return [(store.id, round(metres)) for store, metres in found]


def test_the_nearest_store_comes_first_with_its_distance():
    brand = BrandFactory()
    far = StoreFactory(brand=brand, latitude=30.661)
    near = StoreFactory(brand=brand, latitude=30.658)
    assert stores_near(brand) == [(near.pk, 111), (far.pk, 445)]


def test_a_store_in_the_corner_of_the_box_but_outside_the_circle_is_left_out():
    store = StoreFactory(latitude=30.657 + 0.0085, longitude=104.080 + 0.0095)
    assert stores_near(store.brand) == []


@pytest.mark.parametrize("changes", [{"is_active": False}, {"latitude": None, "longitude": None}])
def test_closed_stores_and_stores_without_a_place_are_left_out(changes):
    store = StoreFactory(**changes)
    assert stores_near(store.brand) == []


def test_stores_of_other_brands_are_left_out():
    StoreFactory()
    assert stores_near(BrandFactory()) == []


def test_no_more_than_the_limit_are_given():
    brand = BrandFactory()
    StoreFactory.create_batch(3, brand=brand)
    assert len(stores_near(brand, limit=2)) == 2


def test_no_place_has_no_store_near():
    assert stores_near(StoreFactory().brand, None) == []
