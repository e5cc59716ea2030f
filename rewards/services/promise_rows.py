"""The one statement that keeps a promise: claim, grants, bills, postings, the day to count anew.

All of its rows are kept, or none: the claim's row decides, and where an opening has a promise already nothing is
inserted. What the rows are is decided where it always is (`promising`, `payouts`, `ledger`); here they are written.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from psycopg.types.json import Jsonb

from core.json import dumps
from core.prepared import row_of
from rewards.models import Claim, Grant, Payout, Posting

CLAIM_COLUMNS = "opening_id, brand_id, consumer_id, campaign_id, prize_id, state, reason, claimed_at"
# A claim is written with its outcome; only a refused one may be written again. No row back: it was promised before.
WRITE_CLAIM = f"""
INSERT INTO rewards_claim ({CLAIM_COLUMNS})
VALUES (%(opening_id)s, %(brand_id)s, %(consumer_id)s, %(campaign_id)s, %(prize_id)s,
  %(state)s, %(reason)s, %(claimed_at)s)
ON CONFLICT (opening_id) DO UPDATE SET
  campaign_id = excluded.campaign_id, prize_id = excluded.prize_id,
  state = excluded.state, reason = excluded.reason, claimed_at = excluded.claimed_at
WHERE rewards_claim.state = 'refused'
RETURNING opening_id
"""  # noqa: S608 - our own column names
# Rows of a table type, filled from JSON objects by column name. Ids of postings come from their sequence.
WRITE_PROMISE = f"""
WITH claim AS ({WRITE_CLAIM}), granted AS (
  INSERT INTO rewards_grant
  SELECT one.* FROM claim, jsonb_populate_recordset(NULL::rewards_grant, %(grants)s::jsonb) AS one
), billed AS (
  INSERT INTO rewards_payout
  SELECT one.* FROM claim, jsonb_populate_recordset(NULL::rewards_payout, %(payouts)s::jsonb) AS one
), posted AS (
  INSERT INTO rewards_posting (brand_id, from_account_id, to_account_id, amount_fen, reason, grant_id, payout_id,
    posted_by, posted_at)
  SELECT one.brand_id, one.from_account_id, one.to_account_id, one.amount_fen, one.reason, one.grant_id,
    one.payout_id, one.posted_by, one.posted_at
  FROM claim, jsonb_populate_recordset(NULL::rewards_posting, %(postings)s::jsonb) AS one
), pending AS (
  INSERT INTO stores_pendingcount (store_id, day)
  SELECT %(store_id)s::bigint, %(day)s::date FROM claim WHERE %(store_id)s::bigint IS NOT NULL
)
SELECT opening_id FROM claim
"""  # noqa: S608 - parts of our own


def write_claim(claim: Claim) -> bool:
    """Whether the claim was written; not where the opening has a promise."""
    return row_of(WRITE_CLAIM, columns_of(claim)) is not None


def write_promise(
    claim: Claim, *, grants: Sequence[Grant], payouts: Sequence[Payout], postings: Sequence[Posting]
) -> bool:
    """The same with all that the claim promises; the day of the grants' store is marked to be counted anew.

    Raises:
        IntegrityError: as for each of the rows by itself; nothing was written.
    """
    counted = grants[0] if grants else None
    rows = {"grants": grants, "payouts": payouts, "postings": postings}
    parameters = columns_of(claim) | {
        name: Jsonb([columns_of(row) for row in of_kind], dumps=dumps) for name, of_kind in rows.items()
    }
    parameters |= {"store_id": counted and counted.store_id, "day": counted and counted.day}
    return row_of(WRITE_PROMISE, parameters) is not None


def columns_of(row: Model) -> dict[str, Any]:
    """A row that was not written yet, by the names of its columns."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}  # noqa: SLF001 - documented
