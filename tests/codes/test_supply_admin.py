import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.models import Packing
from tests.factories.stores import StoreFactory, UserFactory
from tests.factories.supply import make_goods, make_packed_goods, moved

pytestmark = pytest.mark.django_db


def test_staff_read_packings_and_movements_of_their_brand_alone(client):
    goods = make_packed_goods()
    movement = moved("ship", StoreFactory(brand=goods.brand), goods.case(0))
    client.force_login(UserFactory(is_superuser=True))
    assert client.get(reverse("admin:codes_movement_change", args=[movement.pk])).status_code == 404
    client.force_login(UserFactory(brand=goods.brand, is_superuser=True))
    assert client.get(reverse("admin:codes_movement_change", args=[movement.pk])).status_code == 200
    assert client.get(reverse("admin:codes_packing_changelist")).status_code == 200
    assert client.get(reverse("admin:codes_packing_add")).status_code == 403


@pytest.fixture
def goods():
    return make_goods()


def uploaded(client, goods, choice, *lines):
    text = "parent,child\n" + "\n".join(lines)
    file = SimpleUploadedFile("list.csv", text.encode())
    return client.post(
        reverse("admin:codes_packing_by_list"), {"brand": goods.brand.pk, "file": file, "choice": choice}
    )


def line_of(goods, case, item):
    encode = code_cipher().encode
    return f"{encode(Role.CASE_OUTER, goods.case(case))},{encode(Role.ITEM_OUTER, goods.item(item))}"


@pytest.mark.parametrize(("choice", "packed"), [("look", 0), ("refuse_all", 0), ("take_good", 1)])
def test_an_uploaded_list_is_judged_and_taken_as_chosen(client, goods, choice, packed):
    client.force_login(UserFactory(brand=goods.brand, is_superuser=True))
    page = uploaded(client, goods, choice, line_of(goods, 0, 0), "K7,K8")
    assert [(bad.line, bad.fault) for bad in page.context["bad_shown"]] == [(3, "truncated")]
    assert Packing.objects.count() == packed


def test_a_line_of_one_column_is_shown_with_what_is_wrong_and_the_rest_is_taken(client, goods):
    client.force_login(UserFactory(brand=goods.brand, is_superuser=True))
    page = uploaded(client, goods, "take_good", "K7", line_of(goods, 0, 0))
    assert [(bad.line, bad.fault, bad.part) for bad in page.context["bad_shown"]] == [(2, "truncated", "child")]
    assert Packing.objects.count() == 1


def test_a_file_that_is_no_text_is_told_at_the_field(client, goods):
    client.force_login(UserFactory(brand=goods.brand, is_superuser=True))
    assert list(uploaded(client, goods, "take_good", "K7\x00").context["form"].errors) == ["file"]


def test_nobody_packs_for_another_brand(client, goods):
    client.force_login(UserFactory(brand=make_goods().brand, is_superuser=True))
    assert list(uploaded(client, goods, "take_good", line_of(goods, 0, 0)).context["form"].errors) == ["brand"]


def test_who_may_not_pack_sees_no_page_for_lists(client, goods):
    client.force_login(UserFactory(brand=goods.brand, is_staff=True))
    assert client.get(reverse("admin:codes_packing_by_list")).status_code == 403


def test_a_case_is_emptied_after_a_question(client):
    goods = make_packed_goods()
    client.force_login(UserFactory(brand=goods.brand, is_superuser=True))
    packing = Packing.objects.get(parent_serial=goods.case(0))
    body = {"action": "empty", "_selected_action": [packing.pk]}
    address = reverse("admin:codes_packing_changelist")
    client.post(address, body)
    assert not Packing.objects.filter(unpacked_at__isnull=False).exists()
    client.post(address, body | {"confirmed": "yes"})
    assert Packing.objects.get(unpacked_at__isnull=False) == packing
