import datetime as dt
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import orjson
import pytest

from codes.models import Subscription
from codes.services.epcis_capturing import capture_waiting
from core import clock
from tests.codes.api.partners import Partner
from tests.factories.stores import BrandFactory

EXAMPLES = Path(__file__).resolve().parents[2] / "data" / "epcis"
CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
SHIPPING = {"name": "shipped", "query": {"EQ_bizStep": ["shipping"], "eventType": ["ObjectEvent"]}}


class Repository(Partner):
    """A partner that captures and queries."""

    def __init__(self, brand, scopes=("capture", "events")):
        super().__init__(brand, scopes=scopes)

    def post_json(self, path, body, **headers):
        data = body if isinstance(body, bytes) else orjson.dumps(body)
        return self.post(f"/epcis/{path}", data, content_type="application/ld+json", headers=headers)

    def ask(self, path, parameters=None, **headers):
        return self.get(f"/epcis/{path}", parameters or {}, headers=headers)

    def capture(self, body, **headers):
        """Send a document and have it captured; the job as it is then told."""
        sent = self.post_json("capture", body, **headers)
        assert sent.status_code == 202, sent.content
        assert capture_waiting(clock=clock.now, until=clock.now() + dt.timedelta(minutes=5)) is False
        return self.get(sent["Location"]).json()

    def events(self, parameters=None, path="events", **headers):
        answer = self.ask(path, parameters, **headers)
        assert answer.status_code == 200, answer.content
        return answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]

    def ids(self, parameters=None, path="events"):
        return [event["eventID"] for event in self.events(parameters, path)]


def event(number=0, **facts):
    """An ObjectEvent; each number is an hour later than the one before."""
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=number)
    return {
        "eventID": f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "eventTime": at.isoformat(),
        "eventTimeZoneOffset": "+08:00",
        "epcList": [f"urn:epc:id:sgtin:0614141.107346.{number}"],
    } | facts


def document(*events, context=CONTEXT, **header):
    return {
        "@context": context,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-01T00:00:00Z",
        "epcisBody": {"eventList": list(events)},
    } | header


def example(name):
    return json.loads((EXAMPLES / name).read_text())


@pytest.fixture
def repository():
    return Repository(BrandFactory())


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


def subscribe(repository, listener, **facts):
    body = {"dest": listener.url, "stream": True} | facts
    if "schedule" in body:
        del body["stream"]
    return repository.post_json("queries/shipped/subscriptions", body)


def subscribed(named, listener):
    named.post_json("queries/shipped/subscriptions", {"dest": listener.url, "schedule": {"minute": "0"}})
    return Subscription.objects.get()
