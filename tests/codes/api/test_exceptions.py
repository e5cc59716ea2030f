import pytest

from codes.models import MovementSolution
from tests.codes.api.partners import Partner
from tests.factories.stores import StoreFactory
from tests.factories.supply import make_packed_goods, moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods():
    return make_packed_goods()


@pytest.fixture
def store(goods):
    return StoreFactory(brand=goods.brand)


@pytest.fixture
def partner(goods):
    return Partner(goods.brand, scopes=["supply", "solve"])


def unit(serial, **counted):
    return {"first": serial, **counted}


def test_a_counted_receipt_tells_the_difference_and_its_exception(goods, store, partner):
    moved("ship", store, goods.pallet(0))
    body = {"kind": "receive", "store": store.number, "units": [unit(goods.pallet(0), counted=1)]}
    told = partner.send("movements", body).json()
    assert (told["flag"], told["items"], told["units"][0]["counted"]) == ("short", 6, 1)
    (exception,) = told["exceptions"]
    assert {name: exception[name] for name in ("kind", "holder", "expected", "counted", "units")} == {
        "kind": "short",
        "holder": goods.pallet(0),
        "expected": 2,
        "counted": 1,
        "units": [],
    }


def test_named_content_and_a_whole_delivery_are_taken(goods, store, partner):
    moved("ship", store, goods.pallet(0), reference="DN-1")
    body = {
        "kind": "receive",
        "store": store.number,
        "reference": "DN-1",
        "whole_delivery": True,
        "units": [unit(goods.pallet(0), found=[unit(goods.case(0))])],
    }
    told = partner.send("movements", body).json()
    missing = [{"first": goods.case(1), "last": goods.case(1)}]
    assert [(each["holder"], each["units"]) for each in told["exceptions"]] == [
        (goods.pallet(0), missing),
        (None, missing),
    ]


@pytest.mark.parametrize(
    ("units", "field"),
    [
        ([{"first": 1, "last": 2, "counted": 1}], "units.0.last"),
        ([{"first": 1, "counted": 1, "found": [{"first": 2}]}], "units.0.counted"),
        ([{"first": 1, "counted": -1}], "units.0.counted"),
        ([{"first": 1, "found": []}], "units.0.found.non_field_errors"),
    ],
)
def test_a_count_that_makes_no_sense_is_told_by_field(store, partner, units, field):
    answer = partner.send("movements", {"kind": "receive", "store": store.number, "units": units})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_destroying_at_the_brand_names_no_partner(goods, partner):
    told = partner.send("movements", {"kind": "destroy", "units": [unit(goods.case(0))]}).json()
    assert (told["kind"], told["store"], told["dealer"], told["items"]) == ("destroy", None, None, 6)
    assert partner.read(f"units/{goods.item(0)}").json()["state"] == "voided"


def test_open_exceptions_are_listed_and_filtered(goods, store, partner):
    moved("receive", store, goods.case(0))
    moved("ship", store.dealer, goods.case(1))
    moved("ship", store.dealer, goods.case(1))

    def listed(query=""):
        return [each["kind"] for each in partner.read(f"movement-exceptions{query}").json()["results"]]

    assert listed() == ["shipped_twice", "received_not_shipped"]
    assert listed("?kind=shipped_twice") == ["shipped_twice"]
    assert listed(f"?store={store.number}") == ["received_not_shipped"]
    assert listed(f"?dealer={store.dealer.number}") == ["shipped_twice"]
    assert listed("?state=solved") == []
    assert partner.read("movement-exceptions?state=lost").status_code == 400


def test_an_exception_is_solved_once_per_key_and_leaves_the_list(goods, store, partner):
    moved("receive", store, goods.case(0))
    (exception,) = partner.read("movement-exceptions").json()["results"]
    path, body = f"movement-exceptions/{exception['id']}/solutions", {"outcome": "accepted", "remark": "Seen."}
    answers = [partner.send(path, body, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert MovementSolution.objects.get().remark == "Seen."
    assert partner.read("movement-exceptions").json()["results"] == []
    (solved,) = partner.read("movement-exceptions?state=solved").json()["results"]
    assert (solved["solution"]["outcome"], solved["solution"]["solved_by"]) == ("accepted", partner.actor)
    again = partner.send(path, body)
    assert (again.status_code, again.json()["code"]) == (409, "already_solved")


def test_who_reports_movements_alone_solves_nothing(goods, store):
    moved("receive", store, goods.case(0))
    reporter = Partner(goods.brand, scopes=["supply"])
    (exception,) = reporter.read("movement-exceptions").json()["results"]
    path = f"movement-exceptions/{exception['id']}/solutions"
    assert reporter.send(path, {"outcome": "accepted"}).status_code == 403


@pytest.mark.parametrize("number", [0, 2**63])
def test_an_exception_that_there_is_not_is_not_found(partner, number):
    assert partner.send(f"movement-exceptions/{number}/solutions", {"outcome": "accepted"}).status_code == 404


def test_statements_do_not_grow_with_the_exceptions(goods, store, partner, django_assert_max_num_queries):
    for number in range(4):
        moved("receive", store, goods.case(number))
    with django_assert_max_num_queries(8):
        partner.read("movement-exceptions")
