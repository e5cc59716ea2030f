"""Who has had as much as a provider pays one person a day: asked before a promise, and again before a hand-over."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from core import clock
from rewards.providers.interface import Ceiling

# What was handed over before counts, each bill as long as it is alive or paid; of two at the same moment, the older.
OVER = """
SELECT own.id
FROM rewards_payout own JOIN rewards_payout other
  ON other.provider = own.provider AND other.payee_account = own.payee_account AND other.provider <> 'sandbox'
  AND other.sent_at >= %(day_began)s AND other.state NOT IN ('created', 'failed', 'cancelled')
  AND (other.sent_at, other.id) <= (own.sent_at, own.id)
WHERE own.id = ANY(%(ids)s::uuid[])
GROUP BY own.id
HAVING sum(other.amount_fen) > %(amount_fen)s OR count(*) > %(bills)s
"""


def over_ceiling(payout_ids: Collection[UUID], ceiling: Ceiling, *, now: dt.datetime, zone: str) -> set[UUID]:
    """Those of the payouts, all being handed over, with which their payee would get more than the ceiling today."""
    day_began, _ = clock.day_bounds(clock.business_day(now, zone), zone)
    parameters: dict[str, Any] = {"ids": list(payout_ids), "day_began": day_began}
    with connection.cursor() as cursor:
        cursor.execute(OVER, parameters | {"amount_fen": ceiling.amount_fen, "bills": ceiling.bills})
        return {row[0] for row in cursor.fetchall()}


PROMISED = """
  (SELECT jsonb_build_array(coalesce(sum(g.amount_fen), 0), count(*)) FROM rewards_grant g
    WHERE g.promised_at >= %(payee_day)s::timestamptz AND g.state <> 'released' AND g.consumer_id IN (
      SELECT op.consumer_id UNION
      SELECT theirs.consumer_id FROM rewards_payeeaccount mine JOIN rewards_payeeaccount theirs
        ON theirs.provider = mine.provider AND theirs.account = mine.account
      WHERE mine.consumer_id = op.consumer_id AND mine.provider = %(provider)s))"""
"""As a part of the claim's statement, whose opening is `op`: what the opener's person was promised since `payee_day`,
in fen, and in how many grants."""


@dataclass(frozen=True, slots=True)
class PromisedToday:
    """What one person was promised on the provider's present day."""

    amount_fen: int
    grants: int

    def leaves_room_for(self, amount_fen: int, ceiling: Ceiling) -> bool:
        """Whether as much more can be paid to them today. The first promise of a day always passes."""
        fits = self.amount_fen + amount_fen <= ceiling.amount_fen and self.grants < ceiling.bills
        return fits or not self.grants
