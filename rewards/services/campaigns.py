"""A campaign's life: drafted, funded, begun, ended, settled. Each step is audited in its own transaction.

Between draft and begin lies the review by a second person: `rewards.services.reviewing`.
"""

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from codes.models import CodeOrder
from core.errors import Invalid
from rewards.draw.permutation import KEY_BYTES
from rewards.draw.prizes import usual_kind
from rewards.models import Campaign, Prize, RegionBudget
from rewards.models.campaign import MOST_PRIORITY
from rewards.refusals import AlreadyFunded, NotOver, NotPublished, NotSettled
from rewards.selectors.campaigns import OPEN_GRANTS, has_items_left
from rewards.selectors.liability import paid_in
from rewards.selectors.scopes import Scope
from rewards.services.budget import free_fen
from rewards.services.campaign_rows import lock, lock_draft, lock_open, lock_running, note
from rewards.services.funding import pay_in, return_rest
from rewards.services.scoping import add_scope, write_scope
from stores.models import Brand

EVERYTHING = Scope()
APART = ("scope", "region_budgets")
"""Fields of a plan that stand in tables of their own."""


@dataclass(frozen=True, slots=True)
class RegionShare:
    """What may be promised to openings at the stores of a region (GB/T 2260), in fen."""

    code: str
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a campaign is; amounts in fen, moments aware. `scope` narrows the orders, or takes their place."""

    name: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    budget_fen: int
    owner_share_fen: int = 0
    salesperson_share_fen: int = 0
    referrer_share_fen: int = 0
    name_en: str = ""
    terms: str = ""
    terms_en: str = ""
    draw: str = Campaign.Draw.SEALED
    organiser: str = ""
    priority: int = MOST_PRIORITY
    open_ended: bool = False
    scope: Scope = EVERYTHING
    person_limit: int | None = None
    person_day_limit: int | None = None
    store_day_limit: int | None = None
    day_budget_fen: int | None = None
    store_budget_fen: int | None = None
    region_budgets: Sequence[RegionShare] = ()

    def columns(self) -> dict[str, Any]:
        """What stands in the campaign's own row."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name not in APART}


