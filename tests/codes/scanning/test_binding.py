import pytest
from django.db import transaction

from codes.formats.code_text import Role
from codes.models import Binding, Evidence, Opening, Scan
from codes.services.binding import NothingToOpen, OpenedByAnother, OtherBrand, open_item
from codes.services.counted import days_touched_by
from codes.services.places import Place
from codes.services.scanning import record_scan
from stores.models import PendingCount
from tests.codes.scanning.market import code, minutes, posted
from tests.codes.scanning.test_keeping_once import together
from tests.factories.consumers import ConsumerFactory
from tests.factories.stores import NOON, DealerFactory, StoreFactory

AT_THE_DOOR = Place(30.657, 104.080, 10)


@pytest.fixture
def consumer(market):
    return ConsumerFactory(brand=market.brand)


def opened(text, consumer, **rest):
    answer = record_scan(posted(text, consumer=consumer, nonce="open", **rest), now=NOON)
    assert answer.opened_by_me
    return answer


def roads():
    return {evidence.road: (evidence.store_id, round(evidence.weight, 4)) for evidence in Evidence.objects.all()}


def test_an_opening_without_evidence_is_bound_to_no_store(market, consumer):
    answer = opened(code(1000), consumer)
    binding = Binding.objects.get()
    assert (binding.store_id, binding.confidence, answer.store) == (None, 0, None)
    assert (Opening.objects.get().consumer, str(Opening.objects.get().day)) == (consumer, "2026-03-02")
    assert not PendingCount.objects.exists()


def test_a_case_received_by_the_store_binds_to_it(market, consumer):
    store = market.store()
    market.received_by(store)
    answer = opened(code(1000), consumer)
    assert roads() == {"case": (store.pk, 0.85)}
    assert (answer.store.id, answer.confidence) == (store.pk, 0.85)
    assert Binding.objects.get().salesperson == store.salesperson
    assert PendingCount.objects.get().store_id == store.pk


def test_a_received_pallet_binds_as_its_cases_do(market, consumer):
    store = market.store()
    market.pack()
    market.pack(parent=3000, first=2000, count=1)
    market.move("receive", store, serial=3000)
    opened(code(1000), consumer)
    assert roads() == {"case": (store.pk, 0.85)}


def test_a_loose_item_received_by_the_store_binds_to_it(market, consumer):
    store = market.store()
    market.move("receive", store, serial=1000)
    opened(code(1000), consumer)
    assert roads() == {"case": (store.pk, 0.85)}


def test_a_case_that_went_on_since_is_no_evidence(market, consumer):
    market.received_by(market.store())
    market.move("return", DealerFactory(brand=market.brand), days_ago=0.5)
    opened(code(1000), consumer)
    assert roads() == {}


def test_a_case_on_its_way_to_the_store_is_no_evidence(market, consumer):
    market.pack()
    market.move("ship", market.store())
    opened(code(1000), consumer)
    assert roads() == {}


def test_an_unpacked_item_does_not_follow_its_case(market, consumer):
    packing = market.pack()
    market.move("receive", market.store())
    packing.unpacked_at = packing.unpacking_recorded_at = NOON
    packing.save()
    opened(code(1000), consumer)
    assert roads() == {}


def test_a_b_code_scanned_shortly_before_is_evidence_that_fades(market, consumer):
    store = market.store()
    record_scan(posted(store.b_code, nonce="b"), now=NOON - minutes(15))
    opened(code(1000), consumer)
    assert roads() == {"b_code": (store.pk, 0.35)}
    assert Evidence.objects.get().facts["age_seconds"] == 900


def test_a_b_code_scanned_by_the_consumer_on_another_phone_is_evidence(market, consumer):
    store = market.store()
    record_scan(posted(store.b_code, visitor="tablet", consumer=consumer), now=NOON)
    opened(code(1000), consumer)
    assert roads() == {"b_code": (store.pk, 0.7)}


