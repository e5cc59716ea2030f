"""Whoever knows an old key makes nothing with it: an order's marks are good under its own key alone."""

import pytest
from django.urls import reverse

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.models import Mark, Movement, Opening, Packing
from codes.selectors.packing_lists import Fault, ListRow, judge
from codes.selectors.previews import preview
from codes.selectors.verification import verify
from codes.services.receiving import UnknownCase, receive_by_code
from codes.services.scanning import NewScan, record_scan
from codes.services.subjects import BadCode, listed
from consumers.services.identity import sign_in_local
from stores.models import WarehouseWorker
from tests.factories.campaigns import active_order
from tests.factories.stores import NOON, StoreFactory, UserFactory
from tests.factories.supply import make_goods, make_packed_goods

pytestmark = pytest.mark.django_db
OLD, NEW = "1:" + "ab" * 32, "2:" + "cd" * 32


@pytest.fixture(autouse=True)
def leaked(settings):
    """Orders are printed under key 2 by now, and a thief knows key 1."""
    settings.CODE_KEYS = f"{NEW},{OLD}"


def forged(role, serial):
    return code_cipher().encode(role, serial, "1")


def good(role, serial):
    return code_cipher().encode(role, serial, "2")


def scanned(text, consumer, nonce):
    scan = NewScan(code=text, visitor="phone", nonce=nonce, consumer=consumer)
    return record_scan(scan, now=NOON).verdict


def test_what_an_old_key_makes_of_a_new_order_s_serials_is_unknown_and_opens_nothing():
    order = active_order()
    thief = sign_in_local(brand=order.brand, name="贼", now=NOON)
    text = forged(Role.ITEM_INNER, order.first_serial)
    assert preview(text, NOON).verdict == "unknown"
    assert verify(text, cipher=code_cipher(), now=NOON).verdict == "unknown"
    assert scanned(text, thief, "a") == "unknown"
    assert not Opening.objects.exists()
    assert not Mark.objects.exists()
    assert scanned(good(Role.ITEM_INNER, order.first_serial), thief, "b") == "genuine_first"


def test_codes_that_were_printed_under_the_old_key_stay_good(settings):
    settings.CODE_KEYS = OLD
    order = active_order()
    settings.CODE_KEYS = f"{NEW},{OLD}"
    assert preview(forged(Role.ITEM_INNER, order.first_serial), NOON).verdict == "genuine_first"
    assert preview(good(Role.ITEM_INNER, order.first_serial), NOON).verdict == "unknown"


def test_a_list_s_codes_of_another_key_are_named():
    goods = make_goods()
    rows = [
        ListRow(1, good(Role.CASE_OUTER, goods.case(0)), good(Role.ITEM_OUTER, goods.item(0))),
        ListRow(2, good(Role.CASE_OUTER, goods.case(0)), forged(Role.ITEM_OUTER, goods.item(1))),
    ]
    assert [(bad.line, bad.fault) for bad in judge(brand_id=goods.brand.pk, rows=rows).bad] == [(2, Fault.UNKNOWN)]
    with pytest.raises(BadCode) as refusal:
        listed(goods.brand, [(1, rows[0].child), (2, rows[1].child)])
    assert refusal.value.facts == {"line": 2, "fault": "unknown"}


def test_a_store_receives_no_case_by_a_code_of_another_key():
    goods = make_packed_goods()
    with pytest.raises(UnknownCase):
        receive_by_code(
            store=StoreFactory(brand=goods.brand),
            code_text=forged(Role.CASE_INNER, goods.case(0)),
            actor="user:owner",
            now=NOON,
        )


def test_nobody_moves_or_packs_what_a_code_of_another_key_names(client):
    goods = make_packed_goods()
    user = UserFactory(brand=goods.brand, is_staff=False)
    WarehouseWorker.objects.create(brand=goods.brand, user=user, name="仓管")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    body = {
        "kind": "destroy",
        "place": "brand",
        "units": [{"code": good(Role.CASE_OUTER, goods.case(0))}, {"code": forged(Role.CASE_OUTER, goods.case(1))}],
        "happened_at": NOON.isoformat(),
    }
    packings = Packing.objects.count()
    deeds = {"destroy": "units.1", "pack": "units.0"}
    for kind, field in deeds.items():
        asked = body | {"kind": kind, "parent": good(Role.PALLET, goods.pallet(0))}
        if kind == "pack":
            asked["units"] = body["units"][1:]
        answer = client.post(
            reverse("warehouse-deeds"), asked, content_type="application/json", headers={"Idempotency-Key": kind}
        )
        assert list(answer.json()["fields"]) == [field]
    assert (Movement.objects.count(), Packing.objects.count()) == (0, packings)
    unit = client.get(reverse("warehouse-unit"), {"place": "brand", "code": body["units"][1]["code"]})
    assert unit.status_code == 404
