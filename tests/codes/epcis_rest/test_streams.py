"""Subscriptions as they are delivered, on a server of their own.

A stream waits for every transaction of the server that has written, also of other databases: other tests would
keep it waiting.
"""

import datetime as dt
import hashlib
import hmac
import json
import time

import pytest
from django.db.models import Max
from django.utils import timezone

from codes.models import EpcisEvent, Subscription
from codes.services import epcis_delivering
from codes.services.epcis_delivering import deliver_due
from codes.services.epcis_subscribing import settled_xid
from tests.codes.epcis_rest.conftest import document, event, subscribe, subscribed
from tests.locks import held_elsewhere, locked
from tests.own_servers import own_servers

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(scope="module", autouse=True)
def server(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), own_servers(fast=True):
        yield


def deliver(now=None):
    settle()
    at = now or timezone.now()
    return deliver_due(clock=lambda: at, until=at + dt.timedelta(minutes=1))


def settle():
    """Wait for all transactions of the server that began before the last event."""
    last = EpcisEvent.objects.aggregate(last=Max("written_xid"))["last"] or 0
    end = time.monotonic() + 75
    while settled_xid() <= last:
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_stream_is_told_each_matching_event_once_and_signed(named, listener):
    named.capture(document(event(0, bizStep="shipping")))
    made = subscribe(named, listener, signatureToken="s3cret")
    assert made.status_code == 201, made.content
    assert "s3cret" not in made.content.decode()
    assert made["Location"].endswith(f"/epcis/queries/shipped/subscriptions/{made.json()['subscriptionID']}")
    deliver()
    assert listener.calls == []
    named.capture(document(event(1, bizStep="shipping"), event(2, bizStep="receiving")))
    deliver()
    deliver()
    assert listener.events() == [[event(1)["eventID"]]]
    ((headers, body),) = listener.calls
    at, _, signature = headers["GS1-Signature"].partition(",v1=")
    expected = hmac.new(b"s3cret", f"{at[2:]}.".encode() + body, hashlib.sha256).hexdigest()
    assert signature == expected
    assert json.loads(body)["epcisBody"]["queryResults"]["subscriptionID"] == made.json()["subscriptionID"]
    assert named.get(made["Location"]).json()["lastNotifiedAt"]


def test_events_from_a_time_of_record_on_are_told_first(named, listener):
    named.capture(document(event(0, bizStep="shipping")))
    subscribe(named, listener, initialRecordTime="2020-01-01T00:00:00Z")
    subscribe(named, listener, initialRecordTime="2100-01-01T00:00:00Z")
    deliver()
    assert listener.events() == [[event(0)["eventID"]]]


def test_a_call_that_fails_is_tried_again_later_and_later(named, listener):
    subscribe(named, listener)
    named.capture(document(event(1, bizStep="shipping")))
    listener.statuses = [500, 500, 204]
    begun = timezone.now()
    deliver(begun)
    row = Subscription.objects.get()
    assert (row.state, row.attempts, row.fault) == ("failing", 1, "the destination answered 500")
    deliver(begun + dt.timedelta(seconds=9))
    assert len(listener.calls) == 1
    deliver(begun + dt.timedelta(seconds=11))
    row.refresh_from_db()
    assert (row.attempts, row.next_at) == (2, begun + dt.timedelta(seconds=31))
    deliver(begun + dt.timedelta(minutes=5))
    row.refresh_from_db()
    assert (row.state, row.attempts, row.fault, len(listener.calls)) == ("active", 0, "", 3)


def test_a_destination_that_is_away_is_a_failed_call(named, listener):
    dest = listener.url.replace("127.0.0.1", "localhost").replace(str(listener.server.server_port), "1")
    subscribe(named, listener, dest=dest)
    named.capture(document(event(1, bizStep="shipping")))
    deliver()
    assert Subscription.objects.get().fault.startswith("ConnectionRefusedError")


def test_events_that_are_too_much_for_a_destination_are_told_in_halves(named, listener):
    subscribe(named, listener)
    named.capture(document(*(event(n, bizStep="shipping") for n in range(4))))
    listener.statuses = [413, 200]
    deliver()
    assert [len(events) for events in listener.events()] == [4, 2, 2]


def test_a_schedule_runs_when_it_comes_and_tells_of_nothing_where_that_is_wanted(named, listener):
    begun = timezone.now()
    made = subscribe(named, listener, schedule={"minute": "*/5"}, reportIfEmpty=True)
    assert made.json()["schedule"] == {"minute": "*/5"}
    named.capture(document(event(1, bizStep="shipping")))
    deliver(begun)
    assert listener.calls == []
    deliver(begun + dt.timedelta(minutes=6))
    deliver(begun + dt.timedelta(minutes=12))
    assert listener.events() == [[event(1)["eventID"]], []]


def test_a_long_run_goes_on_where_its_turn_ended_and_a_lost_claim_ends_it(named, listener, monkeypatch):
    monkeypatch.setattr(epcis_delivering, "LOOKED_AT", 1)
    row = subscribed(named, listener)
    named.capture(document(event(1, bizStep="shipping"), event(2, bizStep="shipping")))
    settle()
    claimed = epcis_delivering.claim(row.pk, now=row.next_at)
    epcis_delivering.look_after(claimed, clock=lambda: row.next_at, until=row.next_at)
    assert len(listener.calls) == 1
    with held_elsewhere(lambda: locked(Subscription.objects.all())):
        assert epcis_delivering.deliver_due(clock=lambda: row.next_at, until=row.next_at + MINUTE) is False
    later = row.next_at + dt.timedelta(seconds=1)
    again = epcis_delivering.claim(row.pk, now=later)
    assert epcis_delivering.run_on(again, clock=lambda: later, until=later + MINUTE) is True
    assert len(listener.calls) == 2
    with pytest.raises(epcis_delivering.CallFailed):
        epcis_delivering.reach(claimed, 0, now=row.next_at)
