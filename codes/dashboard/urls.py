from django.urls import path

from codes.dashboard.deeds import DeedsView, DeliveryView, UnitView
from codes.dashboard.warehouse import service_worker, warehouse

urlpatterns = [
    path("", warehouse, name="warehouse"),
    path("worker.js", service_worker, name="warehouse-worker"),
    path("deeds", DeedsView.as_view(), name="warehouse-deeds"),
    path("unit", UnitView.as_view(), name="warehouse-unit"),
    path("delivery", DeliveryView.as_view(), name="warehouse-delivery"),
]
