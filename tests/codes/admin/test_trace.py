import pytest
from django.urls import reverse

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from tests.factories.stores import StoreFactory, UserFactory
from tests.factories.supply import make_packed_goods, moved

pytestmark = pytest.mark.django_db

PAGE = "admin:codes_movement_trace"


@pytest.fixture
def goods():
    return make_packed_goods()


def trace(client, **query):
    return client.get(reverse(PAGE), query, headers={"accept-language": "en"})


def test_the_page_tells_the_way_and_where_the_others_are(client, goods):
    client.force_login(UserFactory(brand=goods.brand, is_superuser=True))
    store = StoreFactory(brand=goods.brand, name="老街店")
    movement = moved("ship", store, goods.case(0), goods.case(1))
    moved("destroy", store, goods.item(3))
    page = trace(client, unit=code_cipher().encode(Role.ITEM_OUTER, goods.item(0)))
    assert [str(told.words) for told in page.context["steps"]] == ["packed", "packed", "shipped"]
    where = [(each.piece.serials.count, each.where) for each in page.context["siblings"]]
    assert where == [(2, "老街店: shipped"), (1, "destroyed"), (2, "老街店: shipped")]
    along = trace(client, unit=goods.item(0), movement=movement.pk)
    assert [each.piece.serials.first for each in along.context["siblings"]] == [goods.case(1)]
    pallet = trace(client, unit=goods.item(0), holder=goods.pallet(0), first=goods.case(1))
    assert pallet.context["holder"] == goods.pallet(0)
    never = trace(client, unit=goods.case(2), holder=goods.pallet(0), movement="x")
    assert (never.context["holder"], never.context["siblings"][0].where) == (goods.pallet(1), "with the brand")


@pytest.mark.parametrize("text", ["", "nonsense", "9" * 16, "\x00", "٣"])
def test_what_names_no_unit_is_told(client, goods, text):
    client.force_login(UserFactory(brand=goods.brand, is_superuser=True))
    page = trace(client, unit=text)
    assert (page.status_code, "unit" in page.context, "steps" in page.context) == (200, False, False)


def test_another_brand_s_unit_is_not_there_and_the_right_is_needed(client, goods):
    client.force_login(UserFactory(brand=make_packed_goods().brand, is_superuser=True))
    assert "steps" not in trace(client, unit=goods.item(0)).context
    client.force_login(UserFactory(brand=goods.brand))
    assert trace(client, unit=goods.item(0)).status_code == 403


def test_a_long_list_goes_on_on_the_next_page(client):
    goods = make_packed_goods(per_case=110)
    for number in range(0, 108, 2):
        moved("sample", goods.brand, goods.item(number))
    client.force_login(UserFactory(platform=True))
    page = trace(client, unit=goods.item(109))
    assert (len(page.context["siblings"]), page.context["next_serial"]) == (50, goods.item(50))
    assert f"first={goods.item(50)}" in page.content.decode()
