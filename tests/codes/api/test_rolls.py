import pytest

from codes.services import writing
from codes.services.profiles import ProfileFacts, add_profile, retire_profile
from core import clock
from tests.codes.api.partners import Partner
from tests.factories.stores import NOON, BrandFactory
from tests.factories.supply import make_goods

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(settings, tmp_path):
    settings.PRIVATE_FILES = tmp_path
    return Partner(BrandFactory(), scopes=["codes", "supply", "review"])


def test_a_roll_is_asked_for_taken_and_declared_used(partner):
    goods = make_goods(brand=partner.brand)
    pallets = {"order": goods.pallets.pk, "each": 2, "first_serial": goods.pallet(0)}
    body = {"recipient": "factory", "cases": {"order": goods.cases.pk, "each": 6}, "pallets": pallets}
    roll = partner.send(f"code-orders/{goods.items.pk}/rolls", body).json()
    assert (roll["file"]["kind"], roll["last_case"], roll["pallet_order"]) == ("roll", goods.case(3), goods.pallets.pk)
    refused = partner.send(f"rolls/{roll['id']}/uses")
    assert (refused.status_code, refused.json()["code"]) == (409, "roll_not_printed")
    writing.write_waiting(clock=clock.now, until=NOON)
    taken = partner.read(f"code-orders/{goods.items.pk}/exports/{roll['file']['id']}/content")
    header = b"".join(taken.streaming_content).split(b"\r\n")[0]
    assert (taken.status_code, header) == (200, b"serial,role,code,url,first_inside,last_inside")
    used = partner.send(f"rolls/{roll['id']}/uses", {"first_serial": goods.case(0), "last_serial": goods.case(1)})
    assert used.json() == {"first_case": goods.case(0), "last_case": goods.case(1), "packings": 3}
    assert partner.read(f"units/{goods.case(0)}").json()["items"] == 6


def test_a_roll_that_is_asked_for_again_otherwise_is_refused_with_what_is_free(partner):
    goods = make_goods(brand=partner.brand)
    address = f"code-orders/{goods.items.pk}/rolls"
    body = {"recipient": "factory", "cases": {"order": goods.cases.pk, "each": 6}}
    half = {"first_serial": goods.item(0), "last_serial": goods.item(11)}
    first = partner.send(address, body | half).json()
    assert partner.send(address, body | half).json()["id"] == first["id"]
    refused = partner.send(address, body | half | {"cases": {"order": goods.cases.pk, "each": 12}})
    problem = refused.json()
    assert (refused.status_code, problem["code"], list(problem["fields"])) == (409, "roll_overlaps", ["items"])
    assert (problem["first_offending_serial"], problem["roll"]) == (goods.item(0), first["id"])
    assert f"Serials {goods.item(12)} to {goods.item(23)} are on none." in problem["detail"]
    assert partner.send(address, body).json()["first_case"] == goods.case(2)


def test_a_roll_is_no_kind_of_export(partner):
    goods = make_goods(brand=partner.brand)
    refused = partner.send(f"code-orders/{goods.items.pk}/exports", {"recipient": "x", "kind": "roll"})
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["kind"])


def test_labels_are_asked_for_with_their_sizes(partner):
    goods = make_goods(brand=partner.brand)
    address = f"code-orders/{goods.items.pk}/exports"
    labels = {"label_width": 50, "label_height": 30, "dpi": 203, "captions": ["serial"]}
    told = partner.send(address, {"recipient": "x", "kind": "zpl", "labels": labels}).json()
    assert (told["kind"], told["labels"]) == ("zpl", labels)
    refused = partner.send(address, {"recipient": "x", "kind": "labels", "labels": {"sheet": "a9"}})
    assert list(refused.json()["fields"]) == ["labels.sheet"]


def test_profiles_are_listed_newest_first_and_those_of_others_are_not(partner):
    signed = {"actor": "user:ann", "now": NOON}
    add_profile(brand=BrandFactory(), facts=ProfileFacts("strange", ("code",)), **signed)
    old = add_profile(brand=partner.brand, facts=ProfileFacts("old", ("code",)), **signed)
    retire_profile(brand=partner.brand, profile_id=old.pk, **signed)
    add_profile(brand=partner.brand, facts=ProfileFacts("new", ("serial", "url"), one_row_a_unit=True), **signed)
    new, retired = partner.read("printer-profiles").json()["results"]
    assert new == {
        "name": "new",
        "columns": ["serial", "url"],
        "delimiter": "comma",
        "line_ending": "crlf",
        "has_header": True,
        "one_row_a_unit": True,
        "created_at": "2026-03-02T04:00:00Z",
        "retired_at": None,
    }
    assert (retired["name"], retired["retired_at"]) == ("old", "2026-03-02T04:00:00Z")


def test_the_report_on_leaks_is_for_reviewers(partner):
    assert partner.read("leaks").json() == {"threshold": 0.01, "tests": 0, "suspects": [], "findings": []}
    assert Partner(partner.brand, scopes=["codes"]).read("leaks").status_code == 403
