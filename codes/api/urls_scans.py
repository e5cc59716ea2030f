from django.urls import path

from codes.api import scans

urlpatterns = [
    path("scans", scans.Scans.as_view(), name="scans"),
    path("scans/<uuid:scan_id>", scans.OneScan.as_view(), name="scan"),
]
