"""The counter's page: scan a voucher or a member code, redeem; it works without a line and tells it later, once."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from codes.dashboard.offline import offline_script
from rewards.selectors.redemption_rows import payment_words
from rewards.selectors.redemptions import Redeemed, counters_of, lines_of, totals_of
from stores.dashboard.access import signed_in, today_of, viewer

NEWEST = 10
FILES = (
    "onecode/tokens.css",
    "onecode/base.css",
    "onecode/components.css",
    "onecode/logo.svg",
    "stores/dashboard.css",
    "codes/warehouse.css",
    "codes/offline_queue.js",
    "codes/warehouse_camera.js",
    "rewards/counter.css",
    "rewards/counter.js",
)


@require_safe
@never_cache
@signed_in
@ensure_csrf_cookie
def redemptions(request: HttpRequest) -> HttpResponse:
    """The page, with all that it needs to go on when the line is gone."""
    user = viewer(request)
    stores, today = counters_of(user), today_of(user)
    known = {
        "user": user.username,
        "stores": [{"id": store.pk, "name": store.name} for store in stores],
        "addresses": {
            "deeds": reverse("redemptions-deeds"),
            "vouchers": reverse("redemptions-vouchers"),
            "worker": reverse("redemptions-worker"),
            "scope": reverse("redemptions"),
            "sign_in": f"{reverse('sign-in')}?next={reverse('redemptions')}",
        },
        "words": page_words(),
    }
    context: dict[str, Any] = {"stores": stores, "known": known}
    if stores and user.brand is not None:
        own = Redeemed(brand=user.brand, store_ids=[store.pk for store in stores])
        month = Redeemed(brand=user.brand, store_ids=own.store_ids, first=today.replace(day=1), last=today)
        context |= {
            "month": totals_of(month),
            "newest": [(line, payment_words(line)) for line in lines_of(own)[:NEWEST]],
        }
    return render(request, "rewards/dashboard/redemptions.html", context)


@require_safe
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The script that opens the page without a line. Its address lies below the page's: that is how far it reaches."""
    return offline_script("onecode-counter", page=reverse("redemptions"), files=FILES)


def page_words() -> dict[str, str]:
    """What the page's script says, in the reader's language."""
    return {
        "pays": _("The customer pays {amount}"),
        "takes_off": _("Take {amount} off the price"),
        "free": _("The customer pays nothing"),
        "gets": _("You get {amount} for it"),
        "until": _("until {moment}"),
        "redeem": _("Redeem"),
        "redeem_blind": _("Hand over and redeem later"),
        "unchecked": _("Voucher {code}: it can't be checked without a line"),
        "unchecked_hint": _("Hand over at your own risk: it is redeemed when the line is back, unless it was already."),
        "none": _("This member has no voucher that can be redeemed here."),
        "looking": _("Looking …"),
        "found": _("{count} found"),
        "member_offline": _("A member code needs a line. Ask the customer to show the voucher itself."),
        "again": _("This voucher is on the list below already."),
        "scan_first": _("Scan something first."),
        "queued": _("waiting to be sent"),
        "sending": _("being sent …"),
        "sent": _("redeemed"),
        "refused": _("refused"),
        "may_have_arrived": _("It may have arrived: it is sent again under the same key, and counted once."),
        "offline": _("No line. What you redeem is kept on this device and sent by itself later."),
        "signed_out": _("Your sign-in has ended. What you redeemed is kept: sign in again and it is sent."),
        "no_storage": _("This browser keeps nothing: don't close the page before everything is sent."),
        "camera_failed": _("The camera did not open. Allow it in the browser, or use a scanner, or type."),
        "drop": _("Discard"),
        "failed": _("This did not work. Try again."),
    }
