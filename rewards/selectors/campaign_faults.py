"""All that stands between a draft and its publication, each with its remedy."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from codes.models import CodeOrder
from rewards.models import Campaign, Prize
from rewards.providers.interface import Pace
from rewards.selectors.claim_facts import SHARES
from rewards.selectors.liability import liability_of, paid_in
from rewards.selectors.limit_faults import limit_faults
from rewards.selectors.prize_faults import prize_faults
from rewards.selectors.scope_faults import Faults, scope_faults
from rewards.selectors.scopes import Scope


def faults_of(campaign: Campaign, scope: Scope, orders: Sequence[CodeOrder], *, pace: Pace, now: dt.datetime) -> Faults:
    """Field → what is wrong and what would be right; empty where the campaign may be published.

    `scope` and `orders` are what was chosen for it, `pace` is that of the provider who will pay.
    """
    found = faults_of_plan(campaign, scope, orders, pace=pace, now=now)
    unpaid = funding_faults(campaign)
    return found | ({"budget_fen": found.get("budget_fen", []) + unpaid} if unpaid else {})


def faults_of_plan(
    campaign: Campaign, scope: Scope, orders: Sequence[CodeOrder], *, pace: Pace, now: dt.datetime
) -> Faults:
    """All faults but that of money not yet paid in: empty where the campaign may be reviewed."""
    prizes = list(campaign.prizes.all())
    units = sum(order.quantity for order in orders)
    found = {
        "ends_at": window_faults(campaign, now),
        **scope_faults(campaign, scope, orders),
        **limit_faults(campaign, prizes),
        "prizes": prize_faults(prizes, brand_id=campaign.brand_id)
        + table_faults(campaign, prizes, units=units)
        + unpayable_prizes(prizes, pace),
        **{name: unpayable(getattr(campaign, name), pace) for name in SHARES},
        "budget_fen": budget_faults(campaign),
        "terms": terms_faults(campaign),
        "organiser": organiser_faults(campaign),
    }
    return {field: faults for field, faults in found.items() if faults}


def terms_faults(campaign: Campaign) -> list[str]:
    """Consumers must be able to read what they take part in."""
    if campaign.terms.strip():
        return []
    return [_("There are no terms. Write who may take part, how to claim, and how and when prizes are paid.")]


def organiser_faults(campaign: Campaign) -> list[str]:
    """And who answers for it."""
    if campaign.organiser.strip():
        return []
    return [_("No organiser is named. Enter the company that answers for the campaign.")]


def window_faults(campaign: Campaign, now: dt.datetime) -> list[str]:
    """A campaign that is over can't begin."""
    if campaign.ends_at > now:
        return []
    return [_("The end lies in the past. Choose a later one.")]


def unpayable_prizes(prizes: Sequence[Prize], pace: Pace) -> list[str]:
    """Every amount that may be won must be one that the provider pays, in one day."""
    amounts = [(prize.name, fen) for prize in prizes for fen in sorted({prize.amount_fen, prize.top_fen})]
    return [f"“{name}”: {fault}" for name, fen in amounts for fault in unpayable(fen, pace)]


def unpayable(amount_fen: int, pace: Pace) -> list[str]:
    """Why the provider does not pay such an amount; of 0 there is nothing to pay."""
    if 0 < amount_fen < pace.least_fen:
        return [
            _("The payment provider pays no less than %(least)d fen at a time. Enter that or more, or 0.")
            % {"least": pace.least_fen}
        ]
    if pace.payee_day is not None and amount_fen > pace.payee_day.amount_fen:
        return [
            _("The payment provider pays one person no more than %(most)d fen a day. Lower it.")
            % {"most": pace.payee_day.amount_fen}
        ]
    return []


def table_faults(campaign: Campaign, prizes: Sequence[Prize], *, units: int) -> list[str]:
    """What does not add up, by the kind of draw."""
    if campaign.draw != Campaign.Draw.LIVE:
        return quantity_faults(prizes, units=units) + range_faults(prizes)
    return [] if prizes else [_("There are no prizes. Add at least one, with its weight.")]


def range_faults(prizes: Sequence[Prize]) -> list[str]:
    """A sealed table has one amount for each row."""
    return [
        _("“%(prize)s” has a range, which only a live draw can have. Give one amount.") % {"prize": prize.name}
        for prize in prizes
        if prize.most_fen is not None and prize.kind == Prize.Kind.CASH
    ]


def quantity_faults(prizes: Sequence[Prize], *, units: int) -> list[str]:
    """The table must give each unit exactly one row."""
    faults = []
    total = sum(prize.quantity for prize in prizes)
    if total > units:
        faults.append(
            _("The table has %(total)d prizes for %(units)d items. Take %(over)d away.")
            % {"total": total, "units": units, "over": total - units}
        )
    elif total < units:
        faults.append(
            _("The table has %(total)d prizes for %(units)d items. Add prizes, or a thank-you row of %(rest)d × 0.")
            % {"total": total, "units": units, "rest": units - total}
        )
    return faults


def budget_faults(campaign: Campaign) -> list[str]:
    """All that may be won, and every share beside it, must be covered."""
    liability = liability_of(campaign)
    if campaign.budget_fen >= max(liability, 1):
        return []
    if not liability:
        return [_("The budget is 0 fen. Enter at least 1 fen.")]
    return [
        _(
            "The budget is %(budget)d fen, but the prizes and the shares may cost %(liability)d fen. "
            "Raise it by %(missing)d fen, or take prizes away."
        )
        % {
            "budget": campaign.budget_fen,
            "liability": liability,
            "missing": liability - campaign.budget_fen,
        }
    ]


def funding_faults(campaign: Campaign) -> list[str]:
    """Money comes first: what is promised is there."""
    paid = paid_in(campaign)
    if paid == campaign.budget_fen:
        return []
    return [
        _("The budget is %(budget)d fen, but %(paid)d fen have been paid in. Fund the campaign first.")
        % {"budget": campaign.budget_fen, "paid": paid}
    ]
