"""What was won of each prize, against what the table holds or its weights lead to expect."""

from dataclasses import dataclass
from fractions import Fraction

from django.db import connection
from django.db.models import Count, Q, Sum

from rewards.models import Campaign, Claim, Grant, Prize

ELSEWHERE = """
SELECT count(*) FROM rewards_campaignspan cs
JOIN rewards_claim cl ON cl.opening_id >= lower(cs.serials) AND cl.opening_id < upper(cs.serials)
WHERE cs.campaign_id = %(campaign)s AND cl.campaign_id <> %(campaign)s AND cl.state <> 'refused'
"""


@dataclass(frozen=True, slots=True)
class Won:
    """One prize: how often it was won, for how much in all, and how often by the table.

    `due` is the table's number in a sealed draw; in a live one the share of all that was won by the weight.
    """

    prize: Prize
    times: int
    fen: int
    due: Fraction


def draw_report(campaign: Campaign) -> list[Won]:
    """The prizes by rank. Two queries."""
    prizes = list(campaign.prizes.all())
    claims = campaign.claims.filter(state=Claim.State.PROMISED).order_by().values("prize")
    own = Q(grants__payee__in=[Grant.Payee.CONSUMER, Grant.Payee.REDEEMER])
    counted = claims.annotate(times=Count("pk", distinct=True), fen=Sum("grants__amount_fen", filter=own, default=0))
    won = {row["prize"]: (row["times"], row["fen"]) for row in counted}
    times = sum(count for count, _ in won.values())
    weights = sum(prize.quantity for prize in prizes)
    is_live = campaign.draw == Campaign.Draw.LIVE
    return [
        Won(
            prize,
            *won.get(prize.pk, (0, 0)),
            due=Fraction(times * prize.quantity, weights) if is_live else Fraction(prize.quantity),
        )
        for prize in prizes
    ]


def items_elsewhere(campaign: Campaign) -> int:
    """How many items of its orders were promised a prize of another campaign: theirs of this one stays unclaimed."""
    with connection.cursor() as cursor:
        cursor.execute(ELSEWHERE, {"campaign": campaign.pk})
        return int(cursor.fetchone()[0])
