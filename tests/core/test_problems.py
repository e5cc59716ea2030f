import json
from io import BytesIO
from types import MappingProxyType

import psycopg
import psycopg_pool
import pytest
import redis
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError, OperationalError
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from rest_framework import exceptions

from core.errors import Conflict, Invalid, Problem
from core.json import JSONParser, JSONRenderer, dumps
from core.problems import UnavailableMiddleware, document, exception_handler, flat, problem_of


class Stale(Conflict):
    code = "stale"
    title = "Too late."


def test_a_problem_document_names_code_fields_and_facts():
    body = document(Invalid("Mend it.", fields={"gtin": ["13 digits; 14 would be right"]}, first_serial=7))
    assert body == {
        "type": "/docs/problems#invalid",
        "title": "Some of what was sent is not valid.",
        "status": 400,
        "code": "invalid",
        "detail": "Mend it.",
        "retry": False,
        "fields": {"gtin": ["13 digits; 14 would be right"]},
        "first_serial": 7,
    }


def test_a_refusal_without_a_detail_says_its_title():
    assert document(Stale())["detail"] == "Too late."


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Stale(), 409, "stale"),
        (Http404(), 404, "not_found"),
        (PermissionDenied(), 403, "forbidden"),
        (exceptions.NotAuthenticated(), 401, "not_signed_in"),
        (exceptions.ParseError("bad"), 400, "not_json"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.NotAcceptable(), 406, "not_acceptable"),
        (exceptions.UnsupportedMediaType("text/xml"), 415, "unsupported_media_type"),
        (exceptions.Throttled(wait=3), 429, "too_many_requests"),
        (RequestDataTooBig(), 413, "too_large"),
        (OperationalError("gone"), 503, "unavailable"),
        (psycopg.errors.DiskFull("no space left"), 503, "unavailable"),
        (psycopg.errors.DeadlockDetected("deadlock"), 503, "unavailable"),
        (psycopg_pool.PoolTimeout("no connection"), 503, "unavailable"),
        (DataError("NUL"), 400, "invalid"),
        (redis.ConnectionError("gone"), 503, "unavailable"),
    ],
)
def test_each_known_fault_has_one_answer(error, status, code):
    answer = exception_handler(error, {})
    assert (answer.status_code, answer.data["code"]) == (status, code)


def test_an_unknown_fault_stays_a_fault():
    assert exception_handler(ValueError("surprise"), {}) is None
    assert problem_of(ValueError("surprise")) is None


def test_a_wait_is_told_in_the_header():
    assert exception_handler(exceptions.Throttled(wait=3), {})["Retry-After"] == "3"


def test_nested_field_errors_become_paths():
    detail = {"rows": [{}, {"first": ["wrong"]}], "name": ["empty"], "all": {"deep": ["x"]}}
    assert flat(detail) == {"rows[1].first": ["wrong"], "name": ["empty"], "all.deep": ["x"]}


def test_an_error_without_a_field_is_about_the_body():
    assert flat(["unreadable"]) == {"body": ["unreadable"]}
    assert flat("unreadable") == {"body": ["unreadable"]}


def middleware(error: Exception) -> UnavailableMiddleware:
    def view(request):
        raise error

    return UnavailableMiddleware(view)


def test_a_lost_database_is_503_for_programs():
    answer = middleware(OperationalError("gone"))(RequestFactory().get("/api/v1/me"))
    assert (answer.status_code, answer["Content-Type"], answer["Retry-After"]) == (503, "application/problem+json", "2")
    assert json.loads(answer.content)["retry"] is True


def test_a_lost_database_is_503_for_people():
    answer = middleware(OperationalError("gone"))(RequestFactory().get("/c/ABC"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert b"<html" in answer.content


def test_a_refusal_in_a_page_is_a_page_and_in_the_api_a_document():
    guard = UnavailableMiddleware(lambda _request: HttpResponse())
    assert b"<html" in guard.process_exception(RequestFactory().get("/wallet/"), Stale()).content
    assert (
        guard.process_exception(RequestFactory().get("/api/v1/x"), Stale())["Content-Type"]
        == "application/problem+json"
    )
    assert guard.process_exception(RequestFactory().get("/wallet/"), ValueError()) is None
    assert guard.process_exception(RequestFactory().get("/wallet/"), OperationalError()).status_code == 503


def test_json_knows_lazy_texts_and_refuses_what_has_no_form():
    assert (
        JSONRenderer().render({"t": Problem.title, 1: None})
        == b'{"t":"The request could not be carried out.","1":null}'
    )
    assert JSONRenderer().render(None) == b""
    with pytest.raises(TypeError):
        dumps(object())


def test_a_body_that_is_not_json_is_refused_and_an_empty_one_is_empty():
    assert JSONParser().parse(BytesIO(b"")) == {}
    assert JSONParser().parse(BytesIO(b'{"a": 1}')) == {"a": 1}
    with pytest.raises(exceptions.ParseError):
        JSONParser().parse(BytesIO(b"{nonsense"))


def test_any_mapping_becomes_a_json_object():
    assert dumps(MappingProxyType({"a": 1})) == b'{"a":1}'


def test_a_page_was_asked_for_something_that_the_database_does_not_take():
    guard = UnavailableMiddleware(lambda _request: HttpResponse())
    assert guard.process_exception(RequestFactory().get("/c/x"), DataError("NUL")).status_code == 400
