"""Pages of what a query finds, and events as they are told."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from django.db import connection

from codes.epcis.identifiers import canonical
from codes.epcis.moments import text_of
from codes.epcis.standard import CONTEXT_URL, SCHEMA_VERSION
from codes.epcis_query.asked import EVENT_TIME, RECORD_TIME, Probe, Query
from codes.epcis_query.entries import MOMENT_MARK
from codes.epcis_query.kinds import Kind
from codes.epcis_query.texts import JOINT, stored
from codes.models import EpcisEvent, EpcisFigure, EpcisTerm
from codes.selectors.epcis_search import Position, TooComplex, in_time, search

MOST_COUNTED = 100_000
MOST_SORTED = 10_000
"""Events that are ordered by a field of an extension."""
ORDERED = (EVENT_TIME, RECORD_TIME)
URN = "urn:epc:"
LISTS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
QUANTITIES = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
TYPED = {"bizTransactionList": "bizTransaction", "sourceList": "source", "destinationList": "destination"}
INSIDE = """
    WITH RECURSIVE inside(place) AS (
        SELECT unnest(%s::text[])
        UNION
        SELECT p.place FROM inside JOIN codes_epcisplace p ON p.brand_id = %s AND p.inside = inside.place
    )
    SELECT place FROM inside
"""


class TooLarge(Exception):  # noqa: N818 - says what became of the query
    """More events than the query's maxEventCount."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page: the keys of its events in order, and where the next page begins (JSON-ready; None: there is none)."""

    events: list[int]
    next_place: Any


def found(brand_id: int, query: Query, *, place: Any, per_page: int) -> Found:
    """The page that begins at `place` (None: the first).

    Raises:
        TooLarge, TooComplex: see there; the first only of a first page.
    """
    whole = with_places(brand_id, query)
    with in_time():
        if place is None and whole.most is not None:
            require_few(brand_id, whole)
        if whole.order not in ORDERED:
            return of_extension(brand_id, whole, place=place, per_page=per_page)
        return by_time(brand_id, whole, place=place, per_page=per_page)


def with_places(brand_id: int, query: Query) -> Query:
    """The query with places and what lies inside of them by master data, instead of places alone."""
    groups = list(query.groups)
    for kind, places in query.places:
        with connection.cursor() as cursor:
            cursor.execute(INSIDE, [list(places), brand_id])
            groups.append(tuple(Probe(kind, stored(one)) for (one,) in cursor.fetchall()))
    return replace(query, groups=tuple(groups), places=())


def require_few(brand_id: int, query: Query) -> None:
    """At most as many events as the query allows. Raises TooLarge."""
    most = min(query.most or 0, MOST_COUNTED)
    order = query if query.order in ORDERED else replace(query, order=EVENT_TIME)
    if len(search(brand_id, order, most=most + 1)) > most:
        raise TooLarge


def by_time(brand_id: int, query: Query, *, place: Any, per_page: int) -> Found:
    """A page in order of event or record time; `place` is [time, event, how many are still wanted]."""
    after = None if place is None else Position(dt.datetime.fromisoformat(place[0]), int(place[1]))
    left = query.count_limit if place is None else place[2]
    wanted = per_page if left is None else min(per_page, left)
    rows = search(brand_id, query, after=after, most=wanted + 1) if wanted else []
    page = rows[:wanted]
    left = None if left is None else left - len(page)
    more = len(rows) > wanted and left != 0
    last = [page[-1].at.isoformat(), page[-1].event, left] if more else None
    return Found([row.event for row in page], last)


def of_extension(brand_id: int, query: Query, *, place: Any, per_page: int) -> Found:
    """A page in order of a field of an extension; `place` is how many came before. Raises TooComplex."""
    rows = search(brand_id, replace(query, order=EVENT_TIME), most=MOST_SORTED + 1)
    if len(rows) > MOST_SORTED:
        raise TooComplex
    events = [row.event for row in rows]
    keys = sort_keys(brand_id, query.order, events)
    known = sorted((event for event in events if event in keys), key=keys.__getitem__, reverse=not query.is_ascending)
    whole = known + [event for event in events if event not in keys]
    end = len(whole) if query.count_limit is None else min(query.count_limit, len(whole))
    begin = int(place or 0)
    upto = min(begin + per_page, end)
    return Found(whole[begin:upto], upto if upto < end else None)


def sort_keys(brand_id: int, name: str, events: Sequence[int]) -> dict[int, tuple[int, Any]]:
    """What the events that have the field are ordered by: moments, then numbers, then texts."""
    keys: dict[int, tuple[int, Any]] = {}
    head = stored(name) + JOINT
    texts = EpcisTerm.objects.filter(brand_id=brand_id, kind=Kind.FIELD, value__gte=head, value__lt=head + "\U0010ffff")
    for event, value in texts.filter(event_id__in=events).values_list("event_id", "value"):
        keys[event] = (2, value.removeprefix(head))
    for rank, field in ((1, stored(name)), (0, stored(name + MOMENT_MARK))):
        figures = EpcisFigure.objects.filter(brand_id=brand_id, field=field, event_id__in=events)
        keys |= {event: (rank, value) for event, value in figures.values_list("event_id", "value")}
    return keys


def shown(events: Sequence[int], *, as_links: bool) -> list[dict[str, Any]]:
    """The events as JSON-LD, in this order, with the time of their record; EPC URNs `as_links`, or as they came."""
    rows = EpcisEvent.objects.filter(pk__in=events).values_list("pk", "document", "recorded_at")
    told = {pk: orjson.loads(document) | {"recordTime": text_of(at)} for pk, document, at in rows}
    return [linked(told[pk]) if as_links else told[pk] for pk in events]


def linked(event: dict[str, Any]) -> dict[str, Any]:
    """The event with EPC URNs as canonical Digital Links."""
    for name in LISTS:
        if name in event:
            event[name] = [link_of(epc) for epc in event[name]]
    for name in QUANTITIES:
        for one in event.get(name) or ():
            one["epcClass"] = link_of(one["epcClass"])
    for name, member in TYPED.items():
        for one in event.get(name) or ():
            one[member] = link_of(one[member])
    for name in ("readPoint", "bizLocation"):
        if name in event:
            event[name]["id"] = link_of(event[name]["id"])
    if "parentID" in event:
        event["parentID"] = link_of(event["parentID"])
    return event


def link_of(uri: str) -> str:
    """The Digital Link of an EPC URN; another URI as it is."""
    return canonical(uri) if uri.startswith(URN) else uri


def query_document(
    events: Sequence[dict[str, Any]], *, name: str = "SimpleEventQuery", subscription: str = "", now: dt.datetime
) -> dict[str, Any]:
    """The EPCISQueryDocument that tells these events."""
    results: dict[str, Any] = {"queryName": name, "resultsBody": {"eventList": list(events)}}
    if subscription:
        results["subscriptionID"] = subscription
    return {
        "@context": [CONTEXT_URL],
        "type": "EPCISQueryDocument",
        "schemaVersion": SCHEMA_VERSION,
        "creationDate": text_of(now),
        "epcisBody": {"queryResults": results},
    }
