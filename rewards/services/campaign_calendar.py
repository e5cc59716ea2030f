"""Steps of campaigns' lives that time alone takes. Each answers how many took it; one that fails stops no other."""

import datetime as dt

from core.sweeping import go_through
from rewards.selectors.campaigns import due_to_begin, due_to_end, due_to_settle, with_late_money
from rewards.services.campaigns import begin_campaign, end_campaign, return_late_money, settle_campaign


def begin_due(*, actor: str, now: dt.datetime) -> int:
    """Begin the published campaigns whose start has come."""
    return go_through(
        due_to_begin(now),
        lambda one: begin_campaign(campaign_id=one.pk, brand=one.brand, actor=actor, now=now),
        sweep="campaigns.begin",
    )


def end_due(*, actor: str, now: dt.datetime) -> int:
    """End the campaigns whose time is over."""
    return go_through(
        due_to_end(now),
        lambda one: end_campaign(campaign_id=one.pk, brand=one.brand, actor=actor, now=now),
        sweep="campaigns.end",
    )


def return_all_late_money(*, actor: str, now: dt.datetime) -> int:
    """Return what came back into ended campaigns' budgets."""
    return go_through(
        with_late_money(),
        lambda one: return_late_money(campaign_id=one.pk, actor=actor, now=now),
        sweep="campaigns.late_money",
    )


def settle_due(*, actor: str, now: dt.datetime) -> int:
    """Settle the ended campaigns that nobody waits for."""
    return go_through(
        due_to_settle(),
        lambda one: settle_campaign(campaign_id=one.pk, brand=one.brand, actor=actor, now=now),
        sweep="campaigns.settle",
    )
