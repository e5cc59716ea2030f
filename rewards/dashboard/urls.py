from django.urls import path

from rewards.dashboard.counter import RedemptionsView, VouchersView
from rewards.dashboard.redemptions import redemptions, service_worker
from rewards.dashboard.statements import statement, statement_file

urlpatterns = [
    path("", redemptions, name="redemptions"),
    path("worker.js", service_worker, name="redemptions-worker"),
    path("vouchers", VouchersView.as_view(), name="redemptions-vouchers"),
    path("deeds", RedemptionsView.as_view(), name="redemptions-deeds"),
    path("statement/", statement, name="redemptions-statement"),
    path("statement/file", statement_file, name="redemptions-statement-file"),
]
