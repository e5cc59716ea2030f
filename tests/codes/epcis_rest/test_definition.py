"""GS1's own definition of the REST bindings, as fuzzed by schemathesis against our answers."""

import io
import json

import hypothesis
import orjson
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.codes.epcis_rest.conftest import EXAMPLES, Repository, document, event
from tests.conftest import kept_for_the_module
from tests.factories.stores import BrandFactory

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
PROBLEM = {"$ref": "#/components/schemas/RFC7807ProblemResponseBody"}
ANY_PROBLEM = {"description": "A refusal.", "content": {"application/problem+json": {"schema": PROBLEM}}}
SCHEDULE_FIELDS = ("Second", "Minute", "Hour", "DayOfMonth", "Month", "DayOfWeek")


def mended():
    """The definition without what contradicts itself or the standard; docs/epcis.md tells each of these."""
    whole = json.loads((EXAMPLES / "openapi.json").read_text())
    shapes, answers = whole["components"]["schemas"], whole["components"]["responses"]
    whole["servers"] = [{"url": "/epcis"}]
    for field in SCHEDULE_FIELDS:
        del shapes[f"GS1-Query-{field}"]["pattern"]  # of a dialect that JSON Schema has not; it allows 0, 5 and 9 alone
    del shapes["Link"]["format"]  # a header Link holds a URI in angle brackets, as its example has it
    for name in ("BizStep", "Disposition"):
        del whole["components"]["parameters"][name]["schema"]["format"]  # standard words stand bare, as in its example
    answers["409ResourceAlreadyExistsException"] = ANY_PROBLEM  # its `status` must be 406
    answers["415UnsupportedMediaType"] = ANY_PROBLEM  # its type is misspelt
    answers["404ResourceNotFound"] = ANY_PROBLEM  # its example is not of its schema
    shapes["CaptureJob"]["allOf"][1]["oneOf"][0]["required"] = ["errors"]  # else each job is of both kinds, so of none
    shapes["CaptureJob"]["allOf"][1]["oneOf"][1]["required"] = ["errorFile"]
    shapes["AbstractQuerySubscription"]["required"] = ["dest"]  # there is no `secret`, it is called signatureToken
    one_query = whole["paths"]["/queries/{queryName}"]["get"]["responses"]["200"]["content"]["application/json"]
    one_query["schema"] = {"$ref": "#/components/schemas/QueryDefinition"}  # an array, unlike its example
    for path in whole["paths"].values():
        for method, operation in path.items():
            if method in ("get", "post", "delete", "options"):
                # parameters that are not right are a QueryParameterException, says the standard; few paths know 400
                operation["responses"]["400"] = ANY_PROBLEM
                operation["responses"].setdefault("413", ANY_PROBLEM)
                operation["responses"].setdefault("404", ANY_PROBLEM)
    return whole


class Site:
    """Our application, with the definition at an address of its own."""

    def __init__(self):
        self.application, self.definition = get_wsgi_application(), orjson.dumps(mended())

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] == "/definition.json":
            start_response("200 OK", [("Content-Type", "application/json")])
            return io.BytesIO(self.definition)
        return self.application(environ, start_response)


SCHEMA = schemathesis.openapi.from_wsgi("/definition.json", Site())
OPERATIONS = {operation.label: operation for operation in (found.ok() for found in SCHEMA.get_all_operations())}
SETTINGS = hypothesis.settings(
    max_examples=3,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def captured(django_db_setup, django_db_blocker):
    """A partner with two captured events, which stay for all operations."""
    with kept_for_the_module(django_db_blocker):
        repository = Repository(BrandFactory())
        repository.capture(document(event(1, bizStep="shipping"), event(2, bizStep="receiving")))
        yield repository


@pytest.fixture
def repository(captured, db):
    """Requests run inside of the test's transaction, as those of Django's own client do."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield captured
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize("label", OPERATIONS)
def test_no_answer_breaks_the_definition(repository, label):
    token = repository.defaults["HTTP_AUTHORIZATION"]

    @SETTINGS
    @hypothesis.given(OPERATIONS[label].as_strategy())
    def asks(case):
        case.validate_response(case.call(headers={"Authorization": token}), checks=CHECKS)

    asks()
