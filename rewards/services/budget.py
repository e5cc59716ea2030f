"""Taking from a campaign's free budget and giving back to it. No slot ever goes below zero: the database says so."""

from collections.abc import Callable, Sequence

from django.db import connection
from django.db.models import F, Sum

from rewards.models import BudgetSlot
from rewards.models.campaign import BUDGET_SLOTS

Take = Callable[[int, int, int], int | None]
"""(campaign id, home slot, amount in fen) → the slot that the amount is taken from, or None where it can't be."""

TAKE_UNLOCKED = f"""
  UPDATE rewards_budgetslot SET free_fen = free_fen - %(amount)s::bigint
  WHERE %(slot)s::int IS NULL AND id = (
    SELECT id FROM rewards_budgetslot
    WHERE campaign_id = %(campaign_id)s::bigint AND free_fen >= %(amount)s::bigint
    ORDER BY (slot - %(home)s::int + {BUDGET_SLOTS}) %% {BUDGET_SLOTS}
    LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING slot"""  # noqa: S608 - a constant of ours
"""Take from the first slot after `home` that has enough and that nobody else is taking from. Never waits.

Nothing where `slot` says where it was taken already. A part of the statement that writes the promise.
"""
WRITE = """
  UPDATE rewards_budgetslot one SET free_fen = told.free_fen
  FROM unnest(%s::bigint[], %s::bigint[]) AS told (id, free_fen) WHERE one.id = told.id"""


def home_slot(serial: int) -> int:
    """Where a unit's claim looks for money first; neighbours on a shelf fall on different slots."""
    return serial % BUDGET_SLOTS


def take_home(campaign_id: int, home: int, amount_fen: int) -> int | None:
    """Take from `home`, waiting for those who are taking from it."""
    slots = BudgetSlot.objects.filter(campaign_id=campaign_id, slot=home, free_fen__gte=amount_fen)
    return home if slots.update(free_fen=F("free_fen") - amount_fen) else None


def take_together(campaign_id: int, home: int, amount_fen: int) -> int | None:
    """Lock all slots, in their order, and put the amount together from several; it then counts as `home`'s."""
    slots = lock_slots(campaign_id)
    if sum(slot.free_fen for slot in slots) < amount_fen:
        return None
    missing = amount_fen
    for slot in slots:
        part = min(slot.free_fen, missing)
        slot.free_fen -= part
        missing -= part
    write_slots(slots)
    return home


def lock_slots(campaign_id: int) -> list[BudgetSlot]:
    """All slots, locked in the one order that everybody keeps."""
    return list(BudgetSlot.objects.filter(campaign_id=campaign_id).order_by("slot").select_for_update())


def write_slots(slots: Sequence[BudgetSlot]) -> None:
    """Write what is free in locked slots.

    Raises:
        IntegrityError: that is less than nothing in one of them.
    """
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [[slot.pk for slot in slots], [slot.free_fen for slot in slots]])


WAYS: tuple[Take | None, ...] = (None, take_home, take_together)
"""From the cheapest to the surest; None is TAKE_UNLOCKED, by the promise itself.

Each begins in a transaction that holds no slot yet, so none can deadlock.
"""


def free_fen(campaign_id: int) -> int:
    """The free budget as committed; those who are taking from it at this moment may lower it yet."""
    found = BudgetSlot.objects.filter(campaign_id=campaign_id).aggregate(free=Sum("free_fen", default=0))
    return int(found["free"])


def give_back(*, campaign_id: int, slot: int, amount_fen: int) -> None:
    """Return a released promise's money to the slot that it came from."""
    BudgetSlot.objects.filter(campaign_id=campaign_id, slot=slot).update(free_fen=F("free_fen") + amount_fen)
