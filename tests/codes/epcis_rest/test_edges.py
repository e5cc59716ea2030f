"""What seldom happens in the exchange of events: odd values, limits, workers that meet, and a database that is away."""

import datetime as dt
import itertools

import pytest
from django.db import OperationalError
from django.utils import timezone
from redis import RedisError

from codes.epcis_query.entries import entries_of
from codes.epcis_query.kinds import Kind
from codes.epcis_query.patterns import probes_of
from codes.epcis_query.values import text
from codes.models import CaptureJob, EpcisEffect, EpcisFollower, EpcisPlace, Packing
from codes.selectors import epcis_found, epcis_search
from codes.services import epcis_capturing, epcis_delivering, epcis_effects, epcis_following
from codes.services.destinations import NotReached, post
from tests.codes.epcis_rest.conftest import CONTEXT, SHIPPING, document, event, subscribed
from tests.codes.epcis_rest.test_effects import Repository, carried_out, goods, repository, shipped, store, unit
from tests.factories.stores import NOON
from tests.factories.supply import make_goods, moved
from tests.locks import held_elsewhere, locked

__all__ = ["goods", "repository", "store"]
pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
EXTENDED = [CONTEXT, {"ex": "https://ex.example/ns/"}]
EXTENSIONS = {"GS1-Extensions": "ex=https://ex.example/ns/"}
PROCEED = {"GS1-Capture-Error-Behaviour": "proceed"}


def ticking():
    """A clock that is a second later each time, from NOON on."""
    seconds = itertools.count()
    return lambda: NOON + dt.timedelta(seconds=next(seconds))


def test_odd_values_of_events_are_found_by_what_can_be_told_of_them(repository):
    odd = {"ex:long": "x" * 700, "ex:list": [[1]], "ex:deep": {"ex:none": None, "ex:in": 5}}
    repository.capture(
        document(event(1, quantityList=[{"epcClass": "urn:epc:class:lgtin:4012345.012345.1"}]) | odd, context=EXTENDED)
    )
    for asked, count in {
        ("EQ_ex:long", "x" * 700): 1,
        ("EQ_ex:long", "x" * 699): 0,
        ("EXISTS_ex:list", "true"): 1,
        ("EQ_INNER_ex:in", "5"): 1,
        ("GE_quantity", "0"): 0,
    }.items():
        assert len(repository.events(dict([asked]), **EXTENSIONS)) == count, asked


def test_what_lies_below_a_name_without_a_namespace_is_found_too():
    found = entries_of({"type": "ObjectEvent", "{urn:x}deep": {"plain": {"{urn:x}in": 5}}, "{urn:x}list": [[1]]})
    assert (int(Kind.EXISTS), "INNER_{urn:x}in") in found.terms
    assert (int(Kind.EXISTS), "INNER_plain") not in found.terms


@pytest.mark.parametrize(
    ("pattern", "is_class", "expected"),
    [
        ("urn:epc:idpat:sgtin:0614141.*.5", False, ("urn:epc:idpat:sgtin:0614141.*.5", False)),
        ("urn:epc:class:lgtin:4012345.012345.*", False, ("https://id.gs1.org/01/04012345123456/10/", True)),
        ("urn:epc:idpat:sgtin:0614141.107346.*", True, ("https://id.gs1.org/01/10614141073464", False)),
    ],
)
def test_patterns_are_prefixes_classes_or_themselves(pattern, is_class, expected):
    assert probes_of(int(Kind.EPC), pattern, is_class=is_class) == [(int(Kind.EPC), *expected)]


def test_a_truth_value_is_a_text_as_json_writes_it():
    assert [text("EQ_stringValue", value) for value in (True, False, 5)] == ["true", "false", "5"]


def test_a_query_that_would_take_too_long_is_given_up(repository, monkeypatch):
    monkeypatch.setattr(epcis_found, "MOST_SORTED", 1)
    repository.capture(document(event(1), event(2)))
    answer = repository.ask("events", {"orderBy": "ex:rank"}, **EXTENSIONS)
    assert (answer.status_code, answer.json()["type"]) == (413, "epcisException:QueryTooComplexException")


def test_another_fault_of_the_database_is_no_matter_of_the_query():
    with pytest.raises(OperationalError), epcis_search.in_time():
        raise OperationalError


def test_a_common_text_is_walked_within_times_of_record_too(repository, monkeypatch):
    monkeypatch.setattr(epcis_search, "RARE", 0)
    repository.capture(document(event(1), event(2, action="ADD")))
    for since, count in (("2026-01-01T00:00:00Z", 1), ("2100-01-01T00:00:00Z", 0)):
        assert len(repository.ids({"EQ_action": "ADD", "GE_recordTime": since})) == count


