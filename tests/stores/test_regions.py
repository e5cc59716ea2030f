import pytest
from django.core.management import call_command

from stores.models import Region
from stores.services.regions import load_regions

pytestmark = pytest.mark.django_db


def test_all_34_provinces_hang_below_the_nation():
    load_regions()
    assert Region.objects.filter(parent="000000", level=Region.Level.PROVINCE).count() == 34


def test_a_district_knows_its_way_up_to_the_nation():
    load_regions()
    assert Region.objects.get(code="510104").lineage == ["000000", "510000", "510100", "510104"]


@pytest.mark.parametrize(
    ("code", "parent"),
    [("110101", "110000"), ("419001", "410000"), ("441900", "440000"), ("710000", "000000"), ("810000", "000000")],
)
def test_places_without_a_level_hang_below_the_next_one(code, parent):
    load_regions()
    assert Region.objects.get(code=code).parent_id == parent


def test_loading_twice_mends_names_and_adds_nothing():
    count = load_regions()
    Region.objects.filter(code="510104").update(name="旧名")
    assert load_regions() == count == Region.objects.count()
    assert Region.objects.get(code="510104").name == "锦江区"


def test_loading_takes_few_statements(django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        load_regions()


def test_the_command_says_how_many(capsys):
    call_command("load_regions")
    assert capsys.readouterr().out == f"{Region.objects.count()} regions\n"
