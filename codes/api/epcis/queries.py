"""Named queries."""

from typing import Any, ClassVar
from urllib.parse import quote

from django.utils.translation import gettext as _
from rest_framework.response import Response

from codes.api.epcis.events import PAGING, FoundEvents
from codes.api.epcis.frame import EpcisView
from codes.models import NamedQuery
from codes.services.epcis_queries import InvalidQuery, forget_query, name_query, query_of
from codes.services.epcis_subscribing import InvalidSubscription
from core import clock
from core.errors import NotFound
from core.idempotency import Answer

SOCKET = frozenset(
    {
        *("stream", "second", "minute", "hour", "dayOfMonth", "month", "dayOfWeek"),
        *("reportIfEmpty", "initialRecordTime"),
    }
)
"""Parameters of subscriptions over a WebSocket."""


class QueriesView(EpcisView):
    """The brand's named queries."""

    scopes: ClassVar = {"GET": "events", "POST": "events"}

    def get(self, request: Any) -> Response:  # noqa: ARG002 - DRF's signature
        """A page, in order of the names."""
        paging = self.paging()
        rows = NamedQuery.objects.filter(brand=self.brand, name__gt=str(paging.place or "")).order_by("name")
        page = list(rows[: paging.per_page + 1])
        more = len(page) > paging.per_page
        page = page[: paging.per_page]
        headers = paging.next_headers(page[-1].name, now=clock.now()) if more else {}
        return Response([answer_of_query(row) for row in page], headers=headers)

    def post(self, request: Any) -> Response:  # noqa: ARG002 - DRF's signature
        """Give a query a name."""
        body = self.json_sent()
        if not isinstance(body, dict):
            raise InvalidQuery(_("An object with name and query is wanted."))

        def work() -> Answer:
            row = name_query(
                brand=self.brand,
                name=body.get("name"),
                definition=body.get("query"),
                actor=self.actor,
                now=clock.now(),
            )
            return 201, answer_of_query(row)

        answer = self.once(work)
        answer["Location"] = location_of_query(answer.data["name"])
        return answer


class OfQuery(EpcisView):
    """What belongs to one named query."""

    def query(self, name: str) -> NamedQuery:
        """The brand's query of that name. Raises NotFound."""
        row = NamedQuery.objects.select_related("brand").filter(brand=self.brand, name=name.replace("\x00", "")).first()
        if row is None:
            raise NotFound(_("There is no query of this name."))
        return row

    def find(self, name: str) -> NamedQuery:
        """For OPTIONS. Raises NotFound."""
        return self.query(name)


class QueryView(OfQuery):
    """One named query."""

    scopes: ClassVar = {"GET": "events", "DELETE": "events"}

    def get(self, request: Any, name: str) -> Response:  # noqa: ARG002 - DRF's signature
        """Its definition."""
        return Response(answer_of_query(self.query(name)))

    def delete(self, request: Any, name: str) -> Response:  # noqa: ARG002 - DRF's signature
        """It goes, with the subscriptions to it."""
        forget_query(query=self.query(name), actor=self.actor, now=clock.now())
        return Response(status=204)


class QueryEventsView(OfQuery, FoundEvents):
    """What a named query finds."""

    def get(self, request: Any, name: str) -> Response:
        """A page of its events."""
        row = self.query(name)
        if SOCKET & set(request.GET) or "websocket" in request.headers.get("Upgrade", "").lower():
            raise InvalidSubscription(_("Subscribe by a webhook: POST to the query's subscriptions."))
        unknown = next((parameter for parameter in request.GET if parameter not in PAGING), None)
        if unknown is not None:
            raise InvalidSubscription(
                _("A named query takes no further parameters, such as %(name)s.") % {"name": unknown}
            )
        return self.answer(query_of(row.query), name=row.name)


def answer_of_query(row: NamedQuery) -> dict[str, Any]:
    """A query with its name."""
    return {"name": row.name, "query": row.query, "createdAt": row.created_at}


def location_of_query(name: str) -> str:
    """Where a query is found."""
    return f"/epcis/queries/{quote(name, safe='')}"
