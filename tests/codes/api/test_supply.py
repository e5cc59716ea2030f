import pytest

from codes.api.supply_answers import answer_of_unit
from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.models import Movement, Packing
from core.errors import NotFound
from tests.codes.api.partners import Partner
from tests.factories.stores import NOON, DealerFactory, StoreFactory
from tests.factories.supply import make_goods, make_packed_goods

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods():
    return make_packed_goods()


@pytest.fixture
def store(goods):
    return StoreFactory(brand=goods.brand)


@pytest.fixture
def partner(goods):
    return Partner(goods.brand, scopes=["supply"])


def test_units_are_packed_by_code_or_serial():
    goods = make_goods()
    case = code_cipher().encode(Role.CASE_OUTER, goods.case(0))
    first, last = (code_cipher().encode(Role.ITEM_OUTER, goods.item(n)) for n in (0, 5))
    body = {
        "packings": [
            {"parent": case, "first": first, "last": last},
            {"parent": goods.case(1), "first": str(goods.item(6))},
        ]
    }
    answer = Partner(goods.brand, scopes=["supply"]).send("packings", body)
    assert (answer.status_code, answer.json()) == (201, {"packings": 2})


def test_what_is_packed_already_is_a_problem_that_names_row_and_serial(goods, partner):
    answer = partner.send("packings", {"packings": [{"parent": goods.case(0), "first": goods.item(8)}]})
    told = answer.json()
    assert (answer.status_code, told["code"], told["first_offending_serial"], list(told["fields"])) == (
        409,
        "already_packed",
        goods.item(8),
        ["packings.0"],
    )


@pytest.mark.parametrize("unit", ["nonsense", None, 2**40, True, {"a": 1}, "1" + "0" * 16])
def test_what_names_no_unit_is_told_by_field(goods, partner, unit):
    answer = partner.send("packings", {"packings": [{"parent": unit, "first": goods.item(0)}]})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["packings.0.parent"])


def test_another_brands_units_are_unknown(partner):
    others = make_goods()
    answer = partner.send("packings", {"packings": [{"parent": others.case(0), "first": others.item(0)}]})
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_units")


def test_a_packing_repeated_under_its_key_is_done_once():
    goods = make_goods()
    partner = Partner(goods.brand, scopes=["supply"])
    body = {"packings": [{"parent": goods.case(0), "first": goods.item(0)}]}
    answers = [partner.send("packings", body, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Packing.objects.count() == 1


def test_a_movement_names_its_store_by_number(goods, store, partner):
    body = {"kind": "ship", "store": store.number, "units": [{"first": goods.pallet(0)}], "reference": "DN-1"}
    told = partner.send("movements", body).json()
    assert {name: told[name] for name in ("kind", "store", "dealer", "items", "flag", "reference", "units")} == {
        "kind": "ship",
        "store": store.number,
        "dealer": None,
        "items": 12,
        "flag": "",
        "reference": "DN-1",
        "units": [{"first": goods.pallet(0), "last": goods.pallet(0), "items": 12, "counted": None}],
    }


def test_movements_can_be_listed(goods, store, partner):
    partner.send("movements", {"kind": "ship", "store": store.number, "units": [{"first": goods.case(0)}]})
    (listed,) = partner.read("movements").json()["results"]
    assert listed["units"] == [{"first": goods.case(0), "last": goods.case(0), "items": 6, "counted": None}]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "lend"}, "kind"),
        ({"store": "no such"}, "store"),
        ({"dealer": "D1"}, "store"),
        ({"units": []}, "units"),
        ({"happened_at": "yesterday"}, "happened_at"),
        ({"happened_at": "2999-01-01T00:00:00Z"}, "happened_at"),
    ],
)
def test_a_wrong_movement_is_told_by_field(goods, store, partner, changes, field):
    body = {"kind": "ship", "store": store.number, "units": [{"first": goods.case(0)}]} | changes
    answer = partner.send("movements", body)
    assert answer.status_code == 400
    assert next(iter(answer.json()["fields"])).startswith(field)
    assert not Movement.objects.exists()


def test_another_brands_dealer_is_unknown(goods, partner):
    dealer = DealerFactory(number="OTHER")
    body = {"kind": "ship", "dealer": dealer.number, "units": [{"first": goods.case(0)}]}
    assert list(partner.send("movements", body).json()["fields"]) == ["dealer"]


def test_a_unit_tells_what_it_is_and_who_has_it(goods, store, partner):
    partner.send("movements", {"kind": "receive", "store": store.number, "units": [{"first": goods.case(0)}]})
    code = code_cipher().encode(Role.ITEM_OUTER, goods.item(0))
    told = partner.read(f"units/{code}").json()
    assert (told["serial"], told["level"], told["gtin"], told["state"], told["items"]) == (
        goods.item(0),
        "item",
        goods.items.batch.product.gtin,
        "issued",
        1,
    )
    assert (told["custody"]["case"], told["custody"]["pallet"], told["custody"]["store"]) == (
        goods.case(0),
        goods.pallet(0),
        store.number,
    )


def test_a_case_tells_what_is_inside(goods, partner):
    told = partner.read(f"units/{goods.case(0)}").json()
    assert told["children"] == [{"first": goods.item(0), "last": goods.item(5)}]


def test_a_trace_tells_all_steps(goods, store, partner):
    partner.send("movements", {"kind": "ship", "store": store.number, "units": [{"first": goods.pallet(0)}]})
    steps = partner.read(f"units/{goods.item(0)}/trace").json()["steps"]
    assert [(step["what"], step["serial"]) for step in steps] == [
        ("packed", goods.item(0)),
        ("packed", goods.case(0)),
        ("ship", goods.pallet(0)),
    ]


@pytest.mark.parametrize("path", ["", "/trace"])
@pytest.mark.parametrize("unit", ["nonsense", "999999999", "1" + "0" * 16])
def test_an_unknown_unit_is_not_found(partner, unit, path):
    assert partner.read(f"units/{unit}{path}").status_code == 404


def test_another_brands_unit_is_not_found(partner):
    assert partner.read(f"units/{make_goods().case(0)}").status_code == 404


def test_a_token_for_codes_alone_may_not_move_goods(goods):
    assert Partner(goods.brand, scopes=["codes"]).read(f"units/{goods.case(0)}").status_code == 403


def test_a_range_that_ends_before_it_begins_is_told_by_field(goods, partner):
    row = {"parent": goods.case(0), "first": goods.item(5), "last": goods.item(0)}
    answer = partner.send("packings", {"packings": [row]})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["packings.0.last"])


def test_a_serial_that_was_never_issued_is_no_unit(goods):
    with pytest.raises(NotFound):
        answer_of_unit(goods.pallet(1) + 1, NOON)
