"""The draw of a campaign, from its rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rewards.draw.live import LiveDraw, LiveRow, LiveTable
from rewards.draw.prizes import terms_in
from rewards.draw.sealed import Block, Row, SealedDraw, Table, table_of
from rewards.models import Campaign, Prize

LIVE = Campaign.Draw.LIVE
DRAWS_KEPT = 16
"""A ranked draw keeps up to 4 MB; so many campaigns are claimed on at a time in one process."""


@dataclass(frozen=True, slots=True)
class CampaignDraw:
    """A published campaign's draw, and its prizes by rank. Nothing of it changes after publication."""

    draw: SealedDraw | LiveDraw
    prizes: dict[int, Prize]

    def won(self, *, position: int, serial: int) -> tuple[Prize, int]:
        """What the unit of this serial, at this position of the campaign, has won, and how much it is in fen."""
        if isinstance(self.draw, SealedDraw):
            prize = self.prizes[self.draw.row_at(position).rank]
            return prize, prize.amount_fen
        outcome = self.draw.outcome_of(serial)
        return self.prizes[outcome.row.rank], outcome.amount_fen


def table_of_campaign(campaign: Campaign) -> Table:
    """The table as it is sealed, from the campaign's prizes and spans. Two queries."""
    rows = [row_of(prize) for prize in campaign.prizes.all()]
    spans = campaign.spans.order_by("first_position").values_list("serials", flat=True)
    return table_of(rows, [Block(span.lower, span.upper - 1) for span in spans])


def live_table_of(prizes: Iterable[Prize]) -> LiveTable:
    """The table of a live draw, as it is committed to."""
    rows = [live_row_of(prize) for prize in prizes]
    return LiveTable(tuple(sorted(rows, key=lambda row: row.rank)))


def row_of(prize: Prize) -> Row:
    """A prize as a sealed draw commits to it."""
    return Row(prize.rank, prize.name, prize.amount_fen, prize.quantity, **terms_in(prize))


def live_row_of(prize: Prize) -> LiveRow:
    """A prize as a live draw commits to it."""
    return LiveRow(prize.rank, prize.name, prize.amount_fen, prize.top_fen, prize.quantity, **terms_in(prize))


def committed_table(campaign: Campaign) -> Table | LiveTable:
    """What the commitment is of, with the key."""
    return live_table_of(campaign.prizes.all()) if campaign.draw == LIVE else table_of_campaign(campaign)


def draw_of(campaign: Campaign) -> CampaignDraw:
    """The draw of a published campaign; kept in the process under its commitment."""
    return _draw_of(campaign.pk, campaign.commitment)


@lru_cache(maxsize=DRAWS_KEPT)
def _draw_of(campaign_id: int, commitment: str) -> CampaignDraw:
    campaign = Campaign.objects.get(pk=campaign_id, commitment=commitment)
    prizes = {prize.rank: prize for prize in campaign.prizes.all()}
    key = bytes(campaign.sealed_key)
    if campaign.draw == LIVE:
        return CampaignDraw(LiveDraw(key, live_table_of(prizes.values())), prizes)
    return CampaignDraw(SealedDraw(key, table_of_campaign(campaign)), prizes)
