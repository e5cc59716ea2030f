"""Addresses of our own. Those of Digital Links, /01/… and the like, are answered by `codes.pages.middleware`."""

from django.urls import path, re_path

from codes.pages.product import product_page
from codes.pages.resolver import description
from codes.pages.sharing import share_link
from codes.pages.views import scan_page

urlpatterns = [
    re_path(r"^[cC]/(?P<code>[^/]+)/?$", scan_page, name="scan-page"),
    re_path(r"^via/(?P<text>[0-9A-Za-z_-]{1,40})/?$", share_link, name="share-link"),
    path("products/<str:gtin>", product_page, name="product-page"),
    path(".well-known/gs1resolver", description, name="resolver-description"),
]
