"""The page of a movement that tells how much of it was scanned where."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _g

from codes.models import Movement
from codes.selectors.shipment_places import shipment_view
from core.errors import Forbidden, NotFound
from stores.admin.scoped import scoped_to


def shipment_page(page: Any, request: HttpRequest, movement_id: int) -> HttpResponse:
    """For whoever may see movements and market cases of its brand.

    Raises:
        Forbidden: no such right.
        NotFound: no such movement, or another brand's.
    """
    if not (request.user.has_perm("codes.view_movement") and request.user.has_perm("codes.view_marketcase")):
        raise Forbidden
    rows = scoped_to(request.user, Movement.objects.select_related("dealer", "store"), "brand")
    movement: Movement | None = rows.filter(pk=movement_id).first()
    if movement is None:
        raise NotFound
    facts = {"title": _g("Seen where"), "opts": page.opts, "movement": movement, "view": shipment_view(movement)}
    return TemplateResponse(request, "admin/codes/shipment_places.html", page.admin_site.each_context(request) | facts)
