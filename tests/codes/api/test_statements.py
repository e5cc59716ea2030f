import pytest

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.models import Span
from tests.codes.api.partners import Partner
from tests.factories.codes import make_order
from tests.factories.stores import BrandFactory
from tests.factories.supply import make_packed_goods

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner():
    return Partner(BrandFactory(), scopes=["codes"])


@pytest.fixture
def goods(partner):
    return make_packed_goods(brand=partner.brand)


def ways(goods):
    product, lot = goods.items.batch.product, goods.items.batch.lot
    codes = [code_cipher().encode(Role.ITEM_INNER, goods.item(n)) for n in (1, 2, 9)]
    return {
        "order": ({"order": goods.items.pk}, 24),
        "part": ({"order": goods.items.pk, "first_serial": goods.item(2), "last_serial": goods.item(3)}, 2),
        "batch": ({"gtin": product.gtin, "lot": lot}, 30),
        "range": ({"first_serial": goods.item(20), "last_serial": goods.case(1)}, 6),
        "codes": ({"codes": codes}, 3),
        "parent": ({"parent": code_cipher().encode(Role.PALLET, goods.pallet(1))}, 14),
    }


@pytest.mark.parametrize("way", ["order", "part", "batch", "range", "codes", "parent"])
def test_serials_are_named_in_any_way_looked_at_and_then_frozen(partner, goods, way):
    of, units = ways(goods)[way]
    wanted = {"kind": "frozen", "of": of, "reason": "bad caps"}
    looked = partner.send("statements/preview", wanted)
    assert looked.status_code == 200, looked.json()
    assert {name: looked.json()[name] for name in ("units", "new_units", "opened")} == {
        "units": units,
        "new_units": units,
        "opened": 0,
    }
    assert not Span.objects.exists()
    said = partner.send("statements", wanted)
    assert said.status_code == 201
    assert said.json() == looked.json() | {"statement": said.json()["statement"]}
    assert partner.send("statements", wanted).json()["new_units"] == 0
    lifted = partner.send(
        f"statements/{said.json()['statement']['id']}/revocations", {"reason": "good caps", "together": True}
    )
    assert lifted.json()["revoke_reason"] == "good caps"
    assert not Span.objects.filter(revoked_at=None).exists()


@pytest.mark.parametrize(
    "of",
    [
        {},
        {"order": 1, "parent": 1},
        {"gtin": "06900000000000"},
        {"lot": "L1"},
        {"codes": ["x"], "first_serial": 1, "last_serial": 2},
        {"order": 1, "codes": ["x"]},
    ],
)
def test_serials_are_named_in_exactly_one_way(partner, of):
    answer = partner.send("statements/preview", {"kind": "frozen", "of": of})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["of.order"])


def test_another_brands_things_are_not_there(partner):
    other = make_order()
    batch = {"gtin": other.batch.product.gtin, "lot": other.batch.lot}
    for of in ({"order": other.pk}, batch, {"parent": other.first_serial}):
        answer = partner.send("statements", {"kind": "frozen", "of": of})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_preview_is_refused_as_the_statement_would_be(partner, goods):
    wanted = {
        "kind": "active",
        "of": {"order": goods.items.pk, "first_serial": goods.item(4), "last_serial": goods.item(5)},
    }
    partner.send("statements", wanted)
    refused = partner.send("statements/preview", {"kind": "active", "of": {"order": goods.items.pk}})
    assert (refused.status_code, refused.json()["code"]) == (409, "already_activated")
    assert refused.json()["first_offending_serial"] == goods.item(4)


def test_an_activation_is_scheduled_and_cancelled(partner, goods):
    path = f"code-orders/{goods.items.pk}/activations"
    said = partner.send(path, {"effective_at": "2099-01-01T00:00:00Z"})
    assert (said.status_code, list(said.json()["fields"])) == (400, ["effective_at"])
    whole = partner.send(path, {"effective_at": None})
    assert whole.json()["effective_at"] == whole.json()["stated_at"]
    cancelled = partner.send(f"statements/{whole.json()['id']}/revocations", {"reason": "too early"})
    assert cancelled.status_code == 200
    assert partner.send(f"statements/{whole.json()['id']}/revocations").status_code == 400


def test_a_void_is_not_taken_back(partner, goods):
    span = partner.send(f"code-orders/{goods.items.pk}/voids").json()
    refused = partner.send(f"statements/{span['id']}/revocations", {"reason": "why not"})
    assert (refused.status_code, refused.json()["code"]) == (409, "void_is_final")
