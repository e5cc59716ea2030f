"""How much of limits and narrower budgets is used, and whether the tallies say what their claims took."""

from collections.abc import Iterator

from django.db import connection

from rewards.models import Campaign, Tally
from rewards.models.tally import BUDGETS

NEWEST = 30
# What budgets should say is told by the grants; a limit counts each claim that is promised or held.
AGAINST_CLAIMS = """
SELECT * FROM (
  SELECT t.id, t.campaign_id, t.kind, t.whose, t.day, t.taken, coalesce(sum(
    CASE WHEN t.kind = ANY (%(budgets)s) THEN (
      SELECT sum(g.amount_fen) FROM rewards_grant g WHERE g.claim_id = e.claim_id AND g.state <> 'released')
    ELSE (SELECT count(*) FROM rewards_claim cl WHERE cl.opening_id = e.claim_id AND cl.state <> 'refused')
    END), 0) AS due
  FROM rewards_tally t LEFT JOIN rewards_tallyentry e ON e.tally_id = t.id
  GROUP BY t.id) AS counted
WHERE taken <> due ORDER BY id
"""


def budgets_used(campaign: Campaign) -> list[Tally]:
    """The newest tallies of its budgets of a day, a region and a store."""
    return list(campaign.tallies.filter(kind__in=BUDGETS).order_by("-day", "-pk")[:NEWEST])


def differences() -> Iterator[str]:
    """A line for each tally that says otherwise than its claims and grants: a check of settings.RECOUNTS."""
    with connection.cursor() as cursor:
        cursor.execute(AGAINST_CLAIMS, {"budgets": list(BUDGETS)})
        rows = cursor.fetchall()
    for _id, campaign_id, kind, whose, day, taken, due in rows:
        about = " ".join(str(part) for part in (kind, whose, day) if part)
        yield f"campaign {campaign_id}: {about} is at {taken}, its claims took {due}"