def test_what_cannot_be_captured_as_it_was_asked_is_refused(repository):
    plain = repository.post("/epcis/capture", b"x", content_type="text/plain")
    assert (plain.status_code, plain.json()["type"]) == (415, "epcisException:UnsupportedMediaTypeException")
    answer = repository.post_json("capture", document(event(1)), **{"GS1-Capture-Error-Behaviour": "shrug"})
    assert (answer.status_code, answer.json()["type"]) == (406, "epcisException:NotAcceptableException")


def test_while_the_cache_is_away_no_page_was_withdrawn(repository, monkeypatch):
    repository.capture(document(event(1), event(2)))
    link = repository.ask("events", {"perPage": "1"})["Link"].partition(">")[0][1:]

    class Away:
        def exists(self, _name):
            raise RedisError

    monkeypatch.setattr("codes.api.epcis.pages.valkey", Away)
    assert repository.get(link).status_code == 200


def test_a_fault_of_ours_is_told_as_the_standard_wants_it(repository, monkeypatch):
    def broken(*_args, **_options):
        raise RuntimeError

    monkeypatch.setattr("codes.api.epcis.resources.collection", broken)
    answer = repository.ask("")
    assert (answer.status_code, answer.json()["type"], answer.json()["code"]) == (
        500,
        "epcisException:ImplementationException",
        "server_fault",
    )


def test_a_place_without_a_name_or_with_an_endless_one_is_inside_of_nothing(repository):
    inside = [{"id": "", "children": ["urn:x:a"]}, {"id": "urn:x:b", "children": ["urn:x:" + "c" * 600, "urn:x:d"]}]
    vocabulary = {"type": "urn:epcglobal:epcis:vtype:ReadPoint", "vocabularyElementList": inside}
    epcis_capturing.keep_places(
        brand=repository.brand, header={"epcisHeader": {"epcisMasterData": {"vocabularyList": [vocabulary]}}}
    )
    assert list(EpcisPlace.objects.values_list("inside", "place")) == [("urn:x:b", "urn:x:d")]


def test_no_more_queries_and_subscriptions_than_so_many(repository, monkeypatch):
    assert repository.post_json("queries", SHIPPING).status_code == 201
    monkeypatch.setattr("codes.services.epcis_queries.MOST", 1)
    assert repository.post_json("queries", SHIPPING | {"name": "more"}).json()["code"] == "invalid_query"
    monkeypatch.setattr("codes.services.epcis_subscribing.MOST", 0)
    for body in ({"dest": "https://example.org/", "stream": True}, []):
        answer = repository.post_json("queries/shipped/subscriptions", body)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_subscription")


def test_an_encrypted_call_needs_a_certificate_of_the_name(listener, settings):
    settings.PRIVATE_DESTINATIONS = True
    with pytest.raises(NotReached, match="SSL"):
        post(listener.url.replace("http:", "https:"), b"{}", {})


# Capturing


def test_capturing_goes_on_where_its_turn_ended(repository, monkeypatch):
    monkeypatch.setattr(epcis_capturing, "CHUNK", 1)
    assert repository.post_json("capture", document(event(1), event(2)), **PROCEED).status_code == 202
    assert epcis_capturing.capture_waiting(clock=ticking(), until=NOON) is True
    assert epcis_capturing.capture_waiting(clock=ticking(), until=NOON + dt.timedelta(seconds=3)) is True
    assert CaptureJob.objects.get().captured == 1
    assert epcis_capturing.capture_waiting(clock=ticking(), until=NOON + MINUTE) is False
    assert CaptureJob.objects.get().captured == 2


def test_an_attempt_that_the_database_ended_is_not_held_against_the_document(repository, monkeypatch):
    repository.post_json("capture", document(event(1)))

    def away(*_args):
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(epcis_capturing, "write_events", away)
        with pytest.raises(OperationalError):
            epcis_capturing.capture_waiting(clock=ticking(), until=NOON + MINUTE)
    assert CaptureJob.objects.get().attempts == 0


def test_after_so_many_faults_no_more_events_are_looked_at(repository, monkeypatch):
    for name, value in (("CHECKED_AT_ONCE", 0), ("CHUNK", 1), ("MOST_ERRORS", 1)):
        monkeypatch.setattr(epcis_capturing, name, value)
    job = repository.capture(document(event(1, action="LOOK"), event(2, action="LOOK")))
    assert [error["place"] for error in job["errors"]] == ["/epcisBody/eventList/0/action"]


@pytest.mark.django_db(transaction=True)
def test_a_job_that_another_worker_holds_is_left_to_it(repository):
    repository.post_json("capture", document(event(1)))
    job = CaptureJob.objects.get()
    with held_elsewhere(lambda: locked(CaptureJob.objects.all())):
        assert epcis_capturing.capture_waiting(clock=ticking(), until=NOON + MINUTE) is False
        epcis_capturing.capture_whole(job, clock=ticking())
        assert epcis_capturing.proceed(job, clock=ticking(), until=NOON + MINUTE) is True
        epcis_capturing.reject(job, [], now=NOON)
    job.refresh_from_db()
    assert (job.state, job.captured) == ("waiting", 0)


