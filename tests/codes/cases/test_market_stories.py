"""Whole stories: an honest market stays quiet, a diverted pallet and a copied mark raise one case each."""

import random

import pytest

from codes.models import CaseEvidence, MarketCase, Sighting
from codes.models.scan import Verdict
from tests.factories.sightings import CHENGDU, CITIES, JINGZHOU, LATER, Scene, hours
from tests.factories.supply import moved

pytestmark = pytest.mark.django_db


def test_an_honest_market_with_travelling_people_raises_no_case():
    scene, chance = Scene(per_case=30), random.Random(7)
    for number in range(120):
        city = chance.choice(CITIES) if chance.random() < 0.25 else CHENGDU
        scene.scan(number, city, at=LATER + hours(chance.random() * 24))
    for number in range(0, 120, 10):  # somebody takes the empty bottle home by train, and shows it around
        first = Sighting.objects.count()
        scene.scan(number, CHENGDU, at=LATER + hours(40), verdict=Verdict.GENUINE_REPEAT, person=f"train {number}")
        scene.scan(number, CITIES[0], at=LATER + hours(47), verdict=Verdict.GENUINE_REPEAT, person=f"train {number}")
        assert first == 0
    assert scene.examine() == []
    assert Sighting.objects.filter(cause="foreign").count() > 20


def test_a_diverted_pallet_raises_one_case_with_the_right_counts():
    scene = Scene()
    for number in range(30):
        scene.scan(number, JINGZHOU, at=LATER + hours(number), person=f"person {number % 20}")
    for number in range(30, 50):
        scene.scan(number, CHENGDU)
    (case,) = scene.examine(limit=7)
    assert (case.kind, case.state, case.dealer, case.shipment, case.region_id) == (
        MarketCase.Kind.DIVERSION,
        MarketCase.State.OPEN,
        scene.dealer,
        scene.shipments[0],
        "421000",
    )
    counted = {name: case.figures[name] for name in ("units", "people", "scans", "seen_units", "received")}
    assert counted == {"units": 30, "people": 20, "scans": 30, "seen_units": 30, "received": 0}
    assert 500_000 < case.figures["distance_m"] < 800_000
    assert {reason["name"] for reason in case.reasons} == {"units", "people", "share", "chance", "distance_km"}
    assert case.score > 80
    evidence = CaseEvidence.objects.filter(case=case)
    assert evidence.count() == 30
    assert {(row.dealer_id, row.shipment_id) for row in evidence} == {(scene.dealer.pk, scene.shipments[0].pk)}


def test_a_copied_inner_mark_raises_one_case():
    scene = Scene()
    scene.mark(scene.scan(0, CHENGDU, person="owner"))
    for number in range(8):
        city = (CHENGDU, *CITIES)[number]
        scene.scan(0, city, at=LATER + hours(1 + number / 4), person=f"buyer {number}", verdict=Verdict.GENUINE_REPEAT)
    (case,) = scene.examine()
    assert (case.kind, case.serial, case.role) == (MarketCase.Kind.CLONE, scene.goods.item(0), 2)
    assert (case.figures["others"], case.figures["scans"]) == (8, 9)
    assert case.figures["jumps"] >= 2
    assert CaseEvidence.objects.filter(case=case).count() == 9


def test_a_store_of_another_region_that_receives_the_goods_raises_a_case_by_itself():
    scene = Scene()
    store = scene.store_at(dealer=scene.dealer_of("421000"))
    receipt = moved("receive", store, scene.goods.case(0), at=LATER)
    (case,) = scene.examine()
    assert (case.kind, case.dealer, case.shipment) == ("diversion", scene.dealer, scene.shipments[0])
    assert (case.figures["received"], case.figures["stores"]) == (15, 1)
    (evidence,) = CaseEvidence.objects.filter(case=case)
    assert (evidence.movement, evidence.store, evidence.items) == (receipt, store, 15)
    scene.scan(0, JINGZHOU, at=LATER + hours(3))
    (same,) = scene.examine()
    assert (same.pk, same.figures["units"], CaseEvidence.objects.filter(case=case).count()) == (case.pk, 1, 2)
