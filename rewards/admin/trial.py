"""The trial balance of a brand's day, and the ledger's identity, checked as it is shown."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from core import clock
from rewards.admin.brand_books import brand_of, brands_to_choose
from rewards.models.ledger import AccountKind
from rewards.selectors.trial_balance import trial_balance
from rewards.services.closing import next_day


def trial_page(page: Any, request: HttpRequest) -> HttpResponse:
    """Of the chosen day, else of today."""
    brand = brand_of(request)
    today = clock.business_day(clock.now(), brand.timezone)
    day = day_of(request.GET.get("day", ""), today)
    shown = trial_balance(brand, day)
    due = next_day(brand)
    facts = {
        "title": _("Trial balance"),
        "opts": page.opts,
        "brand": brand,
        "brands": brands_to_choose(request),
        "shown": shown,
        "kinds": AccountKind.labels,
        "earlier": day - dt.timedelta(days=1),
        "later": day + dt.timedelta(days=1) if day < today else None,
        "may_close": day == due and day < today and request.user.has_perm("rewards.add_closing"),
        "due": due,
    }
    return TemplateResponse(request, "admin/rewards/trial_balance.html", page.admin_site.each_context(request) | facts)


def day_of(text: str, usual: dt.date) -> dt.date:
    """The day of an address; anything else, and what lies outside the calendar's middle, is the usual one."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return usual
    return day if EARLIEST <= day <= LATEST else usual


EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2999, 12, 31)
