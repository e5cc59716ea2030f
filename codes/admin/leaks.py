"""The page that tells whose print files are abused, and the same as a table."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from codes.handover import csv_of
from codes.selectors.leaks import leak_report
from codes.services.leak_lists import take_leak_list
from core.errors import Forbidden, NotFound
from stores.admin.confirmed import signed
from stores.models import Brand
from stores.selectors.rights import sees_all_brands

WORDS = {
    "scan_order": _("scanned in printing order"),
    "before_shipping": _("scanned before shipping"),
    "before_activation": _("scanned before activation"),
}


def leaks_page(page: Any, request: HttpRequest) -> HttpResponse:
    """The report of one brand; the platform's people choose which."""
    brand = brand_of(request)
    report = leak_report(brand.pk)
    facts = {
        "title": _g("Leaked print files"),
        "opts": page.opts,
        "brand": brand,
        "brands": Brand.objects.order_by("name") if sees_all_brands(request.user) else [],
        "report": report,
        "percent": round(report.threshold * 100),
        "found": [(one, [WORDS[alarm] for alarm in one.alarms]) for one in report.findings],
    }
    return TemplateResponse(request, "admin/codes/leaks.html", page.admin_site.each_context(request) | facts)


def leaks_table(request: HttpRequest) -> HttpResponse:
    """The same as CSV; recorded."""
    return csv_of(take_leak_list(brand=brand_of(request), **signed(request)), "leaks.csv")


def brand_of(request: HttpRequest) -> Brand:
    """The asking person's brand, or the one that the platform's person chose (else the first).

    Raises:
        Forbidden: no right to see downloads.
        NotFound: there is no such brand.
    """
    user: Any = request.user
    if not user.has_perm("codes.view_download"):
        raise Forbidden
    brands = Brand.objects.order_by("pk")
    if not sees_all_brands(user):
        brands = brands.filter(pk=user.brand_id)
    elif request.GET.get("brand"):
        brands = brands.filter(slug=request.GET["brand"])
    brand = brands.first()
    if brand is None:
        raise NotFound
    return brand
