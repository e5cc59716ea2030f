"""One wrong field at a time, in what other systems and the warehouse's page send.

Never a fault of ours; a refusal names the field, and nothing is written by what was refused.
"""

import datetime as dt
import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from django.test import Client

from codes.ciphers import code_cipher
from codes.formats.code_text import Role
from codes.models import CaptureJob
from codes.services.epcis_capturing import capture_waiting
from codes.services.epcis_effects import take_down
from core import clock
from stores.models import WarehouseWorker
from tests.codes.epcis_rest.conftest import Repository, document
from tests.codes.epcis_rest.test_queries import CONTEXT, EVENTS, EXTENSIONS, QUERIES
from tests.factories.stores import StoreFactory, UserFactory
from tests.factories.supply import make_goods
from tests.faults.hostile import TEXTS, VALUES, paths_of, replaced
from tests.rows_kept import rows_kept

pytestmark = [pytest.mark.django_db, pytest.mark.faults]
HERE = '"@HERE@"'
NUMBERS = count()
Path = tuple[Any, ...]


@pytest.fixture(autouse=True)
def _unlimited(settings):
    settings.LIMIT_SCALE = 1e6


class Kept:
    """How many rows there are, and whether a refusal left it at that."""

    def __init__(self) -> None:
        self.known = rows_kept()

    def judged(self, answer: Any, told: object) -> dict[str, Any] | None:
        """The problem of a refusal; None of what was carried out."""
        assert answer.status_code < 500, told
        if answer.status_code < 400:
            self.known = rows_kept()
            return None
        problem: dict[str, Any] = json.loads(answer.content)
        assert problem["code"], told
        assert problem["title"], told
        return problem

    def check(self) -> None:
        """Nothing was written since the last request that was carried out."""
        assert rows_kept() == self.known


@pytest.fixture
def goods(db):
    return make_goods()


def wrong(body: Any, *, of: int, first: int = 0) -> Iterator[tuple[Path, str]]:
    """The body with one field wrong at a time, as JSON, and which; each field meets another part of the values.

    `first`: the turn of its first field, so that like bodies meet other parts.
    """
    for turn, path in enumerate(paths_of(body), first):
        text = json.dumps(replaced(body, path, "@HERE@"))
        for value in VALUES[turn % of :: of]:
            yield path, text.replace(HERE, value)
        # what is left out may be missed where it was, or beside it
        yield path[:-1] or path, json.dumps(replaced(body, path, None, leave_out=True))


def is_about(path: Path, named: str, between: str) -> bool:
    """Whether what a refusal names is the field, what it is in, or what is in it."""
    named = named.removesuffix(".non_field_errors")
    parts = [part.replace("~1", "/").replace("~0", "~") for part in named.strip(between).split(between) if part]
    return all(str(one) == other for one, other in zip(path, parts, strict=False))


def is_unreadable(problem: dict[str, Any]) -> bool:
    """Whether the body was no JSON at all, so that there was no field to name."""
    return problem["code"] == "not_json"


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event["eventID"][-1])
def test_a_document_with_one_wrong_field_is_refused_by_its_place_or_captured(goods, event):
    repository, kept = Repository(goods.brand), Kept()
    repository.raise_request_exception = False
    for path, sent in wrong(document(event, context=CONTEXT), of=24, first=5 * EVENTS.index(event)):
        answer = repository.post_json("capture", sent.encode())
        problem = kept.judged(answer, (path, sent[:300]))
        if problem is None or is_unreadable(problem) or "@context" in path:
            continue
        places = [fault["place"] for fault in problem["faults"]]
        assert any(is_about(path, place, "/") for place in places), f"{path} {sent} {problem}"
    kept.check()
    until = clock.now() + dt.timedelta(minutes=5)
    assert capture_waiting(clock=clock.now, until=until) is False
    assert take_down(clock=clock.now, until=until) is False
    jobs = CaptureJob.objects.all()
    assert {job.state for job in jobs} <= {"captured", "rejected"}
    assert {error["code"] for job in jobs for error in job.errors} <= {"event_exists"}


