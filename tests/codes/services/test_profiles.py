import pytest
from django.db import DatabaseError, IntegrityError, transaction

from codes.models import PrinterProfile, PrintFile
from codes.services import parts, writing
from codes.services.exporting import WantedFile, request_print_file
from codes.services.profiles import ProfileFacts, ProfileNameTaken, add_profile, retire_profile
from core.errors import Invalid, NotFound
from core.models import AuditEntry
from tests.factories.codes import make_order
from tests.factories.stores import NOON, BrandFactory

pytestmark = pytest.mark.django_db


def add(brand, name="fast line", columns=("code",), **facts):
    facts = ProfileFacts(name=name, columns=columns, **facts)
    return add_profile(brand=brand, facts=facts, actor="user:ann", now=NOON)


def retire(profile, brand=None):
    return retire_profile(brand=brand or profile.brand, profile_id=profile.pk, actor="user:ann", now=NOON)


def request(order, profile, kind="csv"):
    wanted = WantedFile(recipient="printer", kind=kind, profile=profile)
    return request_print_file(brand=order.brand, order_id=order.pk, wanted=wanted, actor="user:ann", now=NOON)


@pytest.fixture
def order(settings, tmp_path):
    settings.PRIVATE_FILES = tmp_path
    return make_order(quantity=3)


def test_a_profile_is_added_and_audited():
    profile = add(BrandFactory(), name=" fast line ", delimiter="tab")
    assert (profile.name, profile.layout.delimiter, profile.layout.columns) == ("fast line", "\t", ("code",))
    assert AuditEntry.objects.get(action="printer_profile.add").after["columns"] == ["code"]


def test_a_file_is_written_by_its_profile(order):
    add(order.brand, columns=("serial", "code"), has_header=False, one_row_a_unit=True, line_ending="lf")
    file = request(order, "fast line")
    writing.write_waiting(clock=lambda: NOON, until=NOON)
    rows = parts.path_of(file).read_text().splitlines()
    assert [int(row.split(",")[0]) for row in rows] == list(range(order.first_serial, order.last_serial + 1))
    assert {len(row.split(",")) for row in rows} == {3}


def test_another_profile_is_another_file_for_the_same_recipient(order):
    add(order.brand)
    assert request(order, "").pk != request(order, "fast line").pk
    assert request(order, "fast line").pk == request(order, "fast line").pk


def test_a_retired_profile_writes_no_new_files(order):
    retire(add(order.brand))
    with pytest.raises(Invalid) as refusal:
        request(order, "fast line")
    assert list(refusal.value.fields) == ["profile"]
    assert AuditEntry.objects.filter(action="printer_profile.retire").count() == 1


def test_another_brands_profile_is_not_there(order):
    profile = add(BrandFactory())
    with pytest.raises(Invalid):
        request(order, "fast line")
    with pytest.raises(NotFound):
        retire(profile, brand=order.brand)


def test_labels_take_no_profile(order):
    add(order.brand)
    with pytest.raises(Invalid) as refusal:
        request(order, "fast line", kind="labels")
    assert list(refusal.value.fields) == ["profile"]
    assert not PrintFile.objects.exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 41}, "name"),
        ({"columns": ("serial",)}, "columns"),
        ({"delimiter": "dot"}, "delimiter"),
        ({"line_ending": "cr"}, "line_ending"),
    ],
)
def test_an_impossible_profile_is_told_by_its_field(facts, field):
    with pytest.raises(Invalid) as refusal:
        add(BrandFactory(), **facts)
    assert list(refusal.value.fields) == [field]


def test_a_name_is_given_once_in_a_brand():
    profile = add(BrandFactory())
    with pytest.raises(ProfileNameTaken):
        add(profile.brand, columns=("url",))
    assert add(BrandFactory()).pk != profile.pk


def test_the_database_keeps_a_profile_as_it_was():
    profile = add(BrandFactory())
    for change in (lambda rows: rows.update(delimiter="tab"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(PrinterProfile.objects.filter(pk=profile.pk))


def test_the_database_refuses_a_unit_row_with_a_role():
    with pytest.raises(IntegrityError):
        PrinterProfile.objects.create(
            brand=BrandFactory(), name="x", columns=["role", "code"], one_row_a_unit=True, created_at=NOON
        )


def test_a_profile_retires_once():
    profile = retire(add(BrandFactory()))
    assert retire(profile).retired_at == profile.retired_at == NOON
    assert AuditEntry.objects.filter(action="printer_profile.retire").count() == 1
