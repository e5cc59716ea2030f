"""Where a scan says that goods are, and whose they were at that moment."""

import pytest

from codes.models import Binding, CaseRule, Opening, Sighting
from codes.models.scan import Verdict
from codes.selectors.territories import lineages_of
from core.clock import business_day
from tests.factories.consumers import ConsumerFactory
from tests.factories.sightings import CHENGDU, EXAMINED, JINGZHOU, LATER, LESHAN, Scene, hours
from tests.factories.stores import NOON, BrandFactory, RegionFactory
from tests.factories.supply import moved

pytestmark = pytest.mark.django_db
FEW = {"units_at_least": 1, "people_at_least": 1, "share_at_least": 0.01, "chance_at_most": 0.99, "distance_km": 10}


@pytest.fixture
def scene():
    return Scene()


def seen(scene, scan):
    scene.examine()
    return Sighting.objects.get(pk=scan.pk)


def test_goods_are_at_home_in_every_region_of_their_dealer(scene):
    home, abroad = scene.scan(0, CHENGDU), scene.scan(1, LESHAN)
    row = seen(scene, home)
    assert (row.cause, row.shipment, row.dealer, row.area_id) == ("home", scene.shipments[0], scene.dealer, "510100")
    row = seen(scene, abroad)
    assert (row.cause, row.area_id, row.region_code) == ("foreign", "511100", "511102")
    assert 50_000 < row.distance_m < 70_000


def test_what_the_phone_may_be_nearer_is_taken_off(scene):
    exact, vague = scene.scan(0, LESHAN), scene.scan(1, LESHAN, accuracy_m=5_000.0)
    assert seen(scene, exact).distance_m - seen(scene, vague).distance_m > 7_000


@pytest.mark.parametrize(
    "facts",
    [
        {"accuracy_m": 5_001.0},
        {"region_code": ""},
        {"region_code": "999999"},
        {"region_code": "000000"},
        {"verdict": Verdict.VOIDED},
        {"verdict": Verdict.MALFORMED, "serial": None, "role": None},
    ],
)
def test_a_scan_that_tells_no_usable_place_or_no_code_is_no_sighting(scene, facts):
    RegionFactory(code="000000")
    scene.scan(0, CHENGDU, **facts)
    scene.examine()
    assert not Sighting.objects.exists()


def test_authority_follows_the_newest_movement_before_the_scan(scene):
    other = scene.dealer_of("421000")
    early, between, late = (scene.scan(0, JINGZHOU, at=LATER + hours(after)) for after in (-72, 0, 4))
    moved("return", scene.dealer, scene.goods.case(0), at=LATER + hours(1))
    moved("ship", other, scene.goods.case(0), at=LATER + hours(2))
    assert [seen(scene, scan).cause for scan in (early, between, late)] == ["not_shipped", "foreign", "home"]
    assert seen(scene, late).dealer == other


def test_a_dealer_s_receipt_belongs_to_the_shipment_that_it_confirms(scene):
    moved("receive", scene.dealer, scene.goods.pallet(0), at=NOON + hours(3))
    unsent = moved("receive", scene.dealer_of("421000"), scene.goods.pallet(1), at=NOON + hours(3))
    assert seen(scene, scene.scan(0, JINGZHOU)).shipment == scene.shipments[0]
    assert seen(scene, scene.scan(30, JINGZHOU)).shipment == unsent


def test_goods_given_back_are_nobody_s(scene):
    moved("return", scene.dealer, scene.goods.case(0), at=LATER)
    row = seen(scene, scene.scan(0, JINGZHOU, at=LATER + hours(1)))
    assert (row.cause, row.shipment, row.dealer) == ("home", None, None)


def test_a_store_s_receipt_does_not_make_goods_legal(scene):
    moved("receive", scene.store_at(dealer=scene.dealer_of("421000")), scene.goods.case(0), at=LATER)
    row = seen(scene, scene.scan(0, JINGZHOU, at=LATER + hours(1)))
    assert (row.cause, row.dealer) == ("foreign", scene.dealer)


def test_goods_sent_to_a_store_may_be_sold_there_and_where_its_dealer_may(scene):
    moved("ship", scene.store_at(dealer=scene.dealer), scene.goods.case(0), at=LATER)
    here, there, elsewhere = (scene.scan(0, city, at=LATER + hours(1)) for city in (JINGZHOU, CHENGDU, LESHAN))
    assert [seen(scene, scan).cause for scan in (here, there, elsewhere)] == ["home", "home", "foreign"]


def test_what_a_store_received_without_a_shipment_counts_as_its_own():
    scene = Scene()
    store = scene.store_at(dealer=scene.dealer_of("421000"))
    moved("return", scene.dealer, scene.goods.pallet(1), at=NOON + hours(1))
    goods_of_nobody = scene.goods.case(2)
    moved("receive", store, goods_of_nobody, at=LATER)
    assert scene.examine() == []