@pytest.mark.parametrize("visitor", ["somebody else", "phone"])
def test_a_b_code_scanned_by_others_or_long_ago_is_no_evidence(market, consumer, visitor):
    long_ago = minutes(31) if visitor == "phone" else minutes(1)
    record_scan(posted(market.store().b_code, visitor=visitor, nonce="b"), now=NOON - long_ago)
    opened(code(1000), consumer)
    assert roads() == {}


def test_a_b_code_of_another_brand_is_no_evidence(market, consumer):
    record_scan(posted(StoreFactory().b_code, nonce="b"), now=NOON)
    opened(code(1000), consumer)
    assert roads() == {}


def test_a_phone_at_the_store_is_evidence(market, consumer):
    store = market.store()
    StoreFactory(latitude=30.657, longitude=104.080)
    market.store(latitude=30.7)
    opened(code(1000), consumer, place=AT_THE_DOOR)
    assert roads() == {"place": (store.pk, 0.6)}
    assert (Scan.objects.get().region_code, Scan.objects.get().accuracy_m) == ("510104", 10)


def test_all_roads_are_fused_and_kept(market, consumer):
    store, rival = market.store(), market.store(latitude=30.658)
    market.received_by(store)
    record_scan(posted(store.b_code, nonce="b"), now=NOON)
    answer = opened(code(1000), consumer, place=AT_THE_DOOR)
    assert {(e.store_id, e.road) for e in Evidence.objects.all()} == {
        (store.pk, "case"),
        (store.pk, "b_code"),
        (store.pk, "place"),
        (rival.pk, "place"),
    }
    assert answer.store.id == store.pk
    assert 0.7 < answer.confidence < 1 - 0.15 * 0.3 * 0.4


def test_a_second_scan_by_the_opener_opens_nothing_new(market, consumer):
    opened(code(1000), consumer)
    again = record_scan(posted(code(1000), consumer=consumer, nonce="again"), now=NOON + minutes(1))
    assert (again.verdict, again.opened_by_me, again.offer is None) == ("genuine_repeat", True, False)
    assert Opening.objects.count() == 1


def test_an_item_opened_by_another_has_no_offer_for_me(market, consumer):
    opened(code(1000), consumer)
    other = ConsumerFactory(brand=market.brand)
    answer = record_scan(posted(code(1000), visitor="other", consumer=other), now=NOON + minutes(1))
    assert (answer.opened, answer.opened_by_me, answer.offer) == (True, False, None)


def test_an_anonymous_first_scan_is_offered_the_envelope_and_opens_nothing(market):
    answer = record_scan(posted(code(1000)), now=NOON)
    assert (answer.offer.campaign, answer.opened) == ("开瓶有礼", False)


def test_an_offer_for_certain_stores_is_asked_for_anew_once_the_store_is_known(market, consumer, settings):
    settings.OFFER_SOURCE = "tests.codes.scanning.market.narrow_source"
    assert record_scan(posted(code(1000)), now=NOON).offer.narrowed
    answer = opened(code(1000), consumer)
    assert (answer.opened_by_me, answer.offer) == (True, None)


def test_without_a_campaign_there_is_no_offer(market, settings):
    settings.OFFER_SOURCE = "tests.codes.scanning.market.silent_source"
    assert record_scan(posted(code(1000)), now=NOON).offer is None


def test_a_known_consumer_opens_what_was_only_looked_at_before(market, consumer):
    record_scan(posted(code(1000), visitor="curious"), now=NOON - minutes(5))
    answer = opened(code(1000), consumer)
    assert (answer.verdict, answer.first_scanned_at) == ("genuine_repeat", NOON - minutes(5))


def anonymous(text, **rest):
    return Scan.objects.get(pk=record_scan(posted(text, **rest), now=NOON).id)


def test_a_visitor_who_signs_in_opens_the_item_with_the_evidence_of_the_scan(market, consumer):
    store = market.store()
    market.received_by(store)
    record_scan(posted(store.b_code, nonce="b"), now=NOON - minutes(15))
    scan = anonymous(code(1000), place=AT_THE_DOOR)
    opening = open_item(scan=scan, consumer=consumer, now=NOON + minutes(20))
    assert opening.binding.salesperson == store.salesperson
    assert (opening.binding.store_id, opening.consumer_id, opening.opened_at) == (
        store.pk,
        consumer.pk,
        NOON + minutes(20),
    )
    assert roads() == {"case": (store.pk, 0.85), "b_code": (store.pk, 0.35), "place": (store.pk, 0.6)}
    assert PendingCount.objects.get().store_id == store.pk


