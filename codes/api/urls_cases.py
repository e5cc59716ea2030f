from django.urls import path

from codes.api.cases import CasesView, CaseView, ClosingsView, RemarksView, ShipmentSightingsView

urlpatterns = [
    path("cases", CasesView.as_view(), name="market-cases"),
    path("cases/<int:case_id>", CaseView.as_view(), name="market-case"),
    path("cases/<int:case_id>/remarks", RemarksView.as_view(), name="market-case-remarks"),
    path("cases/<int:case_id>/closings", ClosingsView.as_view(), name="market-case-closings"),
    path("movements/<int:movement_id>/sightings", ShipmentSightingsView.as_view(), name="movement-sightings"),
]
