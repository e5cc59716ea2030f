"""The one statement that keeps a promise: budget, claim, grants, bills, postings, the day to count anew.

A claim that the risk rules had something to say of is kept by the same statement with their rows beside.

All of it is kept, or none: the claim's row decides, and where an opening has a promise already the statement fails
as a whole. What the rows are is decided where it always is (`promising`, `payouts`, `ledger`); here they are written.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from psycopg import errors
from psycopg.types.json import Jsonb

from core.json import dumps
from core.prepared import row_of
from rewards.models import Claim, Grant, Payout, Voucher
from rewards.refusals import ClaimRefused
from rewards.services.budget import TAKE_UNLOCKED
from rewards.services.tallying import TALLIED, refusal_of

CLAIM_COLUMNS = "opening_id, brand_id, consumer_id, campaign_id, prize_id, state, reason, claimed_at"
CLAIM_VALUES = """%(opening_id)s::bigint, %(brand_id)s::bigint, %(consumer_id)s::uuid, %(campaign_id)s::bigint,
    %(prize_id)s::bigint, %(state)s::text, %(reason)s::text, %(claimed_at)s::timestamptz"""
# A claim is written with its outcome; only a refused one may be written again.
AGAIN = """
  ON CONFLICT (opening_id) DO UPDATE SET
    campaign_id = excluded.campaign_id, prize_id = excluded.prize_id,
    reason = excluded.reason, claimed_at = excluded.claimed_at, state = """
WRITE_REFUSAL = f"""
  INSERT INTO rewards_claim ({CLAIM_COLUMNS}) VALUES ({CLAIM_VALUES}) {AGAIN} excluded.state
  WHERE rewards_claim.state = 'refused'
  RETURNING opening_id
"""  # noqa: S608 - our own column names
JUDGED = """, judged AS (
  INSERT INTO rewards_riskjudgement (claim_id, brand_id, mode, outcome, score, findings, facts, thresholds, judged_at)
  SELECT claim.opening_id, one.brand_id, one.mode, one.outcome, one.score, one.findings, one.facts, one.thresholds,
    one.judged_at
  FROM claim, jsonb_populate_recordset(NULL::rewards_riskjudgement, %(judgements)s::jsonb) AS one
), reviewed AS (
  INSERT INTO rewards_riskreview (claim_id, brand_id, state, score, rules, held_at, decides_by, decided_by, remark)
  SELECT claim.opening_id, one.brand_id, one.state, one.score, one.rules, one.held_at, one.decides_by, '', ''
  FROM claim, jsonb_populate_recordset(NULL::rewards_riskreview, %(reviews)s::jsonb) AS one
)"""
ISSUED = """, issued AS (
  INSERT INTO rewards_voucher
  SELECT one.* FROM claim, jsonb_populate_recordset(NULL::rewards_voucher, %(vouchers)s::jsonb) AS one
)"""
REFUSE_JUDGED = f"WITH claim AS ({WRITE_REFUSAL}){JUDGED} SELECT opening_id FROM claim"  # noqa: S608 - our own parts
GRANT_COLUMNS = [field.attname for field in Grant._meta.concrete_fields]  # noqa: SLF001 - documented
GRANT_VALUES = ["slots.slot" if name == "budget_slot" else f"one.{name}" for name in GRANT_COLUMNS]
# Rows of a table type, filled from JSON objects by column name. Ids of postings come from their sequence.
# Where the opening has a promise already, its claim would become one without a state: that column takes no NULL, so
# the statement fails, and what it has taken from the budget is there again.
KEEP = f"""
WITH taken AS ({TAKE_UNLOCKED}
), slots AS (
  SELECT slot FROM taken UNION ALL SELECT %(slot)s::int WHERE %(slot)s::int IS NOT NULL
), claim AS (
  INSERT INTO rewards_claim ({CLAIM_COLUMNS}) SELECT {CLAIM_VALUES} FROM slots {AGAIN}
    CASE rewards_claim.state WHEN 'refused' THEN excluded.state END
  RETURNING opening_id
), granted AS (
  INSERT INTO rewards_grant ({", ".join(GRANT_COLUMNS)})
  SELECT {", ".join(GRANT_VALUES)}
  FROM claim, slots, jsonb_populate_recordset(NULL::rewards_grant, %(grants)s::jsonb) AS one
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
)"""  # noqa: S608 - parts of our own
ANSWER = " SELECT slots.slot FROM slots, claim"
STATEMENTS = {
    (judged, tallied, has_vouchers): KEEP
    + (ISSUED if has_vouchers else "")
    + (JUDGED if judged else "")
    + (TALLIED if tallied else "")
    + ANSWER
    for judged, tallied, has_vouchers in product((False, True), repeat=3)
}
"""By whether the risk rules had something to say, whether limits or narrower budgets count it, and vouchers come."""


class PromisedBefore(Exception):  # noqa: N818 - an outcome: the other promise stands
    """The opening has a promise already; nothing was written."""


@dataclass(frozen=True, slots=True)
class Tallied:
    """What limits and narrower budgets look at: the store that surely sold the item, if any."""

    sold_by: int | None


@dataclass(frozen=True, slots=True)
class Promise:
    """The rows of a promise, none written yet. `amount_fen` is what they take from the budget.

    `tallied`: the campaign has limits or narrower budgets, which count it.
    `postings`, `judgements` and `reviews` are columns by name; `slot` is where the amount was taken already, None
    where it is still to be taken.
    """

    claim: Claim
    grants: Sequence[Grant]
    payouts: Sequence[Payout]
    postings: Sequence[Mapping[str, Any]]
    amount_fen: int
    slot: int | None
    tallied: Tallied | None = None
    judgements: Sequence[Mapping[str, Any]] = ()
    reviews: Sequence[Mapping[str, Any]] = ()
    vouchers: Sequence[Voucher] = ()


def write_refusal(claim: Claim, *, judgements: Sequence[Mapping[str, Any]] = ()) -> None:
    """Write a refused claim, and what the risk rules said; a promise on the same opening stands."""
    if judgements:
        row_of(REFUSE_JUDGED, columns_of(claim) | risk_parameters(judgements, ()))
    else:
        row_of(WRITE_REFUSAL, columns_of(claim))


def risk_parameters(judgements: Sequence[Mapping[str, Any]], reviews: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The rows of the risk rules as documents."""
    rows = {"judgements": list(judgements), "reviews": list(reviews)}
    return {name: Jsonb(given, dumps=dumps) for name, given in rows.items()}


