from django.urls import path

from codes.api.supply import MovementsView, PackingsView, TraceView, UnitView

urlpatterns = [
    path("packings", PackingsView.as_view(), name="packings"),
    path("movements", MovementsView.as_view(), name="movements"),
    path("units/<str:unit>", UnitView.as_view(), name="unit"),
    path("units/<str:unit>/trace", TraceView.as_view(), name="unit-trace"),
]