def test_opening_again_gives_the_same_opening(market, consumer):
    scan = anonymous(code(1000))
    first = open_item(scan=scan, consumer=consumer, now=NOON)
    again = open_item(scan=scan, consumer=consumer, now=NOON + minutes(1))
    assert (again, again.opened_at, Evidence.objects.count()) == (first, NOON, 0)


def test_what_another_opened_cannot_be_opened(market, consumer):
    scan = anonymous(code(1000))
    open_item(scan=scan, consumer=ConsumerFactory(brand=market.brand), now=NOON)
    with pytest.raises(OpenedByAnother):
        open_item(scan=scan, consumer=consumer, now=NOON)


def test_another_brands_consumer_cannot_open(market):
    with pytest.raises(OtherBrand):
        open_item(scan=anonymous(code(1000)), consumer=ConsumerFactory(), now=NOON)


def test_an_outer_mark_or_a_bad_verdict_opens_nothing(market, consumer):
    market.say("frozen", 1001)
    for text, nonce in ((code(1000, Role.ITEM_OUTER), "a"), (code(1001), "b"), ("nonsense", "c")):
        with pytest.raises(NothingToOpen):
            open_item(scan=anonymous(text, nonce=nonce), consumer=consumer, now=NOON)


def test_an_item_that_was_recalled_since_is_not_opened(market, consumer):
    scan = anonymous(code(1000))
    market.say("recalled", 1000)
    with pytest.raises(NothingToOpen):
        open_item(scan=scan, consumer=consumer, now=NOON)


@pytest.mark.django_db(transaction=True)
def test_of_many_claims_at_once_one_consumer_opens(market):
    scan = anonymous(code(1000))
    racers = ConsumerFactory.create_batch(4, brand=market.brand)
    calls = [lambda who=who: open_item(scan=scan, consumer=who, now=NOON) for who in racers]
    results = together(*calls)
    assert sorted(type(result).__name__ for result in results) == ["OpenedByAnother"] * 3 + ["Opening"]
    assert Opening.objects.count() == 1


def days_pending():
    return sorted(PendingCount.objects.values_list("store_id", "day"))


@pytest.mark.parametrize("late", [minutes(-60 * 24), minutes(60 * 24)])
def test_the_scan_touches_the_days_that_the_rule_says(market, consumer, late):
    here, there = market.store(), market.store(latitude=31.0)
    market.move("receive", here, serial=1000)
    market.move("receive", there, serial=1001)
    opened(code(1000), consumer)
    PendingCount.objects.all().delete()
    record_scan(posted(code(1001), consumer=consumer, nonce="late"), now=NOON + late)
    expected = days_touched_by(Opening.objects.get(serial=1001))
    assert days_pending() == sorted((key.store_id, key.day) for key in expected)
    assert len(expected) == (2 if late < minutes(0) else 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_first_openings_at_once_the_later_days_count_is_corrected(market, consumer):
    stores = [market.store(), market.store(latitude=31.0)]
    for serial, store in zip((1000, 1001), stores, strict=True):
        market.move("receive", store, serial=serial)
    scans = [posted(code(serial), consumer=consumer, nonce=str(serial)) for serial in (1000, 1001)]
    moments = [NOON + minutes(1), NOON]
    together(*[lambda s=scan, at=moment: record_scan(s, now=at) for scan, moment in zip(scans, moments, strict=True)])
    first = Opening.objects.get(serial=1001)
    assert {key.store_id for key in days_touched_by_in_transaction(first)} <= {store for store, _day in days_pending()}
    assert {store.pk for store in stores} == {store for store, _day in days_pending()}


def days_touched_by_in_transaction(opening):
    with transaction.atomic():
        return days_touched_by(opening)
