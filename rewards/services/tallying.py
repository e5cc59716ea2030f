"""Limits and narrower budgets: counted by the promise's own statement, given back where promises end otherwise."""

from collections.abc import Iterable

from django.db import connection

from rewards.models import Grant
from rewards.models.tally import BUDGETS, KEPT, KINDS
from rewards.refusals import (
    ClaimRefused,
    DayBudgetSpent,
    PersonDayLimit,
    PersonLimit,
    RegionBudgetSpent,
    StoreBudgetSpent,
    StoreDayLimit,
)

REFUSALS: dict[str, type[ClaimRefused]] = {
    "budget_day": DayBudgetSpent,
    "budget_region": RegionBudgetSpent,
    "budget_store": StoreBudgetSpent,
    "person": PersonLimit,
    "person_day": PersonDayLimit,
    "store_day": StoreDayLimit,
}

TALLIED = """, counted AS (
  INSERT INTO rewards_tally (campaign_id, kind, whose, day, taken, most)
  SELECT c.id, one.kind, one.whose, one.day, one.taken, one.most
  FROM claim, rewards_campaign c JOIN stores_brand br ON br.id = c.brand_id,
    LATERAL (SELECT (%(claimed_at)s::timestamptz AT TIME ZONE br.timezone)::date AS day) AS today,
    LATERAL (
      VALUES
        ('budget_day', '', today.day, %(amount)s::bigint, c.day_budget_fen),
        ('budget_store', %(sold_by)s::text, NULL::date, %(amount)s::bigint, c.store_budget_fen),
        ('person', %(consumer_id)s::text, NULL, 1, c.person_limit),
        ('person_day', %(consumer_id)s::text, today.day, 1, c.person_day_limit),
        ('store_day', %(sold_by)s::text, today.day, 1, c.store_day_limit)
      UNION ALL
      SELECT 'budget_region', rb.region_id, NULL, %(amount)s::bigint, rb.amount_fen
      FROM stores_store st JOIN stores_region re ON re.code = st.region_id
      JOIN rewards_regionbudget rb ON rb.campaign_id = c.id AND rb.region_id = ANY (re.lineage)
      WHERE st.id = %(sold_by)s::text::bigint
    ) AS one (kind, whose, day, taken, most)
  WHERE c.id = %(campaign_id)s::bigint AND one.most IS NOT NULL AND one.whose IS NOT NULL AND one.taken > 0
  ORDER BY one.kind, one.whose, one.day
  ON CONFLICT (campaign_id, kind, whose, day) DO UPDATE SET taken = rewards_tally.taken + excluded.taken
  RETURNING id, kind
), entered AS (
  INSERT INTO rewards_tallyentry (claim_id, tally_id, taken)
  SELECT claim.opening_id, counted.id, CASE WHEN counted.kind LIKE 'budget%%' THEN %(amount)s::bigint ELSE 1 END
  FROM claim, counted
)"""
"""A part of the promise's statement: it fails as a whole where a limit or budget would be gone over.

The rows are taken one after the other in the order of their kinds, as they are given back.
"""

GIVE_BACK = """
WITH back AS (
  SELECT e.id, e.tally_id, v.amount FROM unnest(%(claims)s::bigint[], %(amounts)s::bigint[]) AS v (claim_id, amount)
  JOIN rewards_tallyentry e ON e.claim_id = v.claim_id
  JOIN rewards_tally t ON t.id = e.tally_id AND t.kind = ANY (%(kinds)s::text[])
), locked AS (
  SELECT t.id FROM rewards_tally t WHERE t.id IN (SELECT tally_id FROM back)
  ORDER BY t.campaign_id, t.kind, t.whose, t.day FOR UPDATE
), entered AS (
  UPDATE rewards_tallyentry e SET taken = e.taken - sums.amount
  FROM (SELECT id, sum(amount) AS amount FROM back GROUP BY id) AS sums WHERE e.id = sums.id
)
UPDATE rewards_tally t SET taken = t.taken - sums.amount
FROM locked, (SELECT tally_id, sum(amount) AS amount FROM back GROUP BY tally_id) AS sums
WHERE t.id = locked.id AND sums.tally_id = t.id
"""


def give_back(grants: Iterable[Grant]) -> None:
    """Return what released grants had taken to the budgets of their day, region and store. One statement.

    The last thing that a transaction locks: after every slot of a budget.
    """
    released = [(grant.claim_id, grant.amount_fen) for grant in grants]
    take_off([claim for claim, _ in released], [amount for _, amount in released], BUDGETS)


def uncount(claim_id: int) -> None:
    """Take a claim that was refused for good out of the limits that had counted it."""
    take_off([claim_id], [1], [kind for kind in KINDS if kind not in BUDGETS])


def take_off(claims: list[int], amounts: list[int], kinds: Iterable[str]) -> None:
    """Lower the tallies of these kinds that the claims have entries in."""
    if claims:
        with connection.cursor() as cursor:
            cursor.execute(GIVE_BACK, {"claims": claims, "amounts": amounts, "kinds": list(kinds)})


def refusal_of(constraint: str | None) -> ClaimRefused | None:
    """The refusal that a broken constraint stands for; None where it is none of a tally's."""
    kind = (constraint or "").removeprefix(KEPT)
    return REFUSALS[kind]() if constraint and constraint.startswith(KEPT) and kind in REFUSALS else None
