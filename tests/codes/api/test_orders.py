import pytest

from codes.models import Batch, CodeOrder, SerialCounter, Span
from tests.codes.api.partners import Partner
from tests.factories.codes import BatchFactory, ProductFactory, make_order
from tests.factories.stores import BrandFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner():
    return Partner(BrandFactory(), scopes=["codes", "review"])


def order_of(partner, **facts):
    return make_order(batch=BatchFactory(product__brand=partner.brand), **facts)


def body_for(partner, **changed):
    product = ProductFactory(brand=partner.brand)
    return {"gtin": product.gtin, "lot": "L1", "roles": ["item_outer", "item_inner"], "quantity": 10} | changed


def test_an_order_is_placed_and_read_back(partner):
    body = body_for(partner, produced_on="2026-01-01")
    placed = partner.send("code-orders", body)
    assert placed.status_code == 201
    told = placed.json()
    assert {name: told[name] for name in ("gtin", "lot", "roles", "quantity", "state", "created_by")} == {
        "gtin": body["gtin"],
        "lot": "L1",
        "roles": ["item_outer", "item_inner"],
        "quantity": 10,
        "state": "draft",
        "created_by": partner.actor,
    }
    assert told["last_serial"] - told["first_serial"] == 9
    assert told["created_at"].endswith("Z")
    read = partner.read(f"code-orders/{told['id']}").json()
    assert read == told | {"print_files": [], "statements": []}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"gtin": "123"}, "gtin"),
        ({"gtin": "06900000000000"}, "gtin"),
        ({"gtin": None}, "gtin"),
        ({"lot": ""}, "lot"),
        ({"lot": "x" * 21}, "lot"),
        ({"lot": "nul\x00"}, "lot"),
        ({"roles": []}, "roles"),
        ({"roles": ["lid"]}, "roles.0"),
        ({"roles": "item_inner"}, "roles"),
        ({"roles": ["item_inner", "pallet"]}, "roles"),
        ({"roles": ["pallet", "pallet"]}, "roles"),
        ({"quantity": 0}, "quantity"),
        ({"quantity": -5}, "quantity"),
        ({"quantity": 2**40}, "quantity"),
        ({"quantity": 10**30}, "quantity"),
        ({"quantity": 1.5}, "quantity"),
        ({"quantity": "many"}, "quantity"),
        ({"produced_on": "yesterday"}, "produced_on"),
        ({"produced_on": "2026-02-01", "expires_on": "2026-01-01"}, "expires_on"),
    ],
)
def test_bad_input_is_told_by_its_field_and_nothing_is_written(partner, changed, field):
    answer = partner.send("code-orders", body_for(partner, **changed))
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["code"] == "invalid"
    assert list(answer.json()["fields"]) == [field]
    assert [model.objects.count() for model in (CodeOrder, SerialCounter, Batch)] == [0, 0, 0]


@pytest.mark.parametrize("body", ["[]", '"text"', "null", "7"])
def test_a_body_that_is_no_object_is_refused(partner, body):
    answer = partner.post("/api/v1/code-orders", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_a_body_that_is_not_json_is_refused(partner):
    answer = partner.post("/api/v1/code-orders", "{", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "not_json")


def test_another_brands_product_can_not_be_ordered_for(partner):
    answer = partner.send("code-orders", body_for(partner, gtin=ProductFactory().gtin))
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["gtin"])


def test_the_placing_client_can_not_review_but_another_can(partner):
    order_id = partner.send("code-orders", body_for(partner)).json()["id"]
    refused = partner.send(f"code-orders/{order_id}/review")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_person_needed")
    reviewed = Partner(partner.brand, scopes=["review"]).send(f"code-orders/{order_id}/review")
    assert (reviewed.status_code, reviewed.json()["state"]) == (200, "reviewed")
    released = partner.send(f"code-orders/{order_id}/release")
    assert (released.status_code, released.json()["state"]) == (200, "released")


def test_reviewing_needs_its_own_scope():
    partner = Partner(BrandFactory())
    order = order_of(partner, state="draft")
    assert partner.send(f"code-orders/{order.pk}/review").status_code == 403


def test_a_step_that_the_state_forbids_is_a_conflict(partner):
    order = order_of(partner, state="draft")
    answer = partner.send(f"code-orders/{order.pk}/release")
    assert (answer.status_code, answer.json()["code"], answer.json()["state"]) == (409, "order_state", "draft")


def test_a_cancelled_order_says_so(partner):
    order = order_of(partner)
    assert partner.send(f"code-orders/{order.pk}/cancel").json()["state"] == "cancelled"


