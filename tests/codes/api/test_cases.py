import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from codes.models import CaseEvidence, MarketCase
from tests.codes.api.partners import Partner
from tests.factories.sightings import JINGZHOU, LATER, Scene, hours
from tests.factories.stores import BrandFactory
from tests.factories.supply import moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    scene = Scene()
    store = scene.store_at(dealer=scene.dealer_of("421000"))
    moved("receive", store, scene.goods.case(0), at=LATER)
    for number in range(20):
        scene.scan(number, JINGZHOU, at=LATER + hours(number), person=f"person {number}")
    return scene


@pytest.fixture
def case(scene):
    (case,) = scene.examine()
    return case


@pytest.fixture
def partner(case):
    return Partner(case.brand, scopes=["cases"])


def test_a_partner_lists_cases_and_reads_one_with_its_evidence(partner, case, scene):
    (listed,) = partner.read("cases").json()["results"]
    assert (listed["id"], listed["dealer"], listed["region"], listed["shipment"]) == (
        case.pk,
        scene.dealer.number,
        "421000",
        scene.shipments[0].pk,
    )
    assert {"name": "units", "have": 20, "need": 5, "at_most": False} in listed["reasons"]
    read = partner.read(f"cases/{case.pk}").json()
    assert read["evidence_count"] == len(read["evidence"]) == 21
    assert {piece["region_name"] for piece in read["evidence"]} == {"地区421000 地区421002"}
    assert {piece["latitude"] for piece in read["evidence"]} == {30.33}


@pytest.mark.parametrize(
    ("query", "count"),
    [("state=open", 1), ("state=closed", 0), ("kind=diversion", 1), ("kind=clone&state=open", 0)],
)
def test_the_list_is_narrowed_by_state_and_kind(partner, query, count):
    assert len(partner.read(f"cases?{query}").json()["results"]) == count


def test_a_filter_that_is_none_is_refused(partner):
    assert partner.read("cases?state=gone").json()["fields"].keys() == {"state"}


def test_a_partner_remarks_and_closes_once(partner, case):
    assert partner.send(f"cases/{case.pk}/remarks", {"remark": "已派人核查"}).status_code == 201
    body = {"outcome": "taken_back", "remark": "20 瓶"}
    first = partner.send(f"cases/{case.pk}/closings", body, headers={"Idempotency-Key": "k"})
    again = partner.send(f"cases/{case.pk}/closings", body, headers={"Idempotency-Key": "k"})
    assert (first.status_code, first.json()["outcome"], again.json()) == (201, "taken_back", first.json())
    late = partner.send(f"cases/{case.pk}/closings", body)
    assert (late.status_code, late.json()["code"]) == (409, "case_closed")
    remarks = partner.read(f"cases/{case.pk}").json()["remarks"]
    assert [(row["author"], row["text"]) for row in remarks] == [
        (partner.actor, "20 瓶"),
        (partner.actor, "已派人核查"),
    ]


def test_a_partner_is_told_where_a_shipment_was_seen(partner, scene):
    told = partner.read(f"movements/{scene.shipments[0].pk}/sightings").json()
    assert (told["items"], told["seen_units"]) == (30, 20)
    (place,) = told["places"]
    assert {name: place[name] for name in ("region", "may_be_sold", "units", "people", "scans")} == {
        "region": "421000",
        "may_be_sold": False,
        "units": 20,
        "people": 20,
        "scans": 20,
    }


def test_another_brand_s_cases_and_shipments_are_not_there(case, scene):
    stranger = Partner(BrandFactory(), scopes=["cases"])
    assert stranger.read("cases").json()["results"] == []
    paths = [f"cases/{case.pk}", f"movements/{scene.shipments[0].pk}/sightings"]
    assert [stranger.read(path).status_code for path in paths] == [404, 404]
    assert stranger.send(f"cases/{case.pk}/closings", {"outcome": "confirmed"}).status_code == 404


def test_the_scope_is_asked_for(case):
    assert Partner(case.brand, scopes=["supply"]).read("cases").status_code == 403


def test_more_cases_and_more_evidence_cost_no_more_statements(partner, scene, case):
    def price(path):
        with CaptureQueriesContext(connection) as queries:
            assert partner.read(path).status_code == 200
        return len(queries)

    before = price("cases"), price(f"cases/{case.pk}")
    store = scene.store_at(dealer=scene.dealer_of("421000"))
    moved("receive", store, scene.goods.case(2), at=LATER)
    for number in range(20, 30):
        scene.scan(number, JINGZHOU, at=LATER + hours(30))
    assert len(scene.examine()) == 2
    assert CaseEvidence.objects.filter(case=case).count() == 31
    assert (price("cases"), price(f"cases/{case.pk}")) == before
    assert MarketCase.objects.count() == 2
