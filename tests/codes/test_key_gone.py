"""An order whose key is no longer in ONECODE_CODE_KEYS: each way to its codes says so, or knows them not."""

import io
import json

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.models import PrintFile, Scan
from codes.services.exporting import WantedFile, request_print_file
from codes.services.spans import activate
from codes.services.writing import write_waiting
from core.models import AuditEntry
from tests.codes.api.partners import Partner
from tests.factories.codes import BatchFactory, make_order
from tests.factories.stores import NOON, BrandFactory, UserFactory

pytestmark = pytest.mark.django_db
ANOTHER = "2:" + "ab" * 32
SAID = "The key of this order's codes is not in ONECODE_CODE_KEYS."


@pytest.fixture
def partner(settings, tmp_path):
    settings.PRIVATE_FILES = tmp_path
    return Partner(BrandFactory(), scopes=("codes", "supply"))


@pytest.fixture
def order(partner):
    order = make_order(batch=BatchFactory(product__brand=partner.brand))
    activate(brand=partner.brand, order_id=order.pk, serials=None, actor="user:ann", now=NOON)
    return order


@pytest.fixture
def code(order, settings):
    """An inner code of the order, whose key goes away once it is printed."""
    text = code_cipher().encode(Role.ITEM_INNER, order.first_serial)
    settings.CODE_KEYS = ANOTHER
    return text


@pytest.fixture
def staff(partner):
    user = UserFactory(brand=partner.brand)
    user.user_permissions.set(Permission.objects.values_list("pk", flat=True))
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_page_calls_its_codes_unknown(code):
    page = Client(headers={"accept-language": "en"}).get(f"/c/{code}")
    assert (page.status_code, "not one of ours" in page.content.decode()) == (200, True)


def test_a_scan_of_it_is_unknown_and_is_kept_without_a_serial(code):
    answer = Client().post("/api/v1/scans", {"code": code}, content_type="application/json")
    assert (answer.status_code, answer.json()["verdict"]) == (201, "unknown")
    assert Scan.objects.get().serial is None


def test_verify_code_calls_it_unknown(code):
    out = io.StringIO()
    call_command("verify_code", code, stdout=out)
    assert json.loads(out.getvalue()) == {"role": None, "serial": None, "order": None, "verdict": "unknown"}


@pytest.mark.parametrize("path", ["", "/trace"])
def test_partners_find_its_units_by_serial_alone(partner, order, code, path):
    assert partner.read(f"units/{code}{path}").status_code == 404
    assert partner.read(f"units/{order.first_serial}{path}").status_code == 200


def test_partners_can_not_name_its_units_by_code(partner, code):
    answer = partner.send("packings", {"packings": [{"parent": code, "first": code}]})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert answer.json()["fields"]["packings.0.parent"] == ["Give the code of a unit, or its serial."]


@pytest.mark.parametrize("form", ["svg", "png"])
def test_partners_are_told_that_a_mark_can_not_be_drawn(partner, order, code, form):
    answer = partner.read(f"code-orders/{order.pk}/marks/{order.first_serial}/item_inner.{form}")
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["key_version"]) == (409, "code_key_gone", "1")
    assert problem["title"].startswith(SAID)
    assert not AuditEntry.objects.filter(action="mark.draw").exists()


def test_staff_are_told_so_on_a_page(staff, order, code):
    address = reverse("admin:codes_codeorder_mark", args=[order.pk, order.first_serial, int(Role.ITEM_INNER), "svg"])
    page = staff.get(address)
    assert (page.status_code, SAID in page.content.decode().replace("&#x27;", "'")) == (409, True)


def test_the_admin_still_shows_the_order(staff, order, code):
    assert staff.get(reverse("admin:codes_codeorder_change", args=[order.pk])).status_code == 200


@pytest.mark.parametrize("kind", ["csv", "labels"])
def test_a_print_file_of_it_fails_and_says_why_in_the_admin_and_to_partners(partner, staff, order, code, kind):
    wanted = WantedFile(recipient="printer", kind=kind)
    file = request_print_file(brand=order.brand, order_id=order.pk, wanted=wanted, actor="user:ann", now=NOON)
    write_waiting(clock=lambda: NOON, until=NOON)
    fault = "The key of this order is not in ONECODE_CODE_KEYS: no key of version '1'."
    told = partner.read(f"code-orders/{order.pk}/exports/{file.pk}").json()
    assert (told["state"], told["fault"]) == ("failed", fault)
    page = staff.get(reverse("admin:codes_printfile_change", args=[file.pk])).content.decode()
    assert fault.replace("'", "&#x27;") in page


def test_a_print_file_comes_out_well_once_the_key_is_back(partner, staff, order, code, settings):
    wanted = WantedFile(recipient="printer")
    file = request_print_file(brand=order.brand, order_id=order.pk, wanted=wanted, actor="user:ann", now=NOON)
    write_waiting(clock=lambda: NOON, until=NOON)
    settings.CODE_KEYS = f"{ANOTHER},1:{'00112233445566778899aabbccddeeff' * 2}"
    partner.send(f"code-orders/{order.pk}/exports/{file.pk}/retries")
    write_waiting(clock=lambda: NOON, until=NOON)
    assert PrintFile.objects.get().state == "ready"


def test_new_orders_are_issued_under_the_key_that_is_there(order, code, tmp_path):
    out = io.StringIO()
    output = tmp_path / "codes.csv"
    facts = {"brand": order.brand.slug, "gtin": order.batch.product.gtin, "lot": "L9", "quantity": 1}
    call_command("issue_codes", *(f"--{name}={value}" for name, value in facts.items()), output=output, stdout=out)
    assert output.read_text().splitlines()[1].split(",")[2].startswith("2")