def test_a_dealer_without_regions_is_not_judged(scene):
    scene.dealer.regions.clear()
    row = seen(scene, scene.scan(0, JINGZHOU))
    assert (row.cause, row.dealer, row.shipment) == ("home", None, scene.shipments[0])


def test_without_a_place_of_the_phone_the_bound_store_tells_it(scene):
    store = scene.store_at()
    scan = scene.scan(0, JINGZHOU, latitude=None, longitude=None, accuracy_m=None, region_code="")
    opened(scan, store, confidence=0.7)
    unsure = scene.scan(1, JINGZHOU, latitude=None, longitude=None, accuracy_m=None, region_code="")
    opened(unsure, store, confidence=0.4)
    row = seen(scene, scan)
    assert (row.cause, row.store, row.region_code, row.latitude) == ("foreign", store, "421002", store.latitude)
    assert not Sighting.objects.filter(pk=unsure.pk).exists()


def opened(scan, store, confidence):
    consumer = ConsumerFactory(brand=store.brand)
    day = business_day(scan.scanned_at, store.brand.timezone)
    order = store.brand.code_orders.get(level="item")
    opening = Opening.objects.create(
        serial=scan.serial,
        brand=store.brand,
        order=order,
        scan=scan,
        consumer=consumer,
        opened_at=scan.scanned_at,
        day=day,
    )
    Binding.objects.create(
        opening=opening,
        brand=store.brand,
        store=store,
        consumer=consumer,
        confidence=confidence,
        day=day,
        bound_at=scan.scanned_at,
    )


def test_a_store_without_a_place_still_has_a_region(scene):
    CaseRule.objects.create(brand=scene.brand, thresholds={"receipt_items": 1}, changed_at=NOON)
    store = scene.store_at(("421002", None, None), dealer=scene.dealer_of("421000"))
    opened(
        scene.scan(0, JINGZHOU, latitude=None, longitude=None, accuracy_m=None, region_code=""), store, confidence=0.7
    )
    moved("receive", store, scene.goods.case(0), at=LATER)
    (case,) = scene.examine()
    assert (case.figures["distance_m"], case.figures["receipt_m"]) == (None, None)
    assert [reason["name"] for reason in case.reasons] == ["received"]


def test_a_shipment_reported_late_makes_good_what_was_seen_before(scene):
    CaseRule.objects.create(brand=scene.brand, thresholds=FEW, changed_at=NOON)
    moved("return", scene.dealer, scene.goods.pallet(), at=NOON)
    fresh = Scene()
    scan = fresh.scan(0, JINGZHOU, at=NOON - hours(1))
    assert seen(fresh, scan).cause == "not_shipped"
    CaseRule.objects.create(brand=fresh.brand, thresholds=FEW, changed_at=NOON)
    late = moved("ship", fresh.dealer, fresh.goods.case(0), at=NOON - hours(5))
    (case,) = fresh.examine()
    assert (case.kind, case.shipment) == ("diversion", late)


def test_a_switched_off_brand_is_left_alone(scene):
    scan = scene.scan(0, JINGZHOU)
    moved("receive", scene.store_at(dealer=scene.dealer_of("421000")), scene.goods.case(0), at=LATER)
    type(scene.brand).objects.filter(pk=scene.brand.pk).update(is_active=False)
    assert scene.examine() == []
    assert not Sighting.objects.filter(pk=scan.pk).exists()


def test_the_city_of_a_region_is_found_at_every_level():
    for code in ("000000", "510104", "110000", "419001"):
        RegionFactory(code=code)
    RegionFactory(code="110101", parent=RegionFactory(code="110000"))
    lineages = lineages_of(["000000", "510000", "510100", "510104", "110000", "110101"])
    areas = [lineages.area_of(code) for code in ("000000", "510000", "510100", "510104", "110000", "110101", "x")]
    assert areas == [None, "510000", "510100", "510100", "110000", "110000", None]


def test_codes_that_name_no_brand_are_the_consumer_s_brand_s_or_the_only_one_s(scene, settings):
    consumer = ConsumerFactory(brand=scene.brand)
    unknown = {"brand": None, "serial": None, "role": None, "verdict": Verdict.UNKNOWN}
    alone = scene.scan(0, CHENGDU, **unknown)
    assert seen(scene, alone).brand == scene.brand
    BrandFactory(slug="other")
    known, nobody_s = scene.scan(0, CHENGDU, **unknown, consumer=consumer), scene.scan(0, CHENGDU, **unknown)
    row = seen(scene, known)
    assert (row.brand, row.cause, row.code) == (scene.brand, "unknown", known.masked_code)
    assert not Sighting.objects.filter(pk=nobody_s.pk).exists()
    settings.DEFAULT_BRAND = "other"
    row = seen(scene, scene.scan(0, CHENGDU, **unknown))
    assert row.brand.slug == "other"


def test_a_counter_s_own_code_is_no_sighting(scene):
    scene.scan(0, CHENGDU, serial=None, role=None, store=scene.store_at())
    scene.examine(now=EXAMINED)
    assert not Sighting.objects.exists()
