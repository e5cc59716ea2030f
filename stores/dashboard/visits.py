"""Checking in at a store: scan or type its code, add the place if you like."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import Invalid
from stores.dashboard.access import signed_in, viewer
from stores.dashboard.forms import CheckInForm
from stores.models import Salesperson, User, Visit
from stores.services.visiting import NotASalesperson, check_in


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def new_visit(request: HttpRequest) -> HttpResponse:
    """The form, filled in with the code of the address; after a visit was noted, the store's page."""
    user = viewer(request)
    if not is_seller(user):
        raise NotASalesperson
    if request.method != "POST":
        return shown(request, CheckInForm(initial={"code": request.GET.get("code", "")[:200]}))
    form = CheckInForm(request.POST)
    visit = noted(user, form) if form.is_valid() else None
    if visit is None:
        return shown(request, form)
    messages.success(request, _("Your visit at %(store)s is noted.") % {"store": visit.store.name})
    return redirect("one-store", visit.store_id)


def noted(user: User, form: CheckInForm) -> Visit | None:
    """The visit; None where the service refused and the form says why."""
    try:
        return check_in(user=user, arrival=form.arrival(), now=clock.now())
    except Invalid as refusal:
        for field, reasons in refusal.fields.items():
            form.add_error(field if field in form.fields else None, reasons)
        return None


def is_seller(user: User) -> bool:
    """Whether the account is that of an active salesperson."""
    return Salesperson.objects.filter(user=user, is_active=True, brand=user.brand_id).exists()


def shown(request: HttpRequest, form: CheckInForm) -> HttpResponse:
    """The page; 422 where something in the form is wrong."""
    context: dict[str, Any] = {"form": form}
    return render(request, "stores/dashboard/check_in.html", context, status=422 if form.errors else 200)
