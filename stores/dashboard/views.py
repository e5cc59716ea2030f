"""The salesperson's dashboard: own stores, and one store. Each page renders its live part alone when htmx asks."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stores.dashboard.access import signed_in, today_of, viewer
from stores.dashboard.charts import bar_chart, spark_points
from stores.dashboard.forms import SignInForm, wanted_of
from stores.dashboard.visits import is_seller
from stores.ladder import Step
from stores.links import links_for
from stores.models import Salesperson, Store, User
from stores.panels import Panel
from stores.selectors.overview import ORDERS, StorePage, Wanted, store_page, totals
from stores.selectors.ranking import Ranked, ranking
from stores.selectors.scope import stores_of
from stores.selectors.store_view import store_view

BEST = 5


class SignIn(LoginView):
    """Account and password; too many wrong tries lock the account for this address for a while (axes)."""

    template_name = "stores/dashboard/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


@require_safe
@never_cache
@signed_in
def own_stores(request: HttpRequest) -> HttpResponse:
    """The stores that the account may see, with their sums and today's rank.

    Who has no stores but another page of the dashboard is led there.
    """
    user, wanted = viewer(request), wanted_of(request.GET)
    today = today_of(user)
    stores = stores_of(user).filter(is_active=True)
    elsewhere = [] if user.is_staff or is_seller(user) or stores.exists() else links_for(user)
    if elsewhere:
        return redirect(elsewhere[0].address)
    page = store_page(stores, wanted, today=today)
    context = {
        "today": today,
        "wanted": wanted,
        "page": page,
        "lines": [(line, spark_points(line.trend)) for line in page.lines],
        "totals": totals(stores, today=today),
        "rank": rank_card(user, today_of(user)),
        "steps": list(Step),
        "orders": list(ORDERS),
        "is_seller": is_seller(user),
        **links(wanted, page),
    }
    if request.headers.get("HX-Request"):
        return render(request, "stores/dashboard/stores_live.html", context)
    return render(request, "stores/dashboard/stores.html", context | {"panels": overview_panels_of(user)})


def links(wanted: Wanted, page: StorePage) -> dict[str, str]:
    """Query strings of the page itself and of its neighbours; "" where there is none."""
    chosen: dict[str, Any] = {"q": wanted.query, "sort": wanted.order}
    if wanted.step is not None:
        chosen["step"] = int(wanted.step)

    def to(number: int) -> str:
        return "?" + urlencode(chosen | {"page": number}) if 1 <= number <= page.pages else ""

    return {"here": to(page.number), "before": to(page.number - 1), "after": to(page.number + 1)}


def rank_card(user: User, today: Any) -> dict[str, Any] | None:
    """The best of today and the viewer's own place; None for those who are not of the sales force or staff."""
    mine = Salesperson.objects.filter(user=user, is_active=True).first()
    if user.brand_id is None or (mine is None and not user.is_staff):
        return None
    ranked = ranking(user.brand_id, today=today)
    own: Ranked | None = next((each for each in ranked if mine and each.salesperson.pk == mine.pk), None)
    best = ranked[:BEST]
    return {"best": best, "own": own, "own_below": own is not None and own not in best, "people": len(ranked)}


@require_safe
@never_cache
@signed_in
def one_store(request: HttpRequest, store_id: int) -> HttpResponse:
    """One store. Somebody else's store is not there."""
    user = viewer(request)
    visible = stores_of(user).select_related("brand", "region", "owner", "dealer", "salesperson")
    store = get_object_or_404(visible, pk=store_id)
    view = store_view(store, today=today_of(user))
    context = {
        "store": store,
        "view": view,
        "chart": bar_chart([(day, figures.opened) for day, figures in view.days]),
        "panels": panels_of(request, store),
        "is_seller": is_seller(user),
        "steps": list(Step),
    }
    live = bool(request.headers.get("HX-Request"))
    return render(request, f"stores/dashboard/{'store_live' if live else 'store'}.html", context)


def panels_of(request: HttpRequest, store: Store) -> list[tuple[str, str]]:
    """Title and HTML of what the higher rooms have to show, in the order of the settings."""
    return drawn(import_string(path)(request, store) for path in settings.STORE_PANELS)


def overview_panels_of(user: User) -> list[tuple[str, str]]:
    """The same of the first page."""
    return drawn(import_string(path)(user) for path in settings.OVERVIEW_PANELS)


def drawn(panels: Iterable[Panel | None]) -> list[tuple[str, str]]:
    """Title and HTML of those that have something to show."""
    return [(panel.title, render_to_string(panel.template, dict(panel.context))) for panel in panels if panel]
