"""From draft to publication: four eyes, all faults at once, then the seal. Each step is audited."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from codes.models import CodeOrder
from core.errors import Invalid
from rewards.draw.sealed import commitment_of
from rewards.models import Campaign
from rewards.models.campaign import LIMITS, LONGEST_REMARK
from rewards.refusals import OwnWork
from rewards.selectors.campaign_faults import faults_of, faults_of_plan
from rewards.selectors.draws import committed_table
from rewards.selectors.scopes import Scope, chosen_of, orders_of
from rewards.services.campaign_rows import lock_draft, lock_review, note, read_tables
from rewards.services.providers import present_pace
from rewards.services.scoping import seal_scope
from stores.models import Brand


@transaction.atomic
def submit_campaign(*, campaign_id: int, brand: Brand, actor: str, now: dt.datetime) -> Campaign:
    """Hand a draft to a second person. It can't be changed while it is there; money may still be paid in.

    Raises:
        NotFound: the brand has no such campaign.
        NotADraft: it is under review already, or published.
        Invalid: with all faults at once, each with its remedy.
    """
    campaign = lock_draft(campaign_id, brand)
    read_tables(campaign)
    chosen = chosen_of(campaign)
    faults = faults_of_plan(campaign, chosen.scope, list(orders_of(campaign, chosen)), pace=present_pace(), now=now)
    if faults:
        raise Invalid(fields=faults)
    campaign.state, campaign.remark = Campaign.State.REVIEW, ""
    campaign.submitted_by, campaign.submitted_at = actor, now
    campaign.save(update_fields=["state", "remark", "submitted_by", "submitted_at"])
    note(campaign, "submit campaign", actor=actor, now=now)
    return campaign


@transaction.atomic
def send_back_campaign(*, campaign_id: int, brand: Brand, remark: str, actor: str, now: dt.datetime) -> Campaign:
    """Make it a draft again; `remark` says why, in at most 300 characters. Its author may do so too.

    Raises:
        NotFound: the brand has no such campaign.
        NotInReview: it does not wait for a review.
        Invalid: there is no remark, or it is too long.
    """
    remark = remark.strip()
    if not remark or len(remark) > LONGEST_REMARK:
        raise Invalid(
            fields={"remark": [_("Say in 1 to %(most)d characters what should be mended.") % {"most": LONGEST_REMARK}]}
        )
    campaign = lock_review(campaign_id, brand)
    campaign.state, campaign.remark = Campaign.State.DRAFT, remark
    campaign.save(update_fields=["state", "remark"])
    note(campaign, "send campaign back", actor=actor, now=now)
    return campaign


@transaction.atomic
def publish_campaign(*, campaign_id: int, brand: Brand, actor: str, now: dt.datetime) -> Campaign:
    """Fix units, positions and prizes, and publish the commitment. It never starts before its publication.

    Raises:
        NotFound: the brand has no such campaign.
        NotInReview: it does not wait for a review.
        OwnWork: `actor` is who submitted it; a second person must look at it.
        Invalid: with all faults at once, each with its remedy.
    """
    campaign = lock_review(campaign_id, brand)
    if actor == campaign.submitted_by:
        raise OwnWork
    read_tables(campaign)
    chosen = chosen_of(campaign)
    # Locked, so that no other campaign of the same items is published at the same time.
    orders = list(orders_of(campaign, chosen).select_for_update(of=("self",), no_key=True))
    faults = faults_of(campaign, chosen.scope, orders, pace=present_pace(), now=now)
    if faults:
        raise Invalid(fields=faults)
    seal(campaign, chosen.scope, orders)
    campaign.starts_at = max(campaign.starts_at, now)
    campaign.state = Campaign.State.RUNNING if campaign.starts_at == now else Campaign.State.PUBLISHED
    campaign.published_by, campaign.published_at = actor, now
    campaign.save()
    note(campaign, "publish campaign", actor=actor, now=now)
    return campaign


def seal(campaign: Campaign, scope: Scope, orders: Sequence[CodeOrder]) -> None:
    """Fix who takes part, and commit to key and table."""
    seal_scope(campaign, orders, scope)
    campaign.is_tallied = campaign.region_budgets.exists() or any(getattr(campaign, name) for name in LIMITS)
    campaign.commitment = commitment_of(bytes(campaign.sealed_key), committed_table(campaign))
