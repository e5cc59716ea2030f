import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from codes.admin import wide_statements
from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.models import Span
from tests.codes.admin.test_admin import Staff, said
from tests.factories.codes import make_order
from tests.factories.stores import UserFactory
from tests.factories.supply import make_packed_goods

pytestmark = pytest.mark.django_db
PAGE = "admin:codes_span_of_many"


@pytest.fixture
def staff():
    user = UserFactory()
    user.user_permissions.set(Permission.objects.values_list("pk", flat=True))
    return Staff(user)


@pytest.fixture
def goods(staff):
    return make_packed_goods(brand=staff.user.brand)


def listing(*codes):
    return SimpleUploadedFile("codes.csv", "\n".join(["code", *codes]).encode())


def mark(serial):
    return code_cipher().encode(Role.ITEM_INNER, serial)


def send(staff, **form):
    return staff.post(reverse(PAGE), {"brand": staff.user.brand_id, "kind": "recalled", "reason": "bad caps"} | form)


def test_a_list_is_shown_with_what_it_touches_and_then_recalled(staff, goods):
    assert reverse("admin:codes_span_to_many").encode() in staff.get(reverse("admin:codes_span_changelist")).content
    assert staff.get(reverse("admin:codes_span_to_many")).url == reverse(PAGE)
    assert b"See first" in staff.get(reverse(PAGE)).content
    shown = send(staff, file=listing(mark(goods.item(3)), mark(goods.item(4)), mark(goods.item(7))))
    assert "Units: 3 (item 3); ranges: 2." in shown.context["lines"]
    assert "Sold already (opened): 0." in shown.context["lines"]
    assert not Span.objects.exists()
    done = staff.post(reverse(PAGE), {"plan": shown.context["plan"]}, follow=True)
    assert said(done) == ["recalled; units: 3, ranges: 2."]
    assert Span.objects.filter(kind="recalled", reason="bad caps").count() == 2
    again = send(staff, file=listing(mark(goods.item(3)), mark(goods.item(4)), mark(goods.item(7))))
    assert "All of this was said before: nothing would change." in again.context["lines"]


def test_a_cases_content_or_a_range_is_named_by_serials(staff, goods):
    assert "Units: 6 (item 6); ranges: 1." in send(staff, parent=goods.case(0)).context["lines"]
    shown = send(staff, first_serial=goods.item(0), last_serial=goods.case(1))
    assert "Units: 26 (case 2, item 24); ranges: 2." in shown.context["lines"]


def test_an_activation_to_come_is_told_with_its_moment(staff, goods):
    moment = {"kind": "active", "effective_at": "2099-01-01T08:00"}
    refused = send(staff, parent=goods.case(0), **moment)
    assert "at most two years" in refused.context["refusal"]


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({}, "in one way"),
        ({"parent": 1, "first_serial": 1, "last_serial": 2}, "in one way"),
        ({"first_serial": 5}, "Give both serials"),
        ({"parent": 999_999}, "no such case"),
        ({"file": listing("rubbish")}, "Line 2"),
        ({"reason": "", "parent": 1}, "required"),
    ],
)
def test_a_form_that_will_not_do_says_why(staff, goods, form, told):
    assert told in str(send(staff, **form).context["form"].errors)


def test_a_file_that_is_too_large_is_not_read(staff, goods, monkeypatch):
    monkeypatch.setattr(wide_statements, "LARGEST_FILE", 3)
    assert "too large" in str(send(staff, file=listing("x")).context["form"].errors)


def test_a_plan_is_carried_out_for_whom_it_was_shown_alone_and_as_it_stands(staff, goods):
    plan = send(staff, parent=goods.case(0)).context["plan"]
    other = UserFactory(brand=staff.user.brand)
    other.user_permissions.set(Permission.objects.values_list("pk", flat=True))
    for who, text in ((Staff(other), plan), (staff, plan[:-3])):
        assert said(who.post(reverse(PAGE), {"plan": text}, follow=True)) == ["This page is too old. Begin again."]
    assert not Span.objects.exists()


def test_a_plan_that_is_refused_by_now_says_so(staff, goods):
    active = {"kind": "active", "parent": goods.case(0)}
    plan = send(staff, **active).context["plan"]
    wider = send(staff, kind="active", first_serial=goods.item(0), last_serial=goods.item(9)).context["plan"]
    staff.post(reverse(PAGE), {"plan": wider})
    assert "activated before" in said(staff.post(reverse(PAGE), {"plan": plan}, follow=True))[-1]


def test_the_platform_chooses_the_brand(goods):
    platform = Staff(UserFactory(platform=True))
    shown = platform.post(
        reverse(PAGE), {"brand": goods.brand.pk, "kind": "frozen", "reason": "x", "parent": goods.case(0)}
    )
    assert shown.context["plan"]


def test_the_page_is_not_for_those_without_the_right(goods):
    assert Staff(UserFactory(brand=goods.brand)).get(reverse(PAGE)).status_code == 403


def test_an_orders_and_a_batchs_actions_show_first_what_they_touch(staff, goods):
    asked = {"action": "freeze", "_selected_action": [goods.items.pk]}
    page = staff.post(reverse("admin:codes_codeorder_changelist"), asked).content.decode()
    assert ("See first what it touches" in page, "Yes, do it" in page) == (True, False)
    page = staff.post(reverse("admin:codes_codeorder_changelist"), asked | {"looked": "yes"}).content.decode()
    assert ("Look again" in page, "Yes, do it" in page) == (True, True)
    assert "Units: 24 (item 24); ranges: 1." in page
    looked = {"action": "recall_batches", "_selected_action": [goods.items.batch.pk], "looked": "yes", "reason": "x"}
    page = staff.post(reverse("admin:codes_batch_changelist"), looked).content.decode()
    assert "Units: 30 (case 4, item 24, pallet 2)" in page
    assert not Span.objects.exists()


def test_a_preview_says_what_the_action_would_be_refused_for(staff):
    order = make_order(state="draft")
    platform = Staff(UserFactory(platform=True))
    looked = {"action": "activate", "_selected_action": [order.pk], "looked": "yes"}
    page = platform.post(reverse("admin:codes_codeorder_changelist"), looked).content.decode()
    assert "Only a released order can be activated." in page
