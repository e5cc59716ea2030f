import datetime as dt
import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db.models import Max
from django.utils import timezone

from codes.epcis_query.schedule import BadSchedule, next_time, read_schedule
from codes.models import EpcisEvent, NamedQuery, Subscription
from codes.services.destinations import DestinationRefused, NotReached, check_form, resolve
from codes.services.epcis_delivering import deliver_due
from codes.services.epcis_subscribing import settled_xid
from core.models import AuditEntry
from tests.codes.epcis_rest.conftest import Repository, document, event
from tests.factories.stores import BrandFactory

pytestmark = pytest.mark.django_db(transaction=True)
NOBODY_ELSE_WRITES = pytest.mark.alone  # a stream waits for every transaction of the server that has written
SHIPPING = {"name": "shipped", "query": {"EQ_bizStep": ["shipping"], "eventType": ["ObjectEvent"]}}


class Listener:
    """A destination on the loopback that answers with the statuses it is given, the last one for good."""

    def __init__(self):
        self.calls, self.statuses = [], [200]
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.calls.append((self.headers, body))
                status = listener.statuses.pop(0) if len(listener.statuses) > 1 else listener.statuses[0]
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_args):
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?a=b"

    def events(self):
        return [
            [one["eventID"] for one in json.loads(body)["epcisBody"]["queryResults"]["resultsBody"]["eventList"]]
            for _headers, body in self.calls
        ]


@pytest.fixture
def listener():
    listener = Listener()
    thread = threading.Thread(target=listener.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield listener
    listener.server.shutdown()
    thread.join()
    listener.server.server_close()


@pytest.fixture
def named(repository):
    assert repository.post_json("queries", SHIPPING).status_code == 201
    return repository


def deliver(now=None):
    settle()
    at = now or timezone.now()
    return deliver_due(clock=lambda: at, until=at + dt.timedelta(minutes=1))


def settle():
    """Wait for all transactions of the server, of other databases too, that began before the last event."""
    last = EpcisEvent.objects.aggregate(last=Max("written_xid"))["last"] or 0
    end = time.monotonic() + 75
    while settled_xid() <= last:
        assert time.monotonic() < end
        time.sleep(0.05)


def subscribe(repository, listener, **facts):
    body = {"dest": listener.url, "stream": True} | facts
    if "schedule" in body:
        del body["stream"]
    return repository.post_json("queries/shipped/subscriptions", body)


def test_a_query_is_named_listed_run_and_deleted_and_each_change_is_audited(repository):
    made = repository.post_json("queries", SHIPPING)
    assert (made.status_code, made["Location"]) == (201, "/epcis/queries/shipped")
    assert repository.get(made["Location"]).json()["query"] == SHIPPING["query"]
    assert [row["name"] for row in repository.ask("queries").json()] == ["shipped"]
    repository.capture(document(event(1, bizStep="shipping"), event(2, bizStep="receiving")))
    assert repository.ids(path="queries/shipped/events") == [event(1)["eventID"]]
    assert repository.ask("queries/shipped/events").json()["epcisBody"]["queryResults"]["queryName"] == "shipped"
    assert Repository(BrandFactory()).ask("queries/shipped").status_code == 404
    again = repository.post_json("queries", SHIPPING)
    assert (again.status_code, again.json()["code"]) == (409, "query_exists")
    assert repository.delete("/epcis/queries/shipped").status_code == 204
    assert repository.delete("/epcis/queries/shipped").status_code == 404
    actions = AuditEntry.objects.filter(action__startswith="epcis_query").order_by("id")
    assert list(actions.values_list("action", "actor")) == [
        ("epcis_query.name", repository.actor),
        ("epcis_query.forget", repository.actor),
    ]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"name": "x"},
        {"name": "a/b", "query": {}},
        {"name": "..", "query": {}},
        {"name": "x" * 201, "query": {}},
        {"name": "x", "query": []},
        {"name": "x", "query": {"unheard": 1}},
        {"name": "x", "query": {"EQ_action": "LOOK"}},
        {"name": "x", "query": {"EQ_readPoint": []}},
        {"name": "x", "query": {"EQ_readPoint": {"a": 1}}},
        {"name": "x", "query": {"GE_quantity": True}},
        {"name": "x", "query": {"EQ_stringValue": [None]}},
        {"name": "x", "query": {"EQ_stringValue": ["a\x00b"]}},
    ],
)
def test_a_query_that_is_not_right_gets_no_name(repository, body):
    answer = repository.post_json("queries", body)
    assert (answer.status_code, answer.json()["type"]) == (400, "epcisException:QueryValidationException")


def test_a_named_query_declares_the_prefixes_of_its_extensions(repository):
    context = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": "https://ex.example/"}]
    repository.capture(document(event(1) | {"ex:n": 7}, event(2) | {"ex:n": 3}, context=context))
    definition = {"@context": {"my": "https://ex.example/"}, "GT_my:n": 5, "EXISTS_my:n": None}
    assert repository.post_json("queries", {"name": "big", "query": definition}).status_code == 201
    assert repository.ids(path="queries/big/events") == [event(1)["eventID"]]
    assert repository.ask("queries/big/events", {"stream": "true"}).status_code == 400
    assert repository.ask("queries/big/events", {"EQ_action": "ADD"}).status_code == 400


