"""What GS1 publishes with EPCIS 2.0, as shipped beside this module (`gs1/NOTICE.md`)."""

from functools import cache
from pathlib import Path
from typing import Any

import orjson

CONTEXT_URL = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
"""What our documents name as their context. `is_standard_context` knows the other addresses of the same."""
SCHEMA_VERSION = "2.0"
EVENT_TYPES = ("ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent")

_FOLDER = Path(__file__).with_name("gs1")
_STANDARD_PLACES = (
    "https://ref.gs1.org/standards/epcis/",
    "https://gs1.github.io/EPCIS/",
    "https://ref.gs1.org/epcis/",
)


def is_standard_context(context: object) -> bool:
    """Whether a context, or one in a list of them, is EPCIS's own."""
    if isinstance(context, list):
        return any(is_standard_context(one) for one in context)
    return isinstance(context, str) and context.startswith(_STANDARD_PLACES)


@cache
def schema() -> dict[str, Any]:
    """The JSON schema (draft 7) of documents, query documents and events."""
    return _read("EPCIS-JSON-Schema.json")


@cache
def query_schema() -> dict[str, Any]:
    """The JSON schema of a named query's definition."""
    return _read("query-schema.json")


@cache
def context() -> dict[str, Any]:
    """The terms of the JSON-LD context."""
    terms: dict[str, Any] = _read("epcis-context.jsonld")["@context"]
    return terms


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads((_FOLDER / name).read_bytes())
    return found