# Effects


def test_a_large_packing_is_told_by_ranges_and_what_is_no_range_is_passed_over():
    goods = make_goods()
    repository = Repository(goods.brand)
    prefix = epcis_effects.naming_of(goods.brand).context()
    ranges = [
        *("text", {"onecode:first": "5"}, {"onecode:first": "9", "onecode:last": "3"}),
        {"onecode:first": "9" * 13, "onecode:last": "9" * 13},
        {"onecode:first": str(goods.item(0)), "onecode:last": str(goods.item(5))},
    ]
    packed = event(1, type="AggregationEvent", parentID=unit(goods, goods.case(0)), action="ADD", bizStep="packing")
    quantities = [{"epcClass": "urn:epc:class:lgtin:4012345.012345.1", "quantity": 6}]
    packed |= {"childQuantityList": quantities, "onecode:serials": ranges}
    classes = event(2, type="AggregationEvent", parentID=unit(goods, goods.case(1)), action="ADD", bizStep="packing")
    classes |= {"childQuantityList": quantities}
    seen = event(3, type="AggregationEvent", parentID=unit(goods, goods.case(0)), action="OBSERVE", bizStep="packing")
    seen |= {"childEPCs": [unit(goods, goods.item(0), "item")]}
    for one in (packed, classes, seen):
        del one["epcList"]
    assert repository.capture(document(packed, classes, seen, context=prefix))["success"]
    assert carried_out() == [("done", ""), ("refused", "foreign_units"), ("done", "")]
    (row,) = Packing.objects.all()
    assert (row.children.lower, row.children.upper) == (goods.item(0), goods.item(6))


def test_partners_of_others_and_links_without_a_code_of_ours_name_nobody(repository, goods, store):
    places = [
        *("https://one.example/epcis/loc/store.other-brand.S1", "https://one.example/epcis/loc/nobody"),
        f"https://one.example/epcis/loc/store.{goods.brand.slug}.unknown",
    ]
    link = f"https://id.example.org/01/{goods.items.batch.product.gtin}/21/{'1' + 'Z' * 16}"
    sent = shipped(goods, store, goods.case(0)) | {
        "destinationList": [{"type": "location", "destination": place} for place in places]
    }
    repository.capture(document(sent, event(2, bizStep="shipping", epcList=[link])))
    assert carried_out() == [("refused", "unknown_partner")]


def test_effects_wait_for_their_turn_and_for_the_database(repository, goods, store, monkeypatch):
    repository.capture(document(shipped(goods, store, goods.case(0))))
    assert epcis_effects.take_down(clock=ticking(), until=NOON) is True

    def fails(error):
        def carry_out(*_args, **_options):
            raise error

        return carry_out

    monkeypatch.setattr(epcis_effects, "carry_out", fails(OperationalError()))
    with pytest.raises(OperationalError):
        epcis_effects.take_down(clock=ticking(), until=NOON + MINUTE)
    assert EpcisEffect.objects.get().state == "waiting"
    monkeypatch.setattr(epcis_effects, "carry_out", fails(RuntimeError()))
    assert carried_out() == [("refused", "server_fault")]


@pytest.mark.django_db(transaction=True)
def test_an_effect_and_a_follower_that_another_worker_holds_are_left_to_it(repository, goods, store):
    repository.capture(document(shipped(goods, store, goods.case(0))))
    EpcisFollower.objects.create(brand=goods.brand)
    with held_elsewhere(lambda: locked(EpcisEffect.objects.all())):
        assert carried_out() == [("waiting", "")]
    with held_elsewhere(lambda: locked(EpcisFollower.objects.all())):
        assert epcis_following.follow(brand=goods.brand, now=timezone.now()) is True
    assert EpcisFollower.objects.get().cursor == ""


def test_following_goes_on_where_its_turn_ended(goods, store, monkeypatch):
    monkeypatch.setattr(epcis_following, "PAGE", 1)
    moved("ship", store, goods.case(0))
    later = timezone.now() + MINUTE
    assert epcis_following.follow_all(clock=lambda: later, until=later) is True
    assert epcis_following.follow_all(clock=lambda: later, until=later + MINUTE) is False


# Subscriptions


def test_subscriptions_wait_for_their_turn_and_one_that_is_taken_is_left(named, listener):
    row = subscribed(named, listener)
    begun = row.next_at
    assert epcis_delivering.deliver_due(clock=lambda: begun, until=begun) is True
    assert epcis_delivering.claim(row.pk, now=begun) is not None
    assert epcis_delivering.claim(row.pk, now=begun) is None
