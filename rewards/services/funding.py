"""Money into a campaign's budget, and what is left of it back to the brand."""

import datetime as dt

from rewards.models import BudgetSlot, Campaign, Posting, Reason
from rewards.models.campaign import BUDGET_SLOTS
from rewards.services import ledger
from rewards.services.budget import lock_slots, write_slots
from rewards.services.ledger import Move


def pay_in(*, campaign: Campaign, amount_fen: int, actor: str, now: dt.datetime) -> Posting:
    """SOURCE → BUDGET, spread evenly over the slots. In the caller's transaction."""
    ledger.open_accounts(campaign=campaign)
    BudgetSlot.objects.bulk_create(
        [BudgetSlot(campaign=campaign, slot=slot, free_fen=0) for slot in range(BUDGET_SLOTS)], ignore_conflicts=True
    )
    slots = lock_slots(campaign.pk)
    share, rest = divmod(amount_fen, len(slots))
    for number, slot in enumerate(slots):
        slot.free_fen += share + (number < rest)
    write_slots(slots)
    return ledger.post(moves=[move(campaign, Reason.FUND, amount_fen)], posted_by=actor, now=now)[0]


def pay_back(*, campaign: Campaign, amount_fen: int, actor: str, now: dt.datetime) -> Posting:
    """BUDGET → RETURNED of a part of what is free, from all slots alike. In the caller's transaction.

    Raises:
        IntegrityError: so much is not free.
    """
    slots = lock_slots(campaign.pk)
    missing, left = amount_fen, len(slots)
    for slot in sorted(slots, key=lambda slot: slot.free_fen):
        part = min(slot.free_fen, -(-missing // left))
        slot.free_fen -= part
        missing, left = missing - part, left - 1
    slots[0].free_fen -= missing  # nothing, or what the database refuses
    write_slots(slots)
    return ledger.post(moves=[move(campaign, Reason.REFUND, amount_fen)], posted_by=actor, now=now)[0]


def return_rest(*, campaign: Campaign, actor: str, now: dt.datetime) -> int:
    """BUDGET → RETURNED of all that is free; how much that was, in fen. In the caller's transaction."""
    slots = lock_slots(campaign.pk)
    rest = sum(slot.free_fen for slot in slots)
    if rest:
        BudgetSlot.objects.filter(campaign=campaign).update(free_fen=0)
        ledger.post(moves=[move(campaign, Reason.REFUND, rest)], posted_by=actor, now=now)
    return rest


def move(campaign: Campaign, reason: Reason, amount_fen: int) -> Move:
    """A move of the campaign's own money, for no grant."""
    return Move(reason=reason, brand_id=campaign.brand_id, campaign_id=campaign.pk, amount_fen=amount_fen)
