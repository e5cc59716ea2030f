import io

import pytest
import yaml
from django.core.management import call_command
from django.test import Client

pytestmark = pytest.mark.django_db
OURS = ("/api/v1/code-orders", "/api/v1/statements")


@pytest.fixture(scope="module")
def schema():
    out = io.StringIO()
    call_command("spectacular", "--validate", stdout=out)
    return yaml.safe_load(out.getvalue())


@pytest.fixture(scope="module")
def operations(schema):
    return [
        (path, method, operation)
        for path, methods in schema["paths"].items()
        if path.startswith(OURS)
        for method, operation in methods.items()
    ]


def test_every_operation_names_its_scope_and_its_refusals(operations):
    assert len(operations) > 15
    for path, _, operation in operations:
        assert operation["security"] in ([{"oauth2": ["codes"]}], [{"oauth2": ["review"]}]), path
        assert "application/problem+json" in operation["responses"]["401"]["content"], path


def test_every_post_takes_an_idempotency_key(operations):
    for path, method, operation in operations:
        names = [parameter["name"] for parameter in operation.get("parameters", [])]
        assert ("Idempotency-Key" in names) == (method == "post"), path


def test_the_token_comes_from_our_own_address(schema):
    flows = schema["components"]["securitySchemes"]["oauth2"]["flows"]
    assert flows["clientCredentials"]["tokenUrl"] == "/oauth/token/"
    assert "codes" in flows["clientCredentials"]["scopes"]


def test_the_schema_and_the_docs_are_served():
    assert Client().get("/api/schema/").status_code == 200
    assert b"swagger-ui" in Client().get("/api/docs/").content
