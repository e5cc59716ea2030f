"""Events: queried, told one by one, captured one by one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.response import Response

from codes.api.epcis.capture import location_of_event
from codes.api.epcis.frame import BadQueryParameter, EpcisView
from codes.api.epcis.versions import CAPTURE_DISCOVERY, LINKS, epc_format, prefixes_of_headers
from codes.epcis.contexts import Prefixes
from codes.epcis_query.asked import BadParameter, Group, Query
from codes.epcis_query.parameters import read_query
from codes.selectors.epcis_found import Found, TooLarge, found, query_document, shown
from codes.selectors.epcis_names import events_called
from codes.selectors.epcis_search import TooComplex
from codes.services.epcis_capturing import capture_one
from codes.services.epcis_rows import digest
from core import clock
from core.errors import NotFound, Problem

PAGING = ("perPage", "nextPageToken")


class QueryTooLarge(Problem):
    code = "query_too_large"
    status = 413
    title = gettext_lazy("The query finds more events than its maxEventCount.")


class QueryTooComplex(Problem):
    code = "query_too_complex"
    status = 413
    title = gettext_lazy("The query takes too long. Narrow it down, by times for instance.")


class FoundEvents(EpcisView):
    """Whatever answers with events that a query finds."""

    def asked(self) -> Query:
        """The query of the address. Raises BadQueryParameter."""
        given = {name: "|".join(values) for name, values in self.request.GET.lists() if name not in PAGING}
        return reading(given, prefixes_of_headers(self.request.headers))

    def answer(self, query: Query, *, name: str = "SimpleEventQuery") -> Response:
        """A page of what the query finds."""
        paging, now = self.paging(), clock.now()
        page = page_of(self.brand.pk, query, place=paging.place, per_page=paging.per_page)
        events = shown(page.events, as_links=epc_format(self.request.headers) == LINKS)
        headers = {} if page.next_place is None else paging.next_headers(page.next_place, now=now)
        return Response(query_document(events, name=name, now=now), headers=headers)


def reading(parameters: Mapping[str, Any], prefixes: Prefixes) -> Query:
    """The query that parameters make. Raises BadQueryParameter."""
    try:
        return read_query(parameters, prefixes)
    except BadParameter as error:
        raise BadQueryParameter(f"{error.name}: {error}", fields={error.name: [str(error)]}) from error


def page_of(brand_id: int, query: Query, *, place: Any, per_page: int) -> Found:
    """A page of events. Raises QueryTooLarge, QueryTooComplex."""
    try:
        return found(brand_id, query, place=place, per_page=per_page)
    except TooLarge as error:
        raise QueryTooLarge from error
    except TooComplex as error:
        raise QueryTooComplex from error


def narrowed(query: Query, group: Group) -> Query:
    """The query, of these events alone."""
    return replace(query, groups=(*query.groups, group))


class EventsView(FoundEvents):
    """All events of the brand."""

    scopes: ClassVar = {"GET": "events", "POST": "capture"}
    discovery: ClassVar = CAPTURE_DISCOVERY

    def get(self, request: Any) -> Response:  # noqa: ARG002 - DRF's signature
        """What the query of the address finds, latest first unless it says otherwise."""
        return self.answer(self.asked())

    def post(self, request: Any) -> Response:  # noqa: ARG002 - DRF's signature
        """Capture one event at once. The same event again is no fault, and is kept once."""
        event = capture_one(brand=self.brand, event=self.json_sent(), actor=self.actor, now=clock.now())
        (told, *_more) = shown(events_called(self.brand.pk, event.key), as_links=False)
        return Response(told, status=201, headers={"Location": location_of_event(event.event_id)})


class EventView(EpcisView):
    """One event, with the declarations that it is in error."""

    def find(self, event_id: str) -> list[int]:
        """The rows of that event. Raises NotFound."""
        rows = events_called(self.brand.pk, digest(event_id.encode("utf-8", "replace")))
        if not rows:
            raise NotFound(_("There is no event of this ID."))
        return rows

    def get(self, request: Any, event_id: str) -> Response:
        """The event and its error declarations."""
        events = shown(self.find(event_id), as_links=epc_format(request.headers) == LINKS)
        return Response(query_document(events, now=clock.now()))
