from typing import Any

from django.urls import path

from codes.api.epcis.capture import CaptureJobView, CaptureView
from codes.api.epcis.events import EventsView, EventView
from codes.api.epcis.queries import QueriesView, QueryEventsView, QueryView
from codes.api.epcis.resources import SORTS, Named, NameEventsView, NamesView, NameView, TokenView, TopView
from codes.api.epcis.subscriptions import SubscriptionsView, SubscriptionView


def of_sort(sort: type[Named], view: type[Any]) -> Any:
    """The view for one sort of names."""
    made: Any = type(f"{sort.__name__}{view.__name__}", (sort, view), {"__doc__": view.__doc__})
    return made.as_view()


urlpatterns = [
    path("", TopView.as_view(), name="epcis-bare"),
    path("/", TopView.as_view(), name="epcis"),
    path("/capture", CaptureView.as_view(), name="epcis-capture"),
    path("/capture/<str:job_id>", CaptureJobView.as_view(), name="epcis-capture-job"),
    path("/events", EventsView.as_view(), name="epcis-events"),
    path("/events/<path:event_id>", EventView.as_view(), name="epcis-event"),
    path("/queries", QueriesView.as_view(), name="epcis-queries"),
    path("/queries/<str:name>", QueryView.as_view(), name="epcis-query"),
    path("/queries/<str:name>/events", QueryEventsView.as_view(), name="epcis-query-events"),
    path("/queries/<str:name>/subscriptions", SubscriptionsView.as_view(), name="epcis-subscriptions"),
    path("/queries/<str:name>/subscriptions/<str:pk>", SubscriptionView.as_view(), name="epcis-subscription"),
    path("/nextPageToken/<str:token>", TokenView.as_view(), name="epcis-token"),
]
for name, sort in SORTS.items():
    urlpatterns += [
        path(f"/{name}", of_sort(sort, NamesView), name=f"epcis-{name}"),
        path(f"/{name}/<path:name>/events", of_sort(sort, NameEventsView), name=f"epcis-{name}-events"),
        path(f"/{name}/<path:name>", of_sort(sort, NameView), name=f"epcis-{name}-one"),
    ]
