"""The page of a batch that tells what its recall would touch and whom to call, and the same as a table."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _g

from codes.handover import csv_of
from codes.models import Batch
from codes.selectors.recall_lists import recall_drill
from codes.services.recall_lists import take_recall_list
from core import clock
from core.errors import Forbidden, NotFound
from stores.admin.confirmed import actor_of

MOST_SHOWN = 500


def drill_page(page: Any, request: HttpRequest, batch_id: int) -> HttpResponse:
    """The counts; the first 500 places are shown."""
    batch = visible_batch(page, request, batch_id)
    drill = recall_drill(batch)
    facts = {"title": _g("Recall drill"), "opts": page.opts, "batch": batch, "drill": drill}
    facts["calls"] = drill.calls[:MOST_SHOWN]
    return TemplateResponse(request, "admin/codes/recall_drill.html", page.admin_site.each_context(request) | facts)


def drill_table(page: Any, request: HttpRequest, batch_id: int) -> HttpResponse:
    """All places as CSV; recorded, since it bears telephones."""
    batch = visible_batch(page, request, batch_id)
    return csv_of(take_recall_list(batch=batch, actor=actor_of(request), now=clock.now()))


def visible_batch(page: Any, request: HttpRequest, batch_id: int) -> Batch:
    """The batch, for whoever may see batches and movements of its brand.

    Raises:
        Forbidden: no such right.
        NotFound: no such batch, or another brand's.
    """
    if not (request.user.has_perm("codes.view_batch") and request.user.has_perm("codes.view_movement")):
        raise Forbidden
    batch: Batch | None = page.get_queryset(request).select_related("product__brand").filter(pk=batch_id).first()
    if batch is None:
        raise NotFound
    return batch
