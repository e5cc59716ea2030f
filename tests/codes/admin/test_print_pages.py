import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from codes.models import Download, PrintFile, Roll, RollUse
from codes.services import writing
from codes.services.downloading import take_file
from core.models import AuditEntry
from tests.codes.admin.test_admin import Staff, said
from tests.codes.selectors.test_leaks import file_of, in_order, scan
from tests.factories.codes import BatchFactory, make_order
from tests.factories.stores import NOON, UserFactory
from tests.factories.supply import make_goods

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(settings, tmp_path):
    settings.PRIVATE_FILES = tmp_path
    user = UserFactory()
    user.user_permissions.set(Permission.objects.values_list("pk", flat=True))
    return Staff(user)


@pytest.fixture
def goods(staff):
    return make_goods(brand=staff.user.brand)


def test_a_label_sheet_of_ones_own_sizes_is_asked_for(staff, goods):
    grid = {"paper": "A3", "label_width": 50, "label_height": 30, "columns": 5, "margin_left": 5}
    staff.act("codeorder", "sheets", [goods.items], recipient="printer", captions=["lot", "serial"], **grid)
    expected = {name: float(value) if isinstance(value, int) else value for name, value in grid.items()}
    assert PrintFile.objects.get().labels == expected | {"captions": ["lot", "serial"]}


def test_labels_that_do_not_fit_are_told_to_who_asked(staff, goods):
    answer = staff.act("codeorder", "sheets", [goods.items], recipient="x", sheet="a4-3x7", paper="A4")
    assert "Name a sheet" in said(answer)[0]
    assert not PrintFile.objects.exists()


def test_labels_for_a_zpl_printer_are_asked_for(staff, goods):
    staff.act(
        "codeorder", "zpl", [goods.items], recipient="x", label_width=60, label_height=30, dpi=300, captions=["lot"]
    )
    file = PrintFile.objects.get()
    assert (file.kind, file.labels["dpi"]) == ("zpl", 300)


def test_a_roll_is_asked_for_and_declared_used(staff, goods):
    form = {"recipient": "factory", "case_order": goods.cases.pk, "items_per_case": 6}
    form |= {"pallet_order": goods.pallets.pk, "cases_per_pallet": 2}
    staff.act("codeorder", "roll", [goods.items], **form)
    roll = Roll.objects.get()
    writing.write_waiting(clock=lambda: NOON, until=NOON)
    assert "not taken away" in said(staff.act("roll", "use", [roll]))[-1]
    take_file(brand=goods.brand, file_id=roll.file_id, actor="user:x", address=None, now=NOON)
    staff.act("roll", "use", [roll], first_serial=goods.case(0), last_serial=goods.case(0))
    assert RollUse.objects.get().packings == 2
    assert b"factory" in staff.get(reverse("admin:codes_roll_changelist")).content
    assert staff.get(reverse("admin:codes_roll_change", args=[roll.pk])).status_code == 200


def test_the_next_roll_takes_the_next_cases_and_one_that_overlaps_is_told(staff, goods):
    form = {"recipient": "factory", "case_order": goods.cases.pk, "items_per_case": 6}
    page = staff.act("codeorder", "roll", [goods.items]).content.decode()
    assert "Leave both serials empty for all items that are on no roll yet." in page
    assert page.count("Empty: the next on no roll yet.") == 2
    half = {"first_serial": goods.item(0), "last_serial": goods.item(11)}
    staff.act("codeorder", "roll", [goods.items], **form, **half)
    answer = staff.act("codeorder", "roll", [goods.items], **form | {"items_per_case": 4}, **half)
    assert "is on roll" in said(answer)[-1]
    staff.act("codeorder", "roll", [goods.items], **form)
    assert sorted(Roll.objects.values_list("first_case", flat=True)) == [goods.case(0), goods.case(2)]


def test_a_roll_with_half_of_what_pallets_need_is_asked_again(staff, goods):
    form = {"recipient": "x", "case_order": goods.cases.pk, "items_per_case": 6, "pallet_order": goods.pallets.pk}
    page = staff.act("codeorder", "roll", [goods.items], **form)
    assert b"Give both the order of the pallets" in page.content
    assert b"is required" in staff.act("codeorder", "roll", [goods.items], recipient="x").content


def test_a_roll_is_not_used_without_the_right(goods):
    user = UserFactory(brand=goods.brand)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_roll", "change_roll"]))
    page = Staff(user).get(reverse("admin:codes_roll_changelist"))
    assert b"Declare used" not in page.content


def test_a_sample_mark_is_drawn_as_eps_too(staff, goods):
    address = reverse("admin:codes_codeorder_mark", args=[goods.items.pk, goods.item(0), 2, "eps"])
    assert address.encode() in staff.get(reverse("admin:codes_codeorder_change", args=[goods.items.pk])).content
    answer = staff.get(address)
    assert (answer["Content-Type"], answer.content[:4]) == ("application/postscript", b"%!PS")
    assert staff.get(address.replace(".eps", ".gif")).status_code == 404


@pytest.fixture
def leaking(staff):
    order = make_order(batch=BatchFactory(product__brand=staff.user.brand), quantity=200)
    file_of(order, "honest printer", 0, 99)
    file_of(order, "leaking printer", 100, 199)
    scan(order, in_order(order, 80, 100))
    return order


def test_the_page_of_leaks_names_the_recipient_and_is_a_table_too(staff, leaking):
    listed = staff.get(reverse("admin:codes_printfile_changelist")).content
    assert reverse("admin:codes_printfile_to_leaks").encode() in listed
    assert staff.get(reverse("admin:codes_printfile_to_leaks")).url == reverse("admin:codes_printfile_leaks")
    page = staff.get(reverse("admin:codes_printfile_leaks"))
    assert "To be looked into: leaking printer" in page.content.decode()
    assert "scanned in printing order" in page.content.decode()
    table = staff.get(reverse("admin:codes_printfile_leaks_table"))
    assert table["Content-Disposition"] == 'attachment; filename="leaks.csv"'
    assert AuditEntry.objects.get(action="leaks.listed").after["suspects"] == ["leaking printer"]


def test_a_brand_without_files_is_told_so_and_the_platform_chooses_the_brand(staff, leaking):
    platform = Staff(UserFactory(platform=True))
    page = reverse("admin:codes_printfile_leaks")
    assert b"leaking printer" in platform.get(page, {"brand": leaking.brand.slug}).content
    assert platform.get(page, {"brand": "none-such"}).status_code == 404
    stranger = UserFactory()
    stranger.user_permissions.set(Permission.objects.values_list("pk", flat=True))
    assert b"No print file was taken away yet." in Staff(stranger).get(page).content
    assert Staff(UserFactory(brand=leaking.brand)).get(page).status_code == 403
    assert platform.get(page).status_code == 200


def test_a_file_that_left_the_disk_says_so(staff, leaking):
    PrintFile.objects.update(state="ready", path="x", sha256="x", expires_at=NOON, removed_at=NOON)
    assert b"off the disk" in staff.get(reverse("admin:codes_printfile_changelist")).content
    assert Download.objects.count() == 2