@NOBODY_ELSE_WRITES
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


@NOBODY_ELSE_WRITES
def test_events_from_a_time_of_record_on_are_told_first(named, listener):
    named.capture(document(event(0, bizStep="shipping")))
    subscribe(named, listener, initialRecordTime="2020-01-01T00:00:00Z")
    subscribe(named, listener, initialRecordTime="2100-01-01T00:00:00Z")
    deliver()
    assert listener.events() == [[event(0)["eventID"]]]


@NOBODY_ELSE_WRITES
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


@NOBODY_ELSE_WRITES
def test_a_destination_that_is_away_is_a_failed_call(named, listener):
    dest = listener.url.replace("127.0.0.1", "localhost").replace(str(listener.server.server_port), "1")
    subscribe(named, listener, dest=dest)
    named.capture(document(event(1, bizStep="shipping")))
    deliver()
    assert Subscription.objects.get().fault.startswith("ConnectionRefusedError")


@NOBODY_ELSE_WRITES
def test_events_that_are_too_much_for_a_destination_are_told_in_halves(named, listener):
    subscribe(named, listener)
    named.capture(document(*(event(n, bizStep="shipping") for n in range(4))))
    listener.statuses = [413, 200]
    deliver()
    assert [len(events) for events in listener.events()] == [4, 2, 2]


@NOBODY_ELSE_WRITES
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


def test_subscriptions_are_listed_and_end_with_their_query_or_by_themselves(named, listener):
    first, second = (subscribe(named, listener).json()["subscriptionID"] for _ in range(2))
    path = "queries/shipped/subscriptions"
    page = named.ask(path, {"perPage": "1"})
    rest = named.get(page["Link"].partition(">")[0][1:])
    assert [row["subscriptionID"] for row in page.json() + rest.json()] == [first, second]
    assert named.delete(f"/epcis/{path}/{first}").status_code == 204
    assert named.ask(f"{path}/{first}").status_code == 404
    assert named.ask(f"{path}/x").status_code == 404
    assert named.options(f"/epcis/{path}/{second}").status_code == 204
    assert AuditEntry.objects.filter(action__startswith="epcis_subscription").count() == 3
    named.delete("/epcis/queries/shipped")
    assert not Subscription.objects.exists()
    assert not NamedQuery.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"dest": 5},
        {"dest": "nonsense"},
        {"dest": "ftp://example.org/"},
        {"dest": "https://user@example.org/"},
        {"dest": "https://example.org:port/"},
        {"stream": False},
        {"stream": "yes"},
        {"schedule": {}},
        {"schedule": []},
        {"schedule": {"minute": "60"}},
        {"schedule": {"dayOfMonth": "31", "month": "2"}},
        {"schedule": {"fortnight": "1"}},
        {"signatureToken": 5},
        {"reportIfEmpty": "yes"},
        {"initialRecordTime": "yesterday"},
    ],
)
def test_a_subscription_that_is_not_right_is_refused(named, listener, facts):
    answer = subscribe(named, listener, **facts)
    assert (answer.status_code, answer.json()["type"]) == (400, "epcisException:SubscriptionControlsException")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://127.0.0.1/",
        "https://10.1.2.3/x",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[fd00::1]/",
        "https://224.0.0.1/",
        "https://0.0.0.0/",
        "https://localhost/",
    ],
)
def test_outside_the_demo_our_own_network_is_never_called(settings, url):
    settings.PRIVATE_DESTINATIONS = False
    with pytest.raises(DestinationRefused):
        resolve(url)


def test_outside_the_demo_a_public_address_may_be_called(settings):
    settings.PRIVATE_DESTINATIONS = False
    assert check_form("https://example.org/hook?x=1").hostname == "example.org"
    assert resolve("https://1.1.1.1:8443/").port == 8443
    with pytest.raises(NotReached):
        resolve("https://nowhere.invalid/")


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ({"hour": "1", "minute": "5"}, "2026-03-02T01:05:00"),
        ({"second": "0/30"}, "2026-03-01T12:30:30"),
        ({"hour": "[2-4],23"}, "2026-03-01T23:00:00"),
        ({"dayOfWeek": "1", "hour": 8}, "2026-03-02T08:00:00"),
        ({"dayOfMonth": "29", "month": "2"}, "2028-02-29T00:00:00"),
    ],
)
def test_a_schedule_comes_by_the_clocks_of_the_brand(schedule, expected):
    noon = dt.datetime.fromisoformat("2026-03-01T12:30:00+08:00")
    if "month" in schedule:
        schedule |= {"hour": "0"}
    found = next_time(read_schedule(schedule), noon, "Asia/Shanghai")
    assert found == dt.datetime.fromisoformat(f"{expected}+08:00")


@pytest.mark.parametrize("text", ["", "x", "5-", True, None, "7-3", "70/5"])
def test_a_schedule_of_other_texts_is_none(text):
    with pytest.raises(BadSchedule):
        read_schedule({"second": text})
