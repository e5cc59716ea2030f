import pytest

from stores.selectors.scope import people_of, stores_of
from tests.factories.stores import BrandFactory, SalespersonFactory, StoreFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_salesperson_sees_own_stores_only():
    mine = StoreFactory()
    StoreFactory(brand=mine.brand)
    assert list(stores_of(mine.salesperson.user)) == [mine]


def test_a_squad_leader_sees_own_stores_and_the_squads():
    brand = BrandFactory()
    leader = SalespersonFactory(brand=brand, is_squad_leader=True)
    own = StoreFactory(brand=brand, salesperson=leader)
    squads = StoreFactory(brand=brand, salesperson__leader=leader)
    StoreFactory(brand=brand)
    assert set(stores_of(leader.user)) == {own, squads}


def test_a_leader_who_is_none_any_more_sees_own_stores_only():
    brand = BrandFactory()
    former = SalespersonFactory(brand=brand, is_squad_leader=False)
    StoreFactory(brand=brand, salesperson__leader=former)
    assert not stores_of(former.user).exists()


def test_brand_staff_see_all_stores_of_the_brand_and_none_of_others():
    mine, _other = StoreFactory(), StoreFactory()
    assert list(stores_of(UserFactory(brand=mine.brand))) == [mine]


def test_the_platform_sees_all_stores():
    StoreFactory.create_batch(2)
    assert stores_of(UserFactory(platform=True)).count() == 2


def test_an_owner_sees_own_stores():
    mine = StoreFactory()
    StoreFactory(brand=mine.brand)
    assert list(stores_of(mine.owner.user)) == [mine]


@pytest.mark.parametrize("changes", [{"is_active": False}, {"brand": None, "is_superuser": False}])
def test_inactive_accounts_and_staff_without_a_brand_see_nothing(changes):
    StoreFactory()
    assert not stores_of(UserFactory(**changes)).exists()


def test_a_squad_leader_sees_the_people_of_the_squad():
    leader = SalespersonFactory(is_squad_leader=True)
    member = SalespersonFactory(brand=leader.brand, leader=leader)
    SalespersonFactory(brand=leader.brand)
    assert set(people_of(leader.user)) == {leader, member}


@pytest.mark.parametrize("changes", [{"is_active": False}, {"brand": None, "is_superuser": False}])
def test_inactive_accounts_and_staff_without_a_brand_see_nobody(changes):
    SalespersonFactory()
    assert not people_of(UserFactory(**changes)).exists()


def test_the_platform_sees_all_people():
    people = SalespersonFactory.create_batch(2)
    assert set(people_of(UserFactory(platform=True))) == set(people)


def test_brand_staff_see_the_people_of_the_brand():
    mine, _other = SalespersonFactory(), SalespersonFactory()
    assert list(people_of(UserFactory(brand=mine.brand))) == [mine]