@pytest.mark.parametrize(
    "path", ["review", "release", "cancel", "activations", "voids", "freezes", "recalls", "exports"]
)
def test_another_brands_order_is_not_there_to_be_changed(partner, path):
    other = make_order()
    answer = partner.send(f"code-orders/{other.pk}/{path}", {"recipient": "printer"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["", "/statements", "/exports"])
@pytest.mark.parametrize("order_id", ["other", "99999999", "9" * 30])
def test_another_brands_order_is_not_there_to_be_read(partner, path, order_id):
    order_id = make_order().pk if order_id == "other" else order_id
    assert partner.read(f"code-orders/{order_id}{path}").status_code == 404


def test_the_list_shows_the_brands_orders_alone_newest_first_and_in_pages(partner):
    make_order()
    batch = BatchFactory(product__brand=partner.brand)
    orders = [make_order(batch=batch).pk for _ in range(3)]
    first = partner.read("code-orders?page_size=2").json()
    second = partner.get(first["next"]).json()
    assert [[order["id"] for order in page["results"]] for page in (first, second)] == [orders[:0:-1], orders[:1]]
    assert second["next"] is None


def test_the_list_can_be_narrowed_to_a_state(partner):
    order_of(partner)
    draft = order_of(partner, state="draft")
    assert [order["id"] for order in partner.read("code-orders?state=draft").json()["results"]] == [draft.pk]
    assert partner.read("code-orders?state=lost").status_code == 400


def test_a_cursor_that_is_none_is_not_found(partner):
    assert partner.read("code-orders?cursor=nonsense").status_code == 404


def test_the_list_costs_the_same_whatever_its_length(partner, django_assert_num_queries):
    for _ in range(3):
        order_of(partner)
    with django_assert_num_queries(1):
        partner.read("code-orders")


@pytest.mark.parametrize(
    ("path", "kind"),
    [("activations", "active"), ("voids", "voided"), ("freezes", "frozen"), ("recalls", "recalled")],
)
def test_a_range_of_an_order_is_spoken_of(partner, path, kind):
    order = order_of(partner, quantity=10)
    bounds = {"first_serial": order.first_serial + 1, "last_serial": order.first_serial + 3}
    answer = partner.send(f"code-orders/{order.pk}/{path}", bounds | {"reason": "spoiled"})
    told = answer.json()
    assert (answer.status_code, told["kind"], told["reason"], told["stated_by"]) == (
        201,
        kind,
        "spoiled",
        partner.actor,
    )
    assert {name: told[name] for name in bounds} == bounds
    assert partner.read(f"code-orders/{order.pk}/statements").json()["results"] == [told]


def test_a_whole_order_is_activated_without_naming_serials(partner):
    order = order_of(partner, quantity=10)
    told = partner.send(f"code-orders/{order.pk}/activations").json()
    assert (told["first_serial"], told["last_serial"]) == (order.first_serial, order.last_serial)


def test_an_overlap_is_refused_whole_with_the_first_offending_serial(partner):
    order = order_of(partner, quantity=10)
    first = order.first_serial
    partner.send(f"code-orders/{order.pk}/activations", {"first_serial": first + 4, "last_serial": first + 6})
    answer = partner.send(f"code-orders/{order.pk}/activations")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_activated")
    assert answer.json()["first_offending_serial"] == first + 4
    assert Span.objects.count() == 1


def test_serials_of_another_brand_are_refused_with_the_first_of_them(partner):
    order = order_of(partner, quantity=10)
    other = make_order(quantity=10)
    bounds = {"first_serial": order.first_serial, "last_serial": other.last_serial}
    answer = partner.send(f"code-orders/{order.pk}/activations", bounds)
    assert (answer.status_code, answer.json()["code"]) == (400, "serials_outside_order")
    assert answer.json()["first_offending_serial"] == other.first_serial


@pytest.mark.parametrize(
    ("bounds", "field"),
    [
        ({"first_serial": 1}, "last_serial"),
        ({"last_serial": 1}, "first_serial"),
        ({"first_serial": 5, "last_serial": 4}, "last_serial"),
        ({"first_serial": -1, "last_serial": 4}, "first_serial"),
        ({"first_serial": 1, "last_serial": 2**40}, "last_serial"),
        ({"first_serial": "a", "last_serial": 4}, "first_serial"),
        ({"reason": "x" * 201}, "reason"),
    ],
)
def test_a_range_that_is_none_is_told_by_its_field(partner, bounds, field):
    order = order_of(partner)
    answer = partner.send(f"code-orders/{order.pk}/freezes", bounds)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert not Span.objects.exists()


def test_a_statement_is_taken_back(partner):
    order = order_of(partner)
    span = partner.send(f"code-orders/{order.pk}/freezes").json()
    revoked = partner.send(f"statements/{span['id']}/revocations", {"reason": "good after all"}).json()
    assert (revoked["id"], revoked["revoked_by"]) == (span["id"], partner.actor)


def test_another_brands_statement_is_not_there_to_be_taken_back(partner):
    other = Partner(BrandFactory())
    span = other.send(f"code-orders/{order_of(other).pk}/freezes").json()
    assert partner.send(f"statements/{span['id']}/revocations", {"reason": "ours"}).status_code == 404
