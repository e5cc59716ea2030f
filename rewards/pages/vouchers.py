"""The consumer's vouchers: the list, one with the code that a store scans, and what the code says to others."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from codes.printing.qr import render_svg
from consumers.session import consumer_of, require_consumer
from core import clock
from rewards.pages.views import cursor_of
from rewards.selectors.redemptions import counters_of
from rewards.selectors.vouchers import bound_store, own_voucher, own_vouchers, scan_path
from rewards.voucher_codes import voucher_code_in
from stores.models import User

PAGE_LENGTH = 20


@never_cache
@require_safe
def vouchers(request: HttpRequest) -> HttpResponse:
    """All of them, newest first; who is not signed in is led to the wallet, which offers it."""
    consumer = consumer_of(request)
    if consumer is None:
        return redirect("wallet")
    before = cursor_of(request.GET.get("before", ""))
    own = own_vouchers(consumer).order_by("-pk")
    page = list((own if before is None else own.filter(pk__lt=before))[: PAGE_LENGTH + 1])
    older = page[PAGE_LENGTH - 1].pk if len(page) > PAGE_LENGTH else None
    now = clock.now()
    shown = [(voucher, voucher.state_at(now)) for voucher in page[:PAGE_LENGTH]]
    return render(request, "rewards/pages/vouchers.html", {"vouchers": shown, "older": older, "before": before})


@never_cache
@require_safe
def voucher(request: HttpRequest, voucher_id: UUID) -> HttpResponse:
    """One voucher; alone its living part, where the page asks for it again while a store scans.

    Raises:
        NotSignedIn, NotFound: it is nobody's, or somebody else's.
    """
    found = own_voucher(require_consumer(request), voucher_id)
    context = {"voucher": found, "state": found.state_at(clock.now()), "store": bound_store(found)}
    live = bool(request.headers.get("HX-Request"))
    return render(request, f"rewards/pages/{'voucher_card' if live else 'voucher'}.html", context)


@never_cache
@require_safe
def voucher_qr(request: HttpRequest, voucher_id: UUID) -> HttpResponse:
    """The voucher's QR code.

    Raises:
        NotSignedIn, NotFound: as `voucher`.
    """
    found = own_voucher(require_consumer(request), voucher_id)
    return HttpResponse(render_svg(settings.PUBLIC_URL + scan_path(found.code)), content_type="image/svg+xml")


@never_cache
@require_safe
def scanned(request: HttpRequest, code: str) -> HttpResponse:
    """Whoever scans the code: a store's owner is led to the counter; others learn what it is, not whether it is one."""
    if isinstance(request.user, User) and counters_of(request.user):
        return redirect(f"{reverse('redemptions')}?code={voucher_code_in(code)}")
    return render(request, "rewards/pages/voucher_scanned.html")
