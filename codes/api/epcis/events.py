"""Events: queried, told one by one, captured one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.response import Response

from codes.api.epcis.capture import location_of_event
from codes.api.epcis.frame import BadQueryParameter, EpcisView, LinkedDataRenderer, XmlRenderer
from codes.api.epcis.versions import CAPTURE_DISCOVERY, LINKS, epc_format, prefixes_of_headers
from codes.epcis.contexts import Prefixes
from codes.epcis.streams import document_of
from codes.epcis.xml_writing import UnwritableDocument, xml_of
from codes.epcis_query.asked import BadParameter, Group, Query
from codes.epcis_query.parameters import read_query
from codes.selectors.epcis_found import Found, TooLarge, found, query_document, shown
from codes.selectors.epcis_names import events_called
from codes.selectors.epcis_search import TooComplex
from codes.services.epcis_capturing import capture_one
from codes.services.epcis_rows import digest
from core import clock
from core.errors import NotFound, Problem
from core.json import JSONRenderer
from core.problems import NotAcceptable

PAGING = ("perPage", "nextPageToken")


class QueryTooLarge(Problem):
    code = "query_too_large"
    status = 413
    title = gettext_lazy("The query finds more events than its maxEventCount.")


class QueryTooComplex(Problem):
    code = "query_too_complex"
    status = 413
    title = gettext_lazy("The query takes too long. Narrow it down, by times for instance.")


class ToldEvents(EpcisView):
    """Whatever answers with events, in JSON-LD or XML."""

    renderer_classes = (JSONRenderer, LinkedDataRenderer, XmlRenderer)

    def told(self, events: Sequence[int], *, name: str = "SimpleEventQuery", headers: Any = None) -> Response:
        """A document of these events. Raises NotAcceptable: XML can't say what one of them says."""
        as_links = epc_format(self.request.headers) == LINKS
        document = query_document(shown(events, as_links=as_links), name=name, now=clock.now())
        if self.request.accepted_renderer.media_type != XmlRenderer.media_type:
            return Response(document, headers=headers)
        try:
            return Response(xml_of(document_of(document)), headers=headers)
        except UnwritableDocument as error:
            raise NotAcceptable(f"{error.fault.pointer}: {error.fault.message}") from error


class FoundEvents(ToldEvents):
    """Whatever answers with events that a query finds."""

    def asked(self) -> Query:
        """The query of the address. Raises BadQueryParameter."""
        given = {name: "|".join(values) for name, values in self.request.GET.lists() if name not in PAGING}
        return reading(given, prefixes_of_headers(self.request.headers))

    def answer(self, query: Query, *, name: str = "SimpleEventQuery") -> Response:
        """A page of what the query finds."""
        paging, now = self.paging(), clock.now()
        page = page_of(self.brand.pk, query, place=paging.place, per_page=paging.per_page)
        headers = {} if page.next_place is None else paging.next_headers(page.next_place, now=now)
        return self.told(page.events, name=name, headers=headers)


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


class EventView(ToldEvents):
    """One event, with the declarations that it is in error."""

    def find(self, event_id: str) -> list[int]:
        """The rows of that event. Raises NotFound."""
        rows = events_called(self.brand.pk, digest(event_id.encode("utf-8", "replace")))
        if not rows:
            raise NotFound(_("There is no event of this ID."))
        return rows

    def get(self, request: Any, event_id: str) -> Response:  # noqa: ARG002 - DRF's signature
        """The event and its error declarations."""
        return self.told(self.find(event_id))
