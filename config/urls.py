from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from oauth2_provider.views import TokenView

from config.health import healthz
from config.metrics import metrics

admin.autodiscover()
urlpatterns = [
    # looked through from above: what is asked most often stands first
    path("api/v1/", include("codes.api.urls_scans")),
    path("api/v1/", include("rewards.api.urls")),
    path("", include("config.pages.urls")),
    path("", include("codes.pages.urls")),
    path("", include("rewards.pages.urls")),
    path("dashboard/warehouse/", include("codes.dashboard.urls")),
    path("dashboard/redemptions/", include("rewards.dashboard.urls")),
    path("dashboard/", include("stores.dashboard.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("consumers.api.urls")),
    path("api/v1/", include("codes.api.urls_orders")),
    path("api/v1/", include("codes.api.urls_supply")),
    path("epcis", include("codes.api.epcis.urls")),
    path("api/v1/", include("codes.api.urls_cases")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(), name="api-docs"),
    path("oauth/token/", TokenView.as_view(), name="token"),
    path("webhooks/", include("rewards.api.urls_callbacks")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("", include("codes.pages.urls_compressed")),
]

handler404 = "config.pages.views.not_found"
handler500 = "config.pages.views.fault"
