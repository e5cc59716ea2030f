import io
import json

import pytest
from django.core.management import call_command

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.models import Mark, Scan
from codes.services import spans
from tests.factories.codes import make_order
from tests.factories.stores import NOON

pytestmark = pytest.mark.django_db
SAY = {"active": spans.activate, "voided": spans.void, "frozen": spans.freeze, "recalled": spans.recall}


def verify(*texts):
    out = io.StringIO()
    call_command("verify_code", *texts, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def code_of(order, role=Role.ITEM_INNER):
    return code_cipher().encode(role, order.first_serial)


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (None, "not_activated"),
        ("active", "genuine_first"),
        ("voided", "voided"),
        ("frozen", "frozen"),
        ("recalled", "recalled"),
    ],
)
def test_a_genuine_code_tells_role_serial_order_and_verdict(said, verdict):
    order = make_order()
    if said:
        SAY[said](brand=order.brand, order_id=order.pk, serials=None, actor="user:ann", now=NOON)
    told = {"role": "item_inner", "serial": order.first_serial, "order": order.pk, "verdict": verdict}
    assert verify(code_of(order)) == [told]


def test_a_code_that_was_scanned_before_is_a_repeat():
    order = make_order()
    spans.activate(brand=order.brand, order_id=order.pk, serials=None, actor="user:ann", now=NOON)
    scan = Scan.objects.create(
        serial=order.first_serial, role=2, masked_code="•", verdict="genuine_first", visitor="v", scanned_at=NOON
    )
    serial = order.first_serial
    Mark.objects.create(id=serial * 16 + 2, serial=serial, role=2, first_scan=scan, first_scanned_at=NOON)
    assert verify(code_of(order))[0]["verdict"] == "genuine_repeat"


def test_each_code_gets_a_line_in_the_order_given():
    order = make_order()
    forged = ("A" if code_of(order)[1] != "A" else "D").join([code_of(order)[0], code_of(order)[2:]])
    link = f"https://example.com/c/{code_of(order).lower()}"
    verdicts = [line["verdict"] for line in verify("rubbish", forged, "Z" + code_of(order)[1:], link)]
    assert verdicts == ["malformed", "unknown", "unknown", "not_activated"]


def test_a_genuine_text_that_no_order_holds_is_unknown():
    order = make_order()
    stray = code_cipher().encode(Role.ITEM_INNER, order.last_serial + 1)
    unprinted = code_cipher().encode(Role.PALLET, order.first_serial)
    assert [(line["verdict"], line["order"]) for line in verify(stray, unprinted)] == [("unknown", None)] * 2
