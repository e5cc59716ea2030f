"""The admin's first page: what waits for somebody, and how today goes. One query a card, each of the own brand."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from codes.models import CodeOrder, PrintFile
from core import clock
from rewards.campaign_moves import LIVE
from rewards.models import BudgetSlot, Payout
from rewards.selectors.overdue import worth_a_look
from rewards.templatetags.money import yuan
from stores.admin.scoped import scoped_to
from stores.models import Store, StoreDay


@dataclass(frozen=True, slots=True)
class Card:
    """`value` is ready to be shown; `address` is the list that it counts."""

    title: Any
    value: str
    note: Any
    icon: str
    address: str
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a card needs to know of who asks, and when."""

    user: Any
    now: dt.datetime

    def own(self, rows: QuerySet[Any], path: str = "brand") -> QuerySet[Any]:
        """The rows of the user's brand."""
        return scoped_to(self.user, rows, path)


def landing(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The theme's hook: the cards that the user may see the lists of."""
    asked = Asked(request.user, clock.now())
    context["title"] = _("Today")
    context["cards"] = [card(asked) for right, card in CARDS if asked.user.has_perm(right)]
    return context


def listed(model: str, query: str = "") -> str:
    """Address of a list of the admin."""
    return reverse(f"admin:{model}_changelist") + query


def orders_to_review(asked: Asked) -> Card:
    """Drafts that wait for a second person."""
    count = asked.own(CodeOrder.objects.filter(state=CodeOrder.State.DRAFT)).count()
    address = listed("codes_codeorder", "?state__exact=draft")
    return Card(_("Orders to review"), f"{count:,}", _("by a second person"), "rule", address, count > 0)


def files_ready(asked: Asked) -> Card:
    """Written and not taken away."""
    files = asked.own(PrintFile.objects.filter(state=PrintFile.State.READY), "order__brand")
    count = files.filter(downloads__isnull=True).count()
    address = listed("codes_printfile", "?state__exact=ready")
    return Card(_("Print files ready"), f"{count:,}", _("not taken away yet"), "print", address)


def running_campaigns(asked: Asked) -> Card:
    """What published campaigns may still promise."""
    running = asked.own(BudgetSlot.objects.filter(campaign__state__in=LIVE), "campaign__brand")
    free = running.aggregate(free=Sum("free_fen", default=0))["free"]
    address = listed("rewards_campaign", "?state__in=published,running")
    return Card(_("Budget left"), yuan(free), _("of published campaigns"), "redeem", address)


def payouts_to_look_at(asked: Asked) -> Card:
    """Failed or late ones."""
    count = asked.own(Payout.objects.filter(worth_a_look(asked.now))).count()
    address = listed("rewards_payout", "?look=yes")
    return Card(_("Payouts to look at"), f"{count:,}", _("failed, or late"), "payments", address, count > 0)


def openings_today(asked: Asked) -> Card:
    """Of the brand's business day, as counted so far."""
    zone = asked.user.brand.timezone if asked.user.brand else settings.TIME_ZONE
    days = asked.own(StoreDay.objects.filter(day=clock.business_day(asked.now, zone)), "store__brand")
    count = days.aggregate(opened=Sum("opened", default=0))["opened"]
    return Card(_("Openings today"), f"{count:,}", _("bottles opened and scanned"), "liquor", "/dashboard/")


def stores_in_service(asked: Asked) -> Card:
    """Those that are not closed."""
    count = asked.own(Store.objects.filter(is_active=True)).count()
    address = listed("stores_store", "?is_active__exact=1")
    return Card(_("Stores in service"), f"{count:,}", _("with a B-code"), "storefront", address)


CARDS: list[tuple[str, Callable[[Asked], Card]]] = [
    ("codes.view_codeorder", orders_to_review),
    ("codes.view_printfile", files_ready),
    ("rewards.view_campaign", running_campaigns),
    ("rewards.view_payout", payouts_to_look_at),
    ("stores.view_store", openings_today),
    ("stores.view_store", stores_in_service),
]
