"""The warehouse's page: scan, and say what was done; it works without a line and tells the server later, once."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from codes.dashboard.offline import offline_script
from codes.models import Movement
from codes.selectors.workplaces import PACK, Workplace, others_of, workplaces_of
from stores.dashboard.access import signed_in, viewer
from stores.selectors.scope import stores_of

MOST_OTHERS = 300
FILES = (
    "onecode/tokens.css",
    "onecode/base.css",
    "onecode/components.css",
    "onecode/logo.svg",
    "stores/dashboard.css",
    "codes/warehouse.css",
    "codes/warehouse.js",
    "codes/offline_queue.js",
    "codes/warehouse_camera.js",
)


@require_safe
@never_cache
@signed_in
@ensure_csrf_cookie
def warehouse(request: HttpRequest) -> HttpResponse:
    """The page, with all that it needs to go on when the line is gone."""
    user = viewer(request)
    places = workplaces_of(user)
    known = {
        "user": user.username,
        "places": [answer_of_place(place) for place in places],
        "addresses": {
            "deeds": reverse("warehouse-deeds"),
            "unit": reverse("warehouse-unit"),
            "delivery": reverse("warehouse-delivery"),
            "worker": reverse("warehouse-worker"),
            "scope": reverse("warehouse"),
            "sign_in": f"{reverse('sign-in')}?next={reverse('warehouse')}",
        },
        "deeds": deed_words(),
        "words": page_words(),
    }
    return render(
        request,
        "codes/dashboard/warehouse.html",
        {"places": places, "has_stores": stores_of(user).exists(), "known": known},
    )


@require_safe
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The script that opens the page without a line. Its address lies below the page's: that is how far it reaches."""
    return offline_script("onecode-warehouse", page=reverse("warehouse"), files=FILES)


def answer_of_place(place: Workplace) -> dict[str, Any]:
    """A workplace for the page's script."""
    return {
        "key": place.key,
        "name": place.name,
        "deeds": [{"kind": deed, "asks": place.asks_partner(deed)} for deed in place.deeds],
        "others": [{"number": other.number, "name": other.name} for other in others_of(place, MOST_OTHERS)],
    }


def deed_words() -> dict[str, dict[str, str]]:
    """Each deed: its name as a button, what is to be done, and whom it asks for."""
    kind = Movement.Kind
    return {
        kind.RECEIVE: {"name": _("Receive"), "send": _("Receive these"), "other": ""},
        kind.SHIP: {"name": _("Send out"), "send": _("Send these out"), "other": _("To whom")},
        kind.RETURN: {"name": _("Return"), "send": _("Return these"), "other": _("From whom it came back")},
        PACK: {"name": _("Pack"), "send": _("Close the case"), "other": ""},
        kind.DESTROY: {"name": _("Destroy"), "send": _("Destroyed: write these off"), "other": ""},
        kind.SAMPLE: {"name": _("Sample"), "send": _("Take these as samples"), "other": ""},
    }


def page_words() -> dict[str, str]:
    """What the page's script says, in the reader's language."""
    return {
        "added": _("Added: {what}"),
        "again": _("This one is on the list already."),
        "removed": _("Taken off the list."),
        "parent_set": _("Packing into: {what}. Now scan what goes in."),
        "levels": _("bottle,case,pallet"),
        "inside": _("{count} inside"),
        "unchecked": _("will be checked when it is sent"),
        "last": _("last: {what}"),
        "count": _("{units} scanned"),
        "count_items": _("{units} scanned, {items} bottles"),
        "of_delivery": _("{items} of {sent} bottles of this delivery"),
        "of_case": _("{units} of {full}"),
        "partial": _("Close with {units} of {full}"),
        "queued": _("waiting to be sent"),
        "sending": _("being sent …"),
        "sent": _("sent"),
        "refused": _("refused"),
        "flagged": _("kept, to be looked into: {what}"),
        "items": _("{items} bottles"),
        "may_have_arrived": _("It may have arrived: it is sent again under the same key, and counted once."),
        "offline": _("No line. What you scan is kept on this device and sent by itself later."),
        "signed_out": _("Your sign-in has ended. What you scanned is kept: sign in again and it is sent."),
        "no_storage": _("This browser keeps nothing: don't close the page before everything is sent."),
        "scan_first": _("Scan something first."),
        "parent_first": _("First scan the case or pallet that is packed."),
        "other_first": _("Say first to whom it goes, or from whom it came."),
        "fix": _("Put back on the list to mend it"),
        "drop": _("Discard"),
        "take_back": _("Take back"),
        "remove": _("Take off: {what}"),
        "counted": _("Found inside {what}"),
        "camera_failed": _("The camera did not open. Allow it in the browser, or use a scanner, or type."),
        "advice": _("Take the marked one off the list, or correct it, and send again."),
    }