def test_a_query_with_a_hostile_value_answers_or_names_the_parameter(goods):
    repository, kept = Repository(goods.brand), Kept()
    repository.raise_request_exception = False
    asked = {**QUERIES, **dict.fromkeys(("orderBy", "eventCountLimit", "maxEventCount", "perPage", "nextPageToken"))}
    for turn, name in enumerate(asked):
        for text in TEXTS[turn % 8 :: 8]:
            problem = kept.judged(repository.ask("events", {name: text}, **EXTENSIONS), (name, text[:50]))
            if problem is None or problem["code"] == "address_too_long":
                continue
            assert (problem["code"], list(problem["fields"])) == ("bad_query_parameter", [name]), (name, text[:50])
    kept.check()


QUERY = {
    "name": "q",
    "query": {
        "@context": {"ex": "https://ex.example/ns/"},
        "eventType": ["ObjectEvent"],
        "GE_eventTime": "2026-01-01T00:00:00Z",
        "EQ_bizStep": ["shipping"],
        "EQ_quantity": [1, 2.5],
        "MATCH_epc": ["urn:epc:id:sgtin:0614141.107346.3"],
        "EQ_booleanValue": True,
        "EQ_ex:number": ["13"],
        "EXISTS_ilmd": True,
        "orderBy": "eventTime",
        "orderDirection": "ASC",
        "eventCountLimit": 3,
    },
}
SUBSCRIPTION = {
    "dest": "https://example.com/events",
    "signatureToken": "a secret of at least so many characters",
    "schedule": {"second": "0", "minute": "0/5", "hour": "[2-4]", "dayOfMonth": "1", "month": "1", "dayOfWeek": "1"},
    "reportIfEmpty": True,
    "initialRecordTime": "2026-01-01T00:00:00Z",
}


def test_named_queries_and_subscriptions_with_one_wrong_field_are_made_or_refused_by_its_name(goods):
    repository, kept = Repository(goods.brand), Kept()
    repository.raise_request_exception = False
    assert repository.post_json("queries", {"name": "told", "query": {}}).status_code == 201
    kept.known = rows_kept()
    for address, body in (("queries", QUERY), ("queries/told/subscriptions", SUBSCRIPTION)):
        for path, sent in wrong(body, of=9):
            answer = repository.post_json(address, sent.replace('"q"', f'"q{next(NUMBERS)}"').encode())
            problem = kept.judged(answer, (path, sent[:300]))
            if answer.status_code == 201 and address != "queries":
                assert repository.delete(answer["Location"]).status_code == 204
                kept.known = rows_kept()
            if problem is None or is_unreadable(problem) or "@context" in path:
                continue
            assert any(is_about(path, name, ".") for name in problem["fields"]), f"{path} {sent} {problem}"
    kept.check()


def deeds(goods) -> Iterator[dict[str, Any]]:
    """A shipment that was counted, and a packing, as the warehouse's page posts them."""
    encode = code_cipher().encode
    item, case = encode(Role.ITEM_OUTER, goods.item(0)), encode(Role.CASE_OUTER, goods.case(0))
    same = {"place": "brand", "happened_at": "2026-01-01T00:00:00Z", "reference": "r", "whole_delivery": False}
    yield same | {"kind": "return", "units": [{"code": case, "counted": None}], "other": "S1"}
    yield same | {"kind": "pack", "units": [{"code": item}], "parent": case}


def test_a_deed_with_one_wrong_field_is_done_or_refused_by_its_name(goods):
    StoreFactory(brand=goods.brand, number="S1")
    user = UserFactory(brand=goods.brand, is_staff=False)
    WarehouseWorker.objects.create(brand=goods.brand, user=user, name="仓管")
    client, address = Client(raise_request_exception=False), "/dashboard/warehouse/deeds"
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    kept = Kept()
    for body in deeds(goods):
        for path, sent in wrong(body, of=4):
            headers = {"Idempotency-Key": f"k{next(NUMBERS)}", "accept-language": "en"}
            answer = client.post(address, sent.encode(), content_type="application/json", headers=headers)
            problem = kept.judged(answer, (path, sent[:300]))
            if problem is None or is_unreadable(problem) or (problem["code"] == "forbidden" and path in FORBIDDING):
                continue
            assert any(is_about(path, name, ".") for name in problem["fields"]), f"{path} {sent} {problem}"
    kept.check()


FORBIDDING = {("place",), ("kind",)}
"""Where the account may not work, or not do this, is refused as such."""
