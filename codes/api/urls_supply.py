from django.urls import path

from codes.api.exceptions import ExceptionsView, SolutionsView
from codes.api.packing_lists import JudgementView, PackingListsView, RepackingsView, UnpackingsView
from codes.api.recalls import RecallDrillView, RecallListView
from codes.api.siblings import ReachedView, SiblingsView
from codes.api.supply import MovementsView, PackingsView, TraceView, UnitView

urlpatterns = [
    path("packings", PackingsView.as_view(), name="packings"),
    path("packing-lists", PackingListsView.as_view(), name="packing-lists"),
    path("packing-lists/judgement", JudgementView.as_view(), name="packing-list-judgement"),
    path("unpackings", UnpackingsView.as_view(), name="unpackings"),
    path("repackings", RepackingsView.as_view(), name="repackings"),
    path("movements", MovementsView.as_view(), name="movements"),
    path("movement-exceptions", ExceptionsView.as_view(), name="movement-exceptions"),
    path("movement-exceptions/<int:exception_id>/solutions", SolutionsView.as_view(), name="movement-solutions"),
    path("batches/<str:gtin>/<str:lot>/recall-drill", RecallDrillView.as_view(), name="recall-drill"),
    path("batches/<str:gtin>/<str:lot>/recall-drill.csv", RecallListView.as_view(), name="recall-list"),
    path("batches/<str:gtin>/<str:lot>/stores", ReachedView.as_view(), name="batch-stores"),
    path("units/<str:unit>/siblings", SiblingsView.as_view(), name="unit-siblings"),
    path("units/<str:unit>", UnitView.as_view(), name="unit"),
    path("units/<str:unit>/trace", TraceView.as_view(), name="unit-trace"),
]
