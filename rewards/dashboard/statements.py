"""The owner's statement of redeemed vouchers and what they bring: a page, and the same as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.errors import NotFound
from core.forms import require_valid
from rewards.dashboard.forms import DaysForm
from rewards.downloads import table_answer
from rewards.selectors.redemption_rows import heading, payment_words, rows_of
from rewards.selectors.redemptions import Redeemed, counters_of, lines_of, totals_of
from stores.dashboard.access import signed_in, viewer
from stores.models import User

MOST_LINES = 200


def scope_of(user: User, form: DaysForm) -> Redeemed:
    """All stores of the owner, on the days of the form.

    Raises:
        NotFound: the account owns none.
    """
    stores = counters_of(user)
    if not stores or user.brand is None:
        raise NotFound
    chosen = form.cleaned_data if form.is_valid() else {}
    days = {name: chosen.get(name) for name in ("first", "last")}
    return Redeemed(brand=user.brand, store_ids=[store.pk for store in stores], **days)


@require_safe
@never_cache
@signed_in
def statement(request: HttpRequest) -> HttpResponse:
    """The newest lines of the chosen days, and their sum; the file has all of them."""
    form = DaysForm(request.GET)
    scope = scope_of(viewer(request), form)
    context: dict[str, Any] = {
        "form": form,
        "lines": [(line, payment_words(line)) for line in lines_of(scope)[:MOST_LINES]],
        "totals": totals_of(scope),
        "most": MOST_LINES,
        "query": request.GET.urlencode(),
    }
    return render(request, "rewards/dashboard/redemption_statement.html", context)


@require_safe
@never_cache
@signed_in
def statement_file(request: HttpRequest) -> HttpResponseBase:
    """The whole of it.

    Raises:
        Invalid: the days contradict each other.
        NotFound: the account owns no store.
    """
    form = DaysForm(request.GET)
    scope = scope_of(viewer(request), form)
    require_valid(form)
    asked = request.GET.get("format", "")
    return table_answer(heading(), rows_of(scope), name="redemptions", sheet=_("Redemptions"), form=asked)
