"""The panel of open market cases on the dashboard's first page: who sees how many of what."""

import re
from itertools import count

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import translation

from codes.models import MarketCase
from codes.selectors.open_cases import MOST_PLACES, open_cases_of
from tests.factories.stores import (
    NOON,
    BrandFactory,
    RegionFactory,
    SalespersonFactory,
    StoreFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
CHENGDU, LESHAN = "510100", "511100"
NUMBERS = count()


def opened(brand, kind="diversion", region=CHENGDU, **facts):
    named = {"brand": brand, "kind": kind, "subject": f"x:{next(NUMBERS)}", "opened_at": NOON, "newest_at": NOON}
    code = RegionFactory(code=region).code if region else None
    return MarketCase.objects.create(region_id=code, score=50, **(named | facts))


@pytest.fixture
def brand():
    """Four open cases in three places, a closed one, and another brand's."""
    brand = BrandFactory()
    opened(brand)
    opened(brand, state="looking")
    opened(brand, kind="unknown", opened_at=NOON.replace(day=1))
    opened(brand, region=LESHAN)
    opened(brand, kind="clone", region=None)
    opened(brand, state="closed", outcome="confirmed", closed_at=NOON)
    opened(BrandFactory())
    return brand


def staff_with_the_right(brand):
    user = UserFactory(brand=brand)
    user.user_permissions.add(Permission.objects.get(codename="view_marketcase"))
    return user


def told(user):
    return {place.region: (place.count, dict(place.kinds)) for place in open_cases_of(user).places}


def page_of(user, language="en"):
    client = Client(headers={"accept-language": language})
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client.get("/dashboard/").content.decode()


def test_staff_with_the_right_see_the_brand_s_open_cases_by_city_and_kind(brand):
    user = staff_with_the_right(brand)
    with translation.override("en"):
        assert told(user) == {
            "成都市": (3, {"diversion": 2, "codes not ours": 1}),
            "地区511100": (1, {"diversion": 1}),
            "": (1, {"copied mark": 1}),
        }
    cases = open_cases_of(user)
    assert (cases.count, cases.oldest_at, cases.places_more) == (5, NOON.replace(day=1), 0)
    page = page_of(user)
    assert 'href="/admin/codes/marketcase/"' in page
    assert re.search(r"5</strong> cases are open", page)
    assert "5</strong> 个案件待处理" in page_of(user, "zh-hans")


def test_a_squad_leader_sees_those_of_the_cities_of_the_squad_s_stores_and_no_work_list(brand):
    leader = SalespersonFactory(brand=brand, is_squad_leader=True)
    StoreFactory(brand=brand, salesperson=SalespersonFactory(brand=brand, leader=leader))
    StoreFactory(brand=brand, salesperson=leader, region=RegionFactory(code="511102"), is_active=False)
    assert {region: number for region, (number, _kinds) in told(leader.user).items()} == {"成都市": 3}
    assert "/admin/" not in page_of(leader.user)


def test_the_platform_sees_all_brands_cases(brand):
    assert open_cases_of(UserFactory(platform=True)).count == 6


def test_nobody_else_sees_any(brand):
    for user in (UserFactory(brand=brand), SalespersonFactory(brand=brand).user, UserFactory(brand=None)):
        assert open_cases_of(user) is None
    assert "market cases" not in page_of(SalespersonFactory(brand=brand).user)


def test_many_cities_are_cut_and_none_is_told_in_words():
    brand = BrandFactory()
    user = staff_with_the_right(brand)
    assert "No open cases" in page_of(user)
    for number in range(MOST_PLACES + 2):
        opened(brand, region=f"51{number + 10}00")
    cases = open_cases_of(user)
    assert (len(cases.places), cases.places_more, cases.count) == (MOST_PLACES, 2, MOST_PLACES + 2)
    assert "and 2 other cities" in page_of(user)


def test_the_statements_do_not_grow_with_the_cases(brand, django_assert_num_queries):
    leader = SalespersonFactory(brand=brand, is_squad_leader=True)
    StoreFactory(brand=brand, salesperson=leader)
    with django_assert_num_queries(3):  # leader? the squad's stores; the cases
        open_cases_of(leader.user)