def write_promise(promise: Promise, *, home: int) -> int | None:
    """The budget slot that the promise was paid from, `home` or one after it; None where none had enough to take.

    The day of the grants' store is marked to be counted anew.

    Raises:
        PromisedBefore: as it says.
        ClaimRefused: a limit or a narrower budget would be gone over; nothing was written.
        IntegrityError: as for each of the rows by itself; nothing was written.
    """
    counted = promise.grants[0] if promise.grants else None
    rows = {
        "grants": [columns_of(row) for row in promise.grants],
        "payouts": [columns_of(row) for row in promise.payouts],
        "postings": list(promise.postings),
    }
    parameters = columns_of(promise.claim) | {name: Jsonb(given, dumps=dumps) for name, given in rows.items()}
    parameters |= {"amount": promise.amount_fen, "slot": promise.slot, "home": home}
    parameters |= {"store_id": counted and counted.store_id, "day": counted and counted.day}
    statement = STATEMENTS[bool(promise.judgements), promise.tallied is not None, bool(promise.vouchers)]
    if promise.vouchers:
        parameters["vouchers"] = Jsonb([columns_of(row) for row in promise.vouchers], dumps=dumps)
    if promise.judgements:
        parameters |= risk_parameters(promise.judgements, promise.reviews)
    if promise.tallied is not None:
        sold_by = promise.tallied.sold_by
        parameters["sold_by"] = None if sold_by is None else str(sold_by)
    try:
        with undoing_alone():
            written = row_of(statement, parameters)
    except IntegrityError as error:
        if has_a_promise(error.__cause__):
            raise PromisedBefore from error
        raise refusal_in(error.__cause__) or error from error
    return None if written is None else int(written["slot"])


def undoing_alone() -> AbstractContextManager[None]:
    """What a failing statement undoes is itself alone: by itself it is a transaction, in one it needs a savepoint."""
    return transaction.atomic() if transaction.get_connection().in_atomic_block else nullcontext()


def refusal_in(fault: BaseException | None) -> ClaimRefused | None:
    """The refusal of a limit or narrower budget that would have been gone over; None for another fault."""
    return refusal_of(fault.diag.constraint_name) if isinstance(fault, errors.CheckViolation) else None


def has_a_promise(fault: BaseException | None) -> bool:
    """Whether a statement failed because the opening's claim had its promise, and would have lost its state."""
    if not isinstance(fault, errors.NotNullViolation):
        return False
    return (fault.diag.table_name, fault.diag.column_name) == ("rewards_claim", "state")


def columns_of(row: Model) -> dict[str, Any]:
    """A row that was not written yet, by the names of its columns."""
    known = vars(row)
    return {name: known[name] for name in names_of(type(row))}


@cache
def names_of(model: type[Model]) -> list[str]:
    """The columns of a model, as its rows name them."""
    return [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001 - documented
