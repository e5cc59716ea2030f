"""A campaign's row, locked for a step of its life, and the step told to the audit trail."""

import datetime as dt
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from core import audit
from core.errors import NotFound
from rewards.campaign_moves import LIVE, OPEN
from rewards.draw.prizes import WAITING, terms_in
from rewards.models import Campaign, Prize, RegionBudget
from rewards.models.campaign import LIMITS
from rewards.refusals import NotADraft, NotInReview, NotRunning
from rewards.selectors.scopes import keys_of
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
    campaign.brand = brand
    return campaign


def read_tables(campaign: Campaign) -> None:
    """Have its prizes and its regions' budgets at hand, for a step that looks at them more than once. Two queries."""
    budgets = RegionBudget.objects.select_related("region")
    prefetch_related_objects([campaign], "prizes", Prefetch("region_budgets", budgets))


def told_of(prize: Prize) -> list[Any]:
    """A row of the prize table for the audit trail; of cash and thank-yous without the values of the others."""
    row = [prize.name, prize.amount_fen, prize.quantity, prize.most_fen]
    return [*row, terms_in(prize)] if prize.kind in WAITING else row


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
        "region_budgets": {share.region_id: share.amount_fen for share in campaign.region_budgets.all()},
        "scope": keys_of(campaign),
        "prizes": [told_of(prize) for prize in campaign.prizes.all()],
    }
    audit.record(actor=actor, action=action, subject=campaign, at=now, brand_slug=campaign.brand.slug, after=after)