@dataclass(frozen=True, slots=True)
class PrizeRow:
    """A row of the prize table to be, as `rewards.models.Prize`; without a kind, cash, or a thank-you of 0 fen.

    In a live draw `quantity` is the weight, and `most_fen`, if it is given, the top of the range.
    """

    name: str
    amount_fen: int
    quantity: int
    name_en: str = ""
    most_fen: int | None = None
    kind: str = ""
    pays_fen: int = 0
    worth_fen: int = 0
    valid_days: int = 0
    any_store: bool = False

    def columns(self) -> dict[str, Any]:
        """The columns of the prize."""
        return asdict(self) | {"kind": self.kind or usual_kind(self.amount_fen).value}


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
        brand=brand, sealed_key=new_key(), created_by=actor, created_at=now, **plan.columns()
    )
    campaign.orders.add(*orders)
    add_scope(campaign, plan.scope)
    add_region_budgets(campaign, plan.region_budgets)
    add_prizes(campaign, prizes)
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
        NotADraft: it is under review, or published.
        Invalid: the budget would change after it was paid in.
    """
    campaign = lock_draft(campaign_id, brand)
    if plan.budget_fen != campaign.budget_fen and paid_in(campaign):
        raise Invalid(fields={"budget_fen": [_("The budget was paid in already; publish, then top it up.")]})
    columns = plan.columns()
    for name, value in columns.items():
        setattr(campaign, name, value)
    campaign.save(update_fields=list(columns))
    campaign.orders.set(orders)
    write_scope(campaign, plan.scope)
    write_region_budgets(campaign, plan.region_budgets)
    write_prizes(campaign, prizes)
    note(campaign, "edit draft", actor=actor, now=now)
    return campaign


@transaction.atomic
def set_prizes(*, campaign_id: int, brand: Brand, prizes: Sequence[PrizeRow], actor: str, now: dt.datetime) -> Campaign:
    """Replace a draft's prize table; the order of the rows is their rank.

    Raises:
        NotFound: the brand has no such campaign.
        NotADraft: it is under review, or published.
    """
    campaign = lock_draft(campaign_id, brand)
    write_prizes(campaign, prizes)
    note(campaign, "set prizes", actor=actor, now=now)
    return campaign


@transaction.atomic
def fund_campaign(*, campaign_id: int, brand: Brand, actor: str, now: dt.datetime) -> Campaign:
    """Pay the whole budget of a draft, or of one under review, in.

    Raises:
        NotFound: the brand has no such campaign.
        NotADraft: it has been published; `top_up_campaign` adds to its budget.
        AlreadyFunded: the budget has been paid in.
    """
    campaign = lock_open(campaign_id, brand)
    missing = campaign.budget_fen - paid_in(campaign)
    if missing <= 0:
        raise AlreadyFunded
    pay_in(campaign=campaign, amount_fen=missing, actor=actor, now=now)
    note(campaign, "fund campaign", actor=actor, now=now)
    return campaign


@transaction.atomic
def top_up_campaign(*, campaign_id: int, brand: Brand, amount_fen: int, actor: str, now: dt.datetime) -> Campaign:
    """Raise a running campaign's budget and pay the difference in: claims that found it exhausted may try again.

    Raises:
        Invalid: the amount is not positive.
        NotFound: the brand has no such campaign.
        NotRunning: it was not published, or has ended.
    """
    if amount_fen < 1:
        raise Invalid(fields={"amount_fen": [_("Pay in at least 1 fen.")]})
    campaign = lock_running(campaign_id, brand)
    campaign.budget_fen += amount_fen
    campaign.save(update_fields=["budget_fen"])
    pay_in(campaign=campaign, amount_fen=amount_fen, actor=actor, now=now)
    note(campaign, "top up campaign", actor=actor, now=now)
    return campaign


@transaction.atomic
def begin_campaign(*, campaign_id: int, brand: Brand, actor: str, now: dt.datetime) -> Campaign:
    """Say of a published campaign whose start has come that it runs; claims have looked at the clock themselves.

    Raises:
        NotFound: the brand has no such campaign.
        NotPublished: it is not waiting for its start, or that has not come.
    """
    campaign = lock(campaign_id, brand)
    if campaign.state != Campaign.State.PUBLISHED or campaign.starts_at > now:
        raise NotPublished
    campaign.state = Campaign.State.RUNNING
    campaign.save(update_fields=["state"])
    note(campaign, "begin campaign", actor=actor, now=now)
    return campaign


@transaction.atomic
def end_campaign(*, campaign_id: int, brand: Brand, actor: str, now: dt.datetime) -> Campaign:
    """End a campaign whose time is over, and return what is left of its budget. Promises made are kept.

    Raises:
        NotFound: the brand has no such campaign.
        NotRunning: it was not published, or has ended.
        NotOver: its time is not over, and there are prizes left: ending it would take them from consumers.
    """
    campaign = lock_running(campaign_id, brand)
    if campaign.ends_at > now and has_items_left(campaign):
        raise NotOver(ends_at=campaign.ends_at)
    campaign.state, campaign.ended_at = Campaign.State.ENDED, now
    campaign.save(update_fields=["state", "ended_at"])
    return_rest(campaign=campaign, actor=actor, now=now)
    note(campaign, "end campaign", actor=actor, now=now)
    return campaign


@transaction.atomic
def settle_campaign(*, campaign_id: int, brand: Brand, actor: str, now: dt.datetime) -> Campaign:
    """Close the books of an ended campaign: each promise was paid or given up, and no money is left in its budget.

    Raises:
        NotFound: the brand has no such campaign.
        NotSettled: it has not ended, a promise is open, or money that came back late was not returned yet.
    """
    campaign = lock(campaign_id, brand)
    is_open = campaign.grants.filter(state__in=OPEN_GRANTS).exists()
    if campaign.state != Campaign.State.ENDED or is_open or free_fen(campaign.pk):
        raise NotSettled
    campaign.state, campaign.settled_at = Campaign.State.SETTLED, now
    campaign.save(update_fields=["state", "settled_at"])
    note(campaign, "settle campaign", actor=actor, now=now)
    return campaign


@transaction.atomic
def return_late_money(*, campaign_id: int, actor: str, now: dt.datetime) -> int:
    """Return what came back into an ended campaign's budget since (promises released late); in fen."""
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)
    if campaign.state != Campaign.State.ENDED:
        return 0
    return return_rest(campaign=campaign, actor=actor, now=now)


def new_key() -> bytes:
    """A secret key for a draw."""
    return secrets.token_bytes(KEY_BYTES)


def write_prizes(campaign: Campaign, prizes: Sequence[PrizeRow]) -> None:
    """Replace the campaign's prizes; their order is their rank."""
    campaign.prizes.all().delete()
    add_prizes(campaign, prizes)


def add_prizes(campaign: Campaign, prizes: Sequence[PrizeRow]) -> None:
    """The prizes of a new draft; their order is their rank."""
    Prize.objects.bulk_create(
        [Prize(campaign=campaign, rank=rank, **prize.columns()) for rank, prize in enumerate(prizes, start=1)]
    )


def write_region_budgets(campaign: Campaign, shares: Sequence[RegionShare]) -> None:
    """Replace what a draft may promise in certain regions."""
    campaign.region_budgets.all().delete()
    add_region_budgets(campaign, shares)


def add_region_budgets(campaign: Campaign, shares: Sequence[RegionShare]) -> None:
    """What a new draft may promise in certain regions."""
    RegionBudget.objects.bulk_create(
        RegionBudget(campaign=campaign, region_id=share.code, amount_fen=share.amount_fen) for share in shares
    )
