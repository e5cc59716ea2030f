"""How much may be paid in for a campaign, and how much of its money may go back to the brand. All in fen."""

from dataclasses import dataclass

from django.db.models import Sum

from rewards.campaign_moves import LIVE, OVER
from rewards.models import BudgetSlot, Campaign, Transfer
from rewards.selectors.liability import paid_in


@dataclass(frozen=True, slots=True)
class Room:
    """`most_fen` is the most that may be moved, None where there is no upper end."""

    most_fen: int | None
    is_running: bool = False
    is_over: bool = False


def room_for(campaign: Campaign, direction: str) -> Room:
    """What the campaign's state allows at this moment. What consumers were promised by publication stays there."""
    is_running, is_over = campaign.state in LIVE, campaign.state in OVER
    if direction == Transfer.Direction.REFUND:
        return Room(0, is_running=True) if is_running else Room(free_in(campaign))
    if is_over:
        return Room(0, is_over=True)
    return Room(None) if is_running else Room(campaign.budget_fen - paid_in(campaign))


def free_in(campaign: Campaign) -> int:
    """What no promise has reserved."""
    return int(BudgetSlot.objects.filter(campaign=campaign).aggregate(free=Sum("free_fen", default=0))["free"])
