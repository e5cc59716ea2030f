"""A campaign's life: drafted, funded, published, ended. Each step is audited in its own transaction."""

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.utils.translation import gettext as _

from codes.models import CodeOrder
from core import audit
from core.errors import Invalid, NotFound
from rewards.draw.permutation import KEY_BYTES
from rewards.draw.sealed import commitment_of
from rewards.models import Campaign, CampaignSpan, Prize
from rewards.refusals import AlreadyFunded, NotADraft, NotRunning
from rewards.selectors.campaign_faults import faults_of
from rewards.selectors.draws import table_of_campaign
from rewards.selectors.liability import paid_in
from rewards.services.funding import pay_in, return_rest
from stores.models import Brand


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a campaign is; amounts in fen, moments aware."""

    name: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    budget_fen: int
    owner_share_fen: int = 0
    name_en: str = ""
    terms: str = ""
    organiser: str = ""


@dataclass(frozen=True, slots=True)
class PrizeRow:
    """A row of the prize table to be; `amount_fen` 0 is a thank-you."""

    name: str
    amount_fen: int
    quantity: int
    name_en: str = ""


@transaction.atomic
def draft_campaign(
    *,
    brand: Brand,
    plan: Plan,
    orders: Iterable[CodeOrder],
    prizes: Sequence[PrizeRow],
    actor: str,
    now: dt.datetime,
) -> Campaign:
    """A draft with its prize table and a fresh secret key for its draw."""
    campaign = Campaign.objects.create(
        brand=brand, sealed_key=new_key(), created_by=actor, created_at=now, **asdict(plan)
    )
    campaign.orders.set(orders)
    write_prizes(campaign, prizes)
    note(campaign, "draft campaign", actor=actor, now=now)
    return campaign


@transaction.atomic
def change_draft(
    *,
    campaign_id: int,
    brand: Brand,
    plan: Plan,
    orders: Iterable[CodeOrder],
    prizes: Sequence[PrizeRow],
    actor: str,
    now: dt.datetime,
) -> Campaign:
    """Replace all of a draft but its key.

    Raises:
        NotFound: the brand has no such campaign.
        NotADraft: it has been published.
        Invalid: the budget would change after it was paid in.
    """
    campaign = lock_draft(campaign_id, brand)
    if plan.budget_fen != campaign.budget_fen and paid_in(campaign):
        raise Invalid(fields={"budget_fen": [_("The budget was paid in already; publish, then top it up.")]})
    for name, value in asdict(plan).items():
        setattr(campaign, name, value)
    campaign.save(update_fields=list(asdict(plan)))
    campaign.orders.set(orders)
    write_prizes(campaign, prizes)
    note(campaign, "edit draft", actor=actor, now=now)
    return campaign


@transaction.atomic
def set_prizes(*, campaign_id: int, brand: Brand, prizes: Sequence[PrizeRow], actor: str, now: dt.datetime) -> Campaign:
    """Replace a draft's prize table; the order of the rows is their rank.

    Raises:
        NotFound: the brand has no such campaign.
        NotADraft: it has been published.
    """
    campaign = lock_draft(campaign_id, brand)
    write_prizes(campaign, prizes)
    note(campaign, "set prizes", actor=actor, now=now)
    return campaign


@transaction.atomic
def fund_campaign(*, campaign_id: int, brand: Brand, actor: str, now: dt.datetime) -> Campaign:
    """Pay the draft's whole budget in.

    Raises:
        NotFound: the brand has no such campaign.
        NotADraft: it has been published; `top_up_campaign` adds to its budget.
        AlreadyFunded: the budget has been paid in.
    """
    campaign = lock_draft(campaign_id, brand)
    missing = campaign.budget_fen - paid_in(campaign)
    if missing <= 0:
        raise AlreadyFunded
    pay_in(campaign=campaign, amount_fen=missing, actor=actor, now=now)
    note(campaign, "fund campaign", actor=actor, now=now)
    return campaign


@transaction.atomic
def top_up_campaign(
    *, campaign_id: int, brand: Brand, amount_fen: int, actor: str, now: dt.datetime, seen_fen: int | None = None
) -> Campaign:
    """Raise a running campaign's budget and pay the difference in: claims that found it exhausted may try again.

    `seen_fen` is the budget that the person had before them, so that nobody pays twice; None: whatever it is.

    Raises:
        Invalid: the amount is not positive, or the budget is not `seen_fen` any more.
        NotFound: the brand has no such campaign.
        NotRunning: it is a draft or has ended.
    """
    if amount_fen < 1:
        raise Invalid(fields={"amount_fen": [_("Pay in at least 1 fen.")]})
    campaign = lock_running(campaign_id, brand)
    if seen_fen not in {None, campaign.budget_fen}:
        raise Invalid(
            fields={"amount_fen": [_("The budget has changed since you opened this page. Look at it again.")]}
        )
    campaign.budget_fen += amount_fen
    campaign.save(update_fields=["budget_fen"])
    pay_in(campaign=campaign, amount_fen=amount_fen, actor=actor, now=now)
    note(campaign, "top up campaign", actor=actor, now=now)
    return campaign


@transaction.atomic
def publish_campaign(*, campaign_id: int, brand: Brand, actor: str, now: dt.datetime) -> Campaign:
    """Fix units, positions and prizes, and publish the commitment. It never starts before its publication.

    Raises:
        NotFound: the brand has no such campaign.
        NotADraft: it has been published.
        Invalid: with all faults at once, each with its remedy.
    """
    campaign = lock_draft(campaign_id, brand)
    # Locked, so that no other campaign of the same items is published at the same time.
    orders = list(campaign.orders.order_by("pk").select_for_update(no_key=True))
    faults = faults_of(campaign, orders, now=now)
    if faults:
        raise Invalid(fields=faults)
    seal(campaign, orders)
    campaign.state = Campaign.State.RUNNING
    campaign.starts_at = max(campaign.starts_at, now)
    campaign.published_by, campaign.published_at = actor, now
    campaign.save()
    note(campaign, "publish campaign", actor=actor, now=now)
    return campaign


@transaction.atomic
def end_campaign(*, campaign_id: int, brand: Brand, actor: str, now: dt.datetime) -> Campaign:
    """End a running campaign and return what is left of its budget. Promises made are kept.

    Raises:
        NotFound: the brand has no such campaign.
        NotRunning: it is a draft or has ended.
    """
    campaign = lock_running(campaign_id, brand)
    campaign.state, campaign.ended_at = Campaign.State.ENDED, now
    campaign.save(update_fields=["state", "ended_at"])
    return_rest(campaign=campaign, actor=actor, now=now)
    note(campaign, "end campaign", actor=actor, now=now)
    return campaign


@transaction.atomic
def return_late_money(*, campaign_id: int, actor: str, now: dt.datetime) -> int:
    """Return what came back into an ended campaign's budget since (promises released late); in fen."""
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)
    if campaign.state != Campaign.State.ENDED:
        return 0
    return return_rest(campaign=campaign, actor=actor, now=now)


