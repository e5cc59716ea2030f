"""Subscriptions to named queries, by webhooks."""

from typing import Any, ClassVar

from rest_framework.response import Response

from codes.api.epcis.capture import find_by_uuid
from codes.api.epcis.queries import OfQuery, location_of_query
from codes.api.epcis.versions import epc_format
from codes.models import Subscription
from codes.services.epcis_subscribing import subscribe, unsubscribe, wanted
from core import clock
from core.idempotency import Answer


class SubscriptionsView(OfQuery):
    """The subscriptions to a query."""

    scopes: ClassVar = {"GET": "events", "POST": "events"}

    def get(self, request: Any, name: str) -> Response:  # noqa: ARG002 - DRF's signature
        """A page, oldest first."""
        paging = self.paging()
        rows = self.query(name).subscriptions.order_by("pk")
        if paging.place is not None:
            rows = rows.filter(pk__gt=paging.place)
        page = list(rows[: paging.per_page + 1])
        more = len(page) > paging.per_page
        page = page[: paging.per_page]
        headers = paging.next_headers(str(page[-1].pk), now=clock.now()) if more else {}
        return Response([answer_of_subscription(row) for row in page], headers=headers)

    def post(self, request: Any, name: str) -> Response:
        """Subscribe."""
        query = self.query(name)
        new = wanted(self.json_sent())
        form = epc_format(request.headers)

        def work() -> Answer:
            row = subscribe(query=query, new=new, epc_format=form, actor=self.actor, now=clock.now())
            return 201, answer_of_subscription(row)

        answer = self.once(work)
        path = f"{location_of_query(name)}/subscriptions/{answer.data['subscriptionID']}"
        answer["Location"] = self.request.build_absolute_uri(path)
        return answer


class SubscriptionView(OfQuery):
    """One subscription."""

    scopes: ClassVar = {"GET": "events", "DELETE": "events"}

    def one(self, name: str, pk: str) -> Subscription:
        """The subscription of that ID to that query. Raises NotFound."""
        rows = Subscription.objects.select_related("query__brand").filter(query=self.query(name))
        found: Subscription = find_by_uuid(rows, pk)
        return found

    def find(self, name: str, pk: str = "") -> Any:
        """For OPTIONS. Raises NotFound."""
        return self.one(name, pk)

    def get(self, request: Any, name: str, pk: str) -> Response:  # noqa: ARG002 - DRF's signature
        """How it stands."""
        return Response(answer_of_subscription(self.one(name, pk)))

    def delete(self, request: Any, name: str, pk: str) -> Response:  # noqa: ARG002 - DRF's signature
        """End it."""
        unsubscribe(subscription=self.one(name, pk), actor=self.actor, now=clock.now())
        return Response(status=204)


def answer_of_subscription(row: Subscription) -> dict[str, Any]:
    """A subscription; its secret is told to nobody."""
    told: dict[str, Any] = {
        "subscriptionID": str(row.pk),
        "queryName": row.query.name,
        "dest": row.dest,
        "createdAt": row.created_at,
        "epcFormat": row.epc_format,
        "minRecordTime": row.executed_at or row.initial_record_time or row.created_at,
        "state": row.state,
        "fault": row.fault,
        "attempts": row.attempts,
    }
    told |= {"stream": True} if row.is_stream else {"schedule": row.schedule, "reportIfEmpty": row.report_if_empty}
    moments = {"initialRecordTime": row.initial_record_time, "lastNotifiedAt": row.last_notified_at}
    return told | {name: at for name, at in moments.items() if at is not None}
