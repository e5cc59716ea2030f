"""What a campaign may cost at most, and what was paid in for it. All in fen."""

from django.db.models import Q, Sum

from rewards.models import Campaign, Posting, Reason
from rewards.selectors.claim_facts import SHARES


def liability_of(campaign: Campaign) -> int:
    """What the budget must cover: all prizes of a sealed draw, and all shares for each of them.

    A live draw goes on while the budget lasts, which must at least cover its largest prize with the shares.
    """
    shares: int = sum(getattr(campaign, name) for name in SHARES)
    prizes = campaign.prizes.all()
    if campaign.draw == Campaign.Draw.LIVE:
        return max((prize.top_fen for prize in prizes), default=0) + shares
    return sum((prize.amount_fen + shares) * prize.quantity for prize in prizes)


def paid_in(campaign: Campaign) -> int:
    """What the brand paid in, less what went back to it."""
    own = Posting.objects.filter(from_account__campaign=campaign)
    sums = own.aggregate(
        paid=Sum("amount_fen", default=0, filter=Q(reason=Reason.FUND)),
        back=Sum("amount_fen", default=0, filter=Q(reason=Reason.REFUND)),
    )
    return int(sums["paid"] - sums["back"])
