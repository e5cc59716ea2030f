"""A dry run: what a campaign would have cost on openings that have happened. Nothing is written."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Q

from codes.models import Opening
from consumers.sharing import sharer_in
from rewards.draw.live import LiveDraw
from rewards.draw.permutation import KEY_BYTES
from rewards.models import Campaign, Prize
from rewards.selectors.draws import live_table_of
from rewards.selectors.running import SURE_ENOUGH

OPEN_KEY = bytes(KEY_BYTES)
"""No campaign's key: a dry run tells the same each time, and nothing of what any item will win."""
CHUNK = 2_000


@dataclass(slots=True)
class DryRun:
    """What would have been promised on `openings`; amounts in fen.

    `refused` found the budget too small; the first of them on `spent_on`. `days` is what each business day cost.
    """

    openings: int = 0
    times: Counter[int] = field(default_factory=Counter)
    consumers_fen: int = 0
    owners_fen: int = 0
    salespeople_fen: int = 0
    referrers_fen: int = 0
    refused: int = 0
    spent_on: dt.date | None = None
    days: Counter[dt.date] = field(default_factory=Counter)

    @property
    def total_fen(self) -> int:
        return self.consumers_fen + self.owners_fen + self.salespeople_fen + self.referrers_fen

    @property
    def worst_day(self) -> tuple[dt.date, int] | None:
        """The dearest day and what it cost."""
        return max(self.days.items(), key=lambda day: day[1]) if self.days else None


@dataclass(frozen=True, slots=True)
class PastOpening:
    """An opening that happened, and who beside the consumer would have had a share."""

    serial: int
    day: dt.date
    has_owner: bool
    has_salesperson: bool
    has_referrer: bool


def dry_run(campaign: Campaign, *, since: dt.date, until: dt.date) -> DryRun:
    """Play the table over the openings of the campaign's products on these business days, both included, in order.

    Each wins by the table's odds, whichever draw the campaign has. Five queries; the openings are read in portions.
    """
    found = DryRun()
    prizes = {prize.rank: prize for prize in campaign.prizes.all()}
    if not prizes:
        return found
    draw = LiveDraw(OPEN_KEY, live_table_of(prizes.values()))
    for opening in past_openings(campaign, since, until):
        outcome = draw.outcome_of(opening.serial)
        owner = campaign.owner_share_fen * opening.has_owner
        salesperson = campaign.salesperson_share_fen * opening.has_salesperson
        referrer = campaign.referrer_share_fen * opening.has_referrer
        cost = outcome.amount_fen + owner + salesperson + referrer
        found.openings += 1
        if found.total_fen + cost > campaign.budget_fen:
            found.refused += 1
            found.spent_on = found.spent_on or opening.day
            continue
        found.times[outcome.row.rank] += 1
        found.consumers_fen += outcome.amount_fen
        found.owners_fen += owner
        found.salespeople_fen += salesperson
        found.referrers_fen += referrer
        found.days[opening.day] += cost
    return found


def past_openings(campaign: Campaign, since: dt.date, until: dt.date) -> Iterator[PastOpening]:
    """The openings of the products that take part, where the campaign's conditions were met, the oldest first."""
    ordered = Q(order__batch__product__in=campaign.orders.values("batch__product"))
    named = Q(order__batch__product__in=campaign.products.all()) | Q(
        order__batch__product__in=campaign.batches.values("product")
    )
    openings = (
        Opening.objects.filter(ordered | named, brand_id=campaign.brand_id, day__gte=since, day__lte=until)
        .filter(sold_as_wanted(campaign))
        .order_by("opened_at", "serial")
    )
    bound = ("binding__confidence", "binding__store__owner", "binding__salesperson")
    told = openings.values_list("serial", "day", "consumer", "scan__via", *bound)
    for serial, day, consumer, via, confidence, owner, salesperson in told.iterator(CHUNK):
        sure = (confidence or 0) >= SURE_ENOUGH
        referrer = sharer_in(via, campaign.brand_id)
        others = (sure and owner is not None, sure and salesperson is not None, referrer not in {None, consumer})
        yield PastOpening(serial, day, *others)


def sold_as_wanted(campaign: Campaign) -> Q:
    """What the conditions on the selling store ask of an opening; at most three queries."""
    regions = list(campaign.regions.values_list("pk", flat=True))
    dealers, stores = list(campaign.dealers.all()), list(campaign.stores.all())
    wanted = Q(binding__confidence__gte=SURE_ENOUGH) if regions or dealers or stores else Q()
    if regions:
        wanted &= Q(binding__store__region__lineage__overlap=regions)
    if dealers:
        wanted &= Q(binding__store__dealer__in=dealers)
    if stores:
        wanted &= Q(binding__store__in=stores)
    return wanted


def prizes_won(campaign: Campaign, found: DryRun) -> list[tuple[Prize, int]]:
    """Each prize, and how often it would have been won."""
    return [(prize, found.times[prize.rank]) for prize in campaign.prizes.all()]
