"""Limits and narrower budgets that contradict one another, or under which a prize could never be paid."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from rewards.models import Campaign, Prize
from rewards.selectors.claim_facts import SHARES
from rewards.selectors.scope_faults import Faults


def limit_faults(campaign: Campaign, prizes: Sequence[Prize]) -> Faults:
    """Field → faults."""
    dearest = max((prize.top_fen for prize in prizes), default=0) + sum(getattr(campaign, name) for name in SHARES)
    regions = [(share.region, share.amount_fen) for share in campaign.region_budgets.all()]
    return {
        "person_day_limit": person_faults(campaign),
        "day_budget_fen": narrow_faults(campaign, campaign.day_budget_fen, dearest, _("a day")),
        "store_budget_fen": narrow_faults(campaign, campaign.store_budget_fen, dearest, _("a store")),
        "region_budgets": [
            fault for region, fen in regions for fault in narrow_faults(campaign, fen, dearest, region.name)
        ],
    }


def person_faults(campaign: Campaign) -> list[str]:
    """Nobody opens more on a day than in all."""
    day, whole = campaign.person_day_limit, campaign.person_limit
    if day is None or whole is None or day <= whole:
        return []
    told = {"day": day, "whole": whole}
    return [
        _("A person may open %(day)d envelopes a day, but only %(whole)d in all. Lower the one or raise the other.")
        % told
    ]


def narrow_faults(campaign: Campaign, fen: int | None, dearest: int, whose: str) -> list[str]:
    """What is wrong with one budget beside the whole one."""
    if fen is None:
        return []
    faults = []
    if fen > campaign.budget_fen:
        faults.append(
            _("The budget of %(whose)s, %(fen)d fen, is above the whole one, %(whole)d fen. Lower it.")
            % {"whose": whose, "fen": fen, "whole": campaign.budget_fen}
        )
    if fen < dearest:
        faults.append(
            _(
                "The budget of %(whose)s, %(fen)d fen, is below the largest prize with its share, %(dearest)d fen: "
                "nobody could win it. Raise it."
            )
            % {"whose": whose, "fen": fen, "dearest": dearest}
        )
    return faults
