"""Codes that nobody should hold yet, or that are not ours, scanned by many people in one city."""

import pytest

from codes.models import CaseEvidence, Sighting
from codes.models.scan import Verdict
from tests.factories.sightings import CHENGDU, CITIES, JINGZHOU, LATER, Scene, hours
from tests.factories.stores import NOON
from tests.factories.supply import make_packed_goods, moved

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("verdict", [Verdict.NOT_ACTIVATED, Verdict.UNKNOWN])
def test_many_people_with_many_such_codes_in_one_city_are_a_case(verdict):
    scene = Scene()
    for number in range(8):
        nothing = {"serial": None, "role": None, "brand": None} if verdict == Verdict.UNKNOWN else {}
        scene.scan(number, JINGZHOU, verdict=verdict, at=LATER + hours(number), **nothing)
    (case,) = scene.examine(limit=3)
    assert (case.kind, case.region_id, case.serial) == (verdict.value, "421000", None)
    assert case.figures == {"codes": 8, "people": 8, "scans": 8}
    assert CaseEvidence.objects.filter(case=case).count() == 8


def test_one_person_with_many_codes_or_many_cities_are_none():
    scene = Scene()
    for number in range(8):
        scene.scan(number, JINGZHOU, verdict=Verdict.NOT_ACTIVATED, person="curious")
        scene.scan(number, CITIES[number], verdict=Verdict.NOT_ACTIVATED)
    assert scene.examine() == []


def unshipped(scene, count=8):
    """Items of the same brand that nobody has shipped, seen in one city."""
    more = make_packed_goods(brand=scene.brand)
    for number in range(count):
        scene.scan(number, CHENGDU, serial=more.item(number), at=LATER + hours(number))
    return more


def test_goods_that_were_never_shipped_are_a_case_of_a_brand_that_reports_its_shipments():
    scene = Scene()
    for number in range(10):
        scene.scan(number, CHENGDU)
    unshipped(scene)
    (case,) = scene.examine()
    assert (case.kind, case.figures["codes"]) == ("not_shipped", 8)


def test_a_brand_that_reports_no_shipments_has_no_such_case():
    scene = Scene()
    unshipped(scene)
    assert scene.examine() == []


def test_a_shipment_that_was_reported_meanwhile_is_seen_before_a_case_is_made_of_it():
    scene = Scene()
    for number in range(10):
        scene.scan(number, CHENGDU)
    more = unshipped(scene, count=4)
    scene.examine()
    moved("ship", scene.dealer, more.pallet(0), at=NOON)
    for number in range(4, 9):
        scene.scan(number, CHENGDU, serial=more.item(number), at=LATER + hours(number))
    assert Sighting.objects.filter(cause="not_shipped").count() == 4
    assert scene.examine() == []
    assert not Sighting.objects.filter(cause="not_shipped").exists()