def seal(campaign: Campaign, orders: Sequence[CodeOrder]) -> None:
    """Lay the orders' serials one after the other, and commit to key and table."""
    first = 0
    spans = []
    for order in orders:
        serials = NumericRange(order.first_serial, order.last_serial + 1)
        spans.append(CampaignSpan(campaign=campaign, order=order, serials=serials, first_position=first))
        first += order.quantity
    CampaignSpan.objects.bulk_create(spans)
    campaign.units = first
    campaign.commitment = commitment_of(bytes(campaign.sealed_key), table_of_campaign(campaign))


def new_key() -> bytes:
    """A secret key for a draw."""
    return secrets.token_bytes(KEY_BYTES)


def write_prizes(campaign: Campaign, prizes: Sequence[PrizeRow]) -> None:
    """Replace the campaign's prizes; their order is their rank."""
    campaign.prizes.all().delete()
    Prize.objects.bulk_create(
        [Prize(campaign=campaign, rank=rank, **asdict(prize)) for rank, prize in enumerate(prizes, start=1)]
    )


def lock_draft(campaign_id: int, brand: Brand) -> Campaign:
    """The brand's draft, locked."""
    campaign = lock(campaign_id, brand)
    if campaign.state != Campaign.State.DRAFT:
        raise NotADraft
    return campaign


def lock_running(campaign_id: int, brand: Brand) -> Campaign:
    """The brand's running campaign, locked."""
    campaign = lock(campaign_id, brand)
    if campaign.state != Campaign.State.RUNNING:
        raise NotRunning
    return campaign


def lock(campaign_id: int, brand: Brand) -> Campaign:
    """The brand's campaign, locked against other changes; claims go on beside it."""
    campaign = Campaign.objects.select_for_update(no_key=True).filter(pk=campaign_id, brand=brand).first()
    if campaign is None:
        raise NotFound
    return campaign


def note(campaign: Campaign, action: str, *, actor: str, now: dt.datetime) -> None:
    """Tell the audit trail, with the campaign as it is now."""
    after = {
        "state": campaign.state,
        "budget_fen": campaign.budget_fen,
        "owner_share_fen": campaign.owner_share_fen,
        "units": campaign.units,
        "commitment": campaign.commitment,
        "prizes": [[prize.name, prize.amount_fen, prize.quantity] for prize in campaign.prizes.all()],
    }
    audit.record(actor=actor, action=action, subject=campaign, at=now, brand_slug=campaign.brand.slug, after=after)
