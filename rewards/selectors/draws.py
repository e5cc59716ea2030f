"""The sealed draw of a campaign, from its rows."""

from dataclasses import dataclass
from functools import lru_cache

from rewards.draw.sealed import Block, Row, SealedDraw, Table, table_of
from rewards.models import Campaign, Prize

DRAWS_KEPT = 16
"""A ranked draw keeps up to 4 MB; so many campaigns are claimed on at a time in one process."""


@dataclass(frozen=True, slots=True)
class CampaignDraw:
    """A published campaign's draw, and its prizes by rank. Nothing of it changes after publication."""

    draw: SealedDraw
    prizes: dict[int, Prize]

    def prize_at(self, position: int) -> Prize:
        """What the unit at this position of the campaign has won."""
        return self.prizes[self.draw.row_at(position).rank]


def table_of_campaign(campaign: Campaign) -> Table:
    """The table as it is sealed, from the campaign's prizes and spans. Two queries."""
    rows = [Row(prize.rank, prize.name, prize.amount_fen, prize.quantity) for prize in campaign.prizes.all()]
    spans = campaign.spans.order_by("first_position").values_list("serials", flat=True)
    return table_of(rows, [Block(span.lower, span.upper - 1) for span in spans])


def draw_of(campaign: Campaign) -> CampaignDraw:
    """The draw of a published campaign; kept in the process under its commitment."""
    return _draw_of(campaign.pk, campaign.commitment)


@lru_cache(maxsize=DRAWS_KEPT)
def _draw_of(campaign_id: int, commitment: str) -> CampaignDraw:
    campaign = Campaign.objects.get(pk=campaign_id, commitment=commitment)
    prizes = {prize.rank: prize for prize in campaign.prizes.all()}
    return CampaignDraw(SealedDraw(bytes(campaign.sealed_key), table_of_campaign(campaign)), prizes)
