"""What is public of a campaign: its terms, its prizes with exact odds, and the proof of its draw."""

from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count

from core.errors import NotFound
from rewards.campaign_moves import OPEN, OVER
from rewards.draw.proof import Published
from rewards.draw.sealed import table_of
from rewards.models import Campaign, Claim, Prize, RegionBudget
from rewards.selectors.draws import committed_table, live_table_of, row_of
from rewards.selectors.scopes import Scope, sealed_scope

PER_CENT_DIGITS = 4


@dataclass(frozen=True, slots=True)
class PublicPrize:
    """A row of the table, one of `out_of` items or weights. `won` is how often it was won; None until the end."""

    prize: Prize
    out_of: int
    won: int | None

    @property
    def per_cent(self) -> str:
        """The odds of one item, in per cent: 40, 0.5, or with a sign where digits had to be left out, ≈0.0033."""
        exact = Fraction(self.prize.quantity * 100, self.out_of)
        text = f"{float(exact):.{PER_CENT_DIGITS}f}".rstrip("0").rstrip(".")
        return text if Fraction(text) == exact else f"≈{text}" if float(text) else f"<0.{'0' * (PER_CENT_DIGITS - 1)}1"


@dataclass(frozen=True, slots=True)
class PublicTerms:
    """A published campaign with its prizes. `key` is the draw's, in hexadecimal, once the campaign is over."""

    campaign: Campaign
    prizes: tuple[PublicPrize, ...]
    key: str
    scope: Scope
    region_budgets: tuple[RegionBudget, ...]

    @property
    def is_over(self) -> bool:
        return self.campaign.state in OVER

    @property
    def is_live(self) -> bool:
        """Whether it is drawn by weights, while the budget lasts."""
        return self.campaign.draw == Campaign.Draw.LIVE


def terms_path(campaign_id: int) -> str:
    """Where consumers read a campaign's terms."""
    return f"/campaigns/{campaign_id}/"


def published_campaign(campaign_id: int) -> Campaign:
    """A campaign that consumers may read of; one query.

    Raises:
        NotFound: there is none, or it is a draft or under review.
    """
    campaign = Campaign.objects.exclude(state__in=OPEN).select_related("brand").filter(pk=campaign_id).first()
    if campaign is None:
        raise NotFound
    return campaign


def terms_of(campaign: Campaign) -> PublicTerms:
    """Terms, prizes and conditions of a published campaign. Four queries at most."""
    over = campaign.state in OVER
    counts = won_by_prize(campaign) if over else {}
    rows = list(campaign.prizes.all())
    total = sum(prize.quantity for prize in rows)
    budgets = tuple(campaign.region_budgets.select_related("region")) if campaign.is_tallied else ()
    prizes = tuple(PublicPrize(prize, total, counts.get(prize.pk, 0) if over else None) for prize in rows)
    return PublicTerms(
        campaign, prizes, bytes(campaign.sealed_key).hex() if over else "", sealed_scope(campaign), budgets
    )


def won_by_prize(campaign: Campaign) -> dict[int, int]:
    """Prize id → how many items have won it so far."""
    promised = campaign.claims.filter(state=Claim.State.PROMISED).order_by()
    return dict(promised.values_list("prize").annotate(won=Count("pk")))


def published_draw(campaign: Campaign) -> Published:
    """What is published of its draw: until the end the commitment and the prizes, from then on all of it."""
    name = f"{campaign.pk} {campaign.name}"
    prizes = list(campaign.prizes.all())
    if campaign.state not in OVER:
        rows = [row_of(prize) for prize in prizes]
        table = live_table_of(prizes) if campaign.draw == Campaign.Draw.LIVE else table_of(rows, [])
        return Published(name, campaign.commitment, table, None, {})
    ranks = {prize.pk: prize.rank for prize in prizes}
    won = dict.fromkeys(ranks.values(), 0) | {ranks[pk]: count for pk, count in won_by_prize(campaign).items()}
    return Published(name, campaign.commitment, committed_table(campaign), bytes(campaign.sealed_key), won)
