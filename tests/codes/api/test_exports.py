import base64
import hashlib

import pytest

from codes.models import Download, PrintFile
from codes.sealing import unseal
from codes.services.profiles import ProfileFacts, add_profile
from codes.services.writing import write_waiting
from core import clock
from core.models import AuditEntry
from tests.codes.api.partners import Partner
from tests.factories.codes import BatchFactory, make_order
from tests.factories.stores import NOON, BrandFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(settings, tmp_path):
    settings.PRIVATE_FILES = tmp_path
    return Partner(BrandFactory())


@pytest.fixture
def order(partner):
    return make_order(batch=BatchFactory(product__brand=partner.brand), quantity=10)


def ask(partner, order, **wanted):
    return partner.send(f"code-orders/{order.pk}/exports", {"recipient": "printer"} | wanted)


def write():
    write_waiting(clock=clock.now, until=NOON)


def test_a_print_file_is_asked_for_watched_and_taken_away(partner, order):
    asked = ask(partner, order)
    assert (asked.status_code, asked.json()["state"], asked.json()["content"]) == (202, "waiting", None)
    write()
    path = f"code-orders/{order.pk}/exports/{asked.json()['id']}"
    told = partner.read(path).json()
    assert (told["state"], told["rows_done"], told["rows_total"]) == ("ready", 20, 20)
    taken = partner.get(told["content"])
    body = b"".join(taken.streaming_content)
    assert taken["Content-Disposition"].startswith("attachment")
    assert hashlib.sha256(body).hexdigest() == told["sha256"]
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    assert (taken["Repr-Digest"], taken["Content-Length"]) == (f"sha-256=:{digest}:", str(told["size_bytes"]))
    assert (Download.objects.get().taken_by, Download.objects.get().address) == (partner.actor, "127.0.0.1")
    assert partner.read(f"code-orders/{order.pk}").json()["state"] == "exported"


def test_labels_of_a_range_come_as_pdf(partner, order):
    asked = ask(partner, order, kind="labels", first_serial=order.first_serial, last_serial=order.first_serial + 1)
    write()
    taken = partner.read(f"code-orders/{order.pk}/exports/{asked.json()['id']}/content")
    assert taken["Content-Type"] == "application/pdf"
    assert b"".join(taken.streaming_content).startswith(b"%PDF-")


def test_a_fourth_download_is_refused(partner, order):
    file_id = ask(partner, order).json()["id"]
    write()
    path = f"code-orders/{order.pk}/exports/{file_id}/content"
    for _ in range(3):
        b"".join(partner.read(path).streaming_content)
    answer = partner.read(path)
    assert (answer.status_code, answer.json()["code"]) == (409, "downloads_spent")


def test_a_file_that_is_not_ready_is_not_given(partner, order):
    file_id = ask(partner, order).json()["id"]
    answer = partner.read(f"code-orders/{order.pk}/exports/{file_id}/content")
    assert (answer.status_code, answer.json()["code"], answer.json()["state"]) == (409, "print_file_state", "waiting")


def test_a_failed_file_is_written_anew_on_demand(partner, order):
    file_id = ask(partner, order).json()["id"]
    PrintFile.objects.update(state="failed", fault="The disk is full.")
    path = f"code-orders/{order.pk}/exports/{file_id}"
    assert partner.read(path).json()["fault"] == "The disk is full."
    again = partner.send(f"{path}/retries")
    assert (again.status_code, again.json()["state"]) == (202, "waiting")


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"recipient": ""}, "recipient"),
        ({"recipient": "x" * 81}, "recipient"),
        ({"kind": "scroll"}, "kind"),
        ({"first_serial": 3}, "last_serial"),
    ],
)
def test_bad_input_is_told_by_its_field(partner, order, wanted, field):
    answer = ask(partner, order, **wanted)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert not PrintFile.objects.exists()


def test_the_files_of_an_order_are_listed(partner, order):
    asked = [ask(partner, order, recipient=name).json() for name in ("printer", "factory")]
    assert partner.read(f"code-orders/{order.pk}/exports").json()["results"] == asked[::-1]


@pytest.mark.parametrize("path", ["", "/content"])
def test_another_brands_file_is_not_there(partner, order, path):
    file_id = ask(partner, order).json()["id"]
    write()
    other = Partner(BrandFactory())
    assert other.read(f"code-orders/{order.pk}/exports/{file_id}{path}").status_code == 404
    assert not Download.objects.exists()


def test_another_orders_file_is_not_there(partner, order):
    file_id = ask(partner, order).json()["id"]
    sibling = make_order(batch=order.batch)
    assert partner.read(f"code-orders/{sibling.pk}/exports/{file_id}").status_code == 404


@pytest.mark.parametrize(
    ("form", "media"), [("svg", "image/svg+xml"), ("png", "image/png"), ("eps", "application/postscript")]
)
def test_a_mark_is_drawn(partner, order, form, media):
    answer = partner.read(f"code-orders/{order.pk}/marks/{order.first_serial}/item_inner.{form}")
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, media, "no-store")
    assert AuditEntry.objects.get(action="mark.draw").actor == partner.actor


@pytest.mark.parametrize("mark", ["1/lid.svg", "9999999999999/item_inner.svg", "1/item_inner.gif"])
def test_a_mark_that_there_can_not_be_is_not_found(partner, order, mark):
    assert partner.read(f"code-orders/{order.pk}/marks/{mark}").status_code == 404


def test_a_mark_of_another_order_is_refused(partner, order):
    answer = partner.read(f"code-orders/{order.pk}/marks/{order.last_serial + 1}/item_inner.svg")
    assert (answer.status_code, answer.json()["code"]) == (400, "serials_outside_order")


def test_an_encrypted_file_comes_as_zip_and_no_answer_bears_its_password(partner, order):
    asked = ask(partner, order, kind="zip")
    write()
    told = partner.read(f"code-orders/{order.pk}/exports/{asked.json()['id']}")
    taken = partner.get(told.json()["content"])
    body = b"".join(taken.streaming_content)
    assert (taken["Content-Type"], body[:4]) == ("application/zip", b"PK\x03\x04")
    password = unseal(PrintFile.objects.get().sealed_password).encode()
    assert [
        answer for answer in (asked.content, told.content, body, str(taken.headers).encode()) if password in answer
    ] == []
    assert [name for name in told.json() if "password" in name] == []


def test_an_expired_file_is_refused_with_its_moment(partner, order):
    path = f"code-orders/{order.pk}/exports/{ask(partner, order).json()['id']}"
    write()
    PrintFile.objects.update(expires_at=NOON)
    answer = partner.read(f"{path}/content")
    assert (answer.status_code, answer.json()["code"]) == (409, "print_file_expired")
    assert partner.read(path).json()["expires_at"] == NOON.isoformat().replace("+00:00", "Z")


def test_a_file_is_asked_for_by_the_name_of_a_profile(partner, order):
    assert ask(partner, order).json()["profile"] == ""
    assert list(ask(partner, order, profile="tabs").json()["fields"]) == ["profile"]
    facts = ProfileFacts(name="tabs", columns=("code",), delimiter="tab")
    add_profile(brand=partner.brand, facts=facts, actor="user:ann", now=NOON)
    assert ask(partner, order, profile="tabs").json()["profile"] == "tabs"
