from django.urls import re_path

from codes.pages.views import scan_page

urlpatterns = [
    re_path(r"^[cC]/(?P<code>[^/]+)/?$", scan_page, name="scan-page"),
    re_path(r"^01/(?P<gtin>\d{8,14})(?:/(?:22|10)/[^/]+)*/21/(?P<code>[^/]+)/?$", scan_page, name="digital-link-page"),
]
