"""A campaign's row, locked for a step of its life, and the step told to the audit trail."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Model

from core import audit
from core.errors import NotFound
from rewards.campaign_moves import LIVE, OPEN
from rewards.draw.prizes import WAITING, terms_in
from rewards.models import Campaign, Prize
from rewards.models.campaign import LIMITS
from rewards.refusals import NotADraft, NotInReview, NotRunning
from rewards.selectors.scopes import KINDS, scope_of
from stores.models import Brand


def lock_draft(campaign_id: int, brand: Brand) -> Campaign:
    """The brand's draft, locked."""
    campaign = lock(campaign_id, brand)
    if campaign.state != Campaign.State.DRAFT:
        raise NotADraft
    return campaign


def lock_review(campaign_id: int, brand: Brand) -> Campaign:
    """The brand's campaign that waits for its review, locked."""
    campaign = lock(campaign_id, brand)
    if campaign.state != Campaign.State.REVIEW:
        raise NotInReview
    return campaign


def lock_open(campaign_id: int, brand: Brand) -> Campaign:
    """The brand's campaign that was not published yet, locked."""
    campaign = lock(campaign_id, brand)
    if campaign.state not in OPEN:
        raise NotADraft
    return campaign


def lock_running(campaign_id: int, brand: Brand) -> Campaign:
    """The brand's published campaign that has not ended, locked."""
    campaign = lock(campaign_id, brand)
    if campaign.state not in LIVE:
        raise NotRunning
    return campaign


def lock(campaign_id: int, brand: Brand) -> Campaign:
    """The brand's campaign, locked against other changes; claims go on beside it."""
    campaign = Campaign.objects.select_for_update(no_key=True).filter(pk=campaign_id, brand=brand).first()
    if campaign is None:
        raise NotFound
    return campaign


def told_of(prize: Prize) -> list[Any]:
    """A row of the prize table for the audit trail; of cash and thank-yous without the values of the others."""
    row = [prize.name, prize.amount_fen, prize.quantity, prize.most_fen]
    return [*row, terms_in(prize)] if prize.kind in WAITING else row


def told_scope(campaign: Campaign) -> list[tuple[str, Sequence[Model]]]:
    """What it is for, by kind."""
    scope = scope_of(campaign)
    return [(kind, getattr(scope, kind)) for kind in KINDS]


def note(campaign: Campaign, action: str, *, actor: str, now: dt.datetime) -> None:
    """Tell the audit trail, with the campaign as it is now."""
    after = {
        "state": campaign.state,
        "budget_fen": campaign.budget_fen,
        "owner_share_fen": campaign.owner_share_fen,
        "salesperson_share_fen": campaign.salesperson_share_fen,
        "referrer_share_fen": campaign.referrer_share_fen,
        "draw": campaign.draw,
        "units": campaign.units,
        "commitment": campaign.commitment,
        "remark": campaign.remark,
        "priority": campaign.priority,
        "open_ended": campaign.open_ended,
        "limits": {name: getattr(campaign, name) for name in LIMITS if getattr(campaign, name) is not None},
        "region_budgets": dict(campaign.region_budgets.values_list("region", "amount_fen")),
        "scope": {kind: [thing.pk for thing in things] for kind, things in told_scope(campaign) if things},
        "prizes": [told_of(prize) for prize in campaign.prizes.all()],
    }
    audit.record(actor=actor, action=action, subject=campaign, at=now, brand_slug=campaign.brand.slug, after=after)
