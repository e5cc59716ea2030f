"""Queries that partners give a name."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import orjson
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from codes.epcis.contexts import prefixes_of
from codes.epcis.standard import CONTEXT_URL
from codes.epcis_query.asked import BadParameter, Query
from codes.epcis_query.parameters import read_query
from codes.models import NamedQuery
from core import audit
from core.errors import Conflict, Invalid
from stores.models import Brand
from stores.services.constraints import explaining

NAME = re.compile(r"[^/\x00-\x1f\x7f]{1,200}")
NUL = b"\\u0000"
MOST = 1_000
"""Of a brand."""


class InvalidQuery(Invalid):
    code = "invalid_query"
    title = gettext_lazy("This query is not right.")


class QueryExists(Conflict):
    code = "query_exists"
    title = gettext_lazy("A query of this name exists already.")


def query_of(definition: Mapping[str, Any]) -> Query:
    """What a definition asks for; its `@context` declares the prefixes of extensions. Raises InvalidQuery."""
    parameters = {name: value for name, value in definition.items() if name != "@context"}
    try:
        return read_query(parameters, prefixes_of(CONTEXT_URL, definition.get("@context")))
    except BadParameter as error:
        raise InvalidQuery(f"query/{error.name}: {error}", fields={f"query.{error.name}": [str(error)]}) from error


@transaction.atomic
def name_query(*, brand: Brand, name: Any, definition: Any, actor: str, now: dt.datetime) -> NamedQuery:
    """Give a query a name.

    Raises:
        InvalidQuery: a name that can't stand in an address, a definition that is none, or too many queries.
        QueryExists: the brand has one of this name.
    """
    if not isinstance(name, str) or not NAME.fullmatch(name) or name.strip() in ("", ".", ".."):
        raise InvalidQuery(fields={"name": [_("1 to 200 characters, no slash.")]})
    if not isinstance(definition, dict):
        raise InvalidQuery(fields={"query": [_("An object of parameters.")]})
    query_of(definition)
    if unkeepable := [key for key, value in definition.items() if NUL in orjson.dumps({key: value})]:
        raise InvalidQuery(fields={f"query.{key}": [_("Without the character NUL.")] for key in unkeepable})
    if NamedQuery.objects.filter(brand=brand).count() >= MOST:
        raise InvalidQuery(_("At most %(most)d queries.") % {"most": MOST})
    with explaining({"named_query_once": QueryExists}):
        row = NamedQuery.objects.create(brand=brand, name=name, query=definition, created_by=actor, created_at=now)
        told = {"name": name, "query": definition}
        audit.record(actor=actor, action="epcis_query.name", subject=row, at=now, brand_slug=brand.slug, after=told)
    return row


@transaction.atomic
def forget_query(*, query: NamedQuery, actor: str, now: dt.datetime) -> None:
    """Delete a query with all subscriptions to it."""
    told = {
        "name": query.name,
        "query": query.query,
        "subscriptions": [str(pk) for pk in query.subscriptions.values_list("pk", flat=True)],
    }
    audit.record(
        actor=actor, action="epcis_query.forget", subject=query, at=now, brand_slug=query.brand.slug, before=told
    )
    query.delete()
