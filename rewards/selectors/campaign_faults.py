"""All that stands between a draft and its publication, each with its remedy."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from codes.models import CodeOrder
from rewards.models import Campaign, Prize
from rewards.selectors.liability import liability_of, paid_in
from rewards.selectors.limit_faults import limit_faults
from rewards.selectors.scope_faults import Faults, scope_faults

CEILING_FEN = 5_000_000
"""China's rules on promotion: no lottery prize above 50,000 yuan."""


def faults_of(campaign: Campaign, orders: Sequence[CodeOrder], *, now: dt.datetime) -> Faults:
    """Field → what is wrong and what would be right; empty where the campaign may be published."""
    found = faults_of_plan(campaign, orders, now=now)
    unpaid = funding_faults(campaign)
    return found | ({"budget_fen": found.get("budget_fen", []) + unpaid} if unpaid else {})


def faults_of_plan(campaign: Campaign, orders: Sequence[CodeOrder], *, now: dt.datetime) -> Faults:
    """All faults but that of money not yet paid in: empty where the campaign may be reviewed."""
    prizes = list(campaign.prizes.all())
    units = sum(order.quantity for order in orders)
    found = {
        "ends_at": window_faults(campaign, now),
        **scope_faults(campaign, orders),
        **limit_faults(campaign, prizes),
        "prizes": ceiling_faults(prizes) + table_faults(campaign, prizes, units=units),
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


def ceiling_faults(prizes: Sequence[Prize]) -> list[str]:
    """No prize may be above the legal ceiling."""
    return [
        _("“%(prize)s” is above 50,000 yuan, the most that the law allows. Lower it.") % {"prize": prize.name}
        for prize in prizes
        if prize.top_fen > CEILING_FEN
    ]


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
        if prize.most_fen is not None
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
    """All that may be won, and every store's share of it, must be covered."""
    liability = liability_of(campaign)
    if campaign.budget_fen >= max(liability, 1):
        return []
    if not liability:
        return [_("The budget is 0 fen. Enter at least 1 fen.")]
    return [
        _(
            "The budget is %(budget)d fen, but the prizes and the stores' shares may cost %(liability)d fen. "
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
