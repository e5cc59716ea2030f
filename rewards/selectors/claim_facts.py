"""What decides a claim, read in one statement.

The scan, the item, its opening and binding, the running campaign, and what the risk rules look at.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model

from codes.selectors.states import StateName, decide_of_order
from consumers.sharing import sharer_in
from core.prepared import row_of
from rewards.models import Campaign
from rewards.risk.facts import Facts
from rewards.selectors.ceilings import PROMISED, PromisedToday
from rewards.selectors.referrers import REFERRER
from rewards.selectors.risk_facts import columns, facts_of_row, joins
from rewards.selectors.risk_rules import RiskTerms, terms_of
from rewards.selectors.running import RUNNING, SURE_ENOUGH
from stores.models import StoreOwner

SHARES = ("owner_share_fen", "salesperson_share_fen", "referrer_share_fen")
Row = TypeVar("Row", bound=Model)
NOW = "%(now)s::timestamptz"
SOLD_BY = f"CASE WHEN bi.confidence >= {SURE_ENOUGH} THEN bi.store_id END"
HERE = {"serial": "sc.serial", "batch": "o.batch_id", "brand": "o.brand_id", "store": SOLD_BY, "anywhere": "false"}
BY_THE_RULES, BY_REVIEW = "risk", "risk_review"
"""Reasons of refused claims: the rules may look again, a decision stands."""

STATEMENT = f"""
SELECT sc.brand_id AS scan_brand_id, sc.serial, sc.role, sc.verdict, sc.consumer_id AS scanned_by, sc.visitor,
  o.state AS order_state,
  ARRAY(SELECT sp.kind FROM codes_span sp
        WHERE sp.serials @> sc.serial AND sp.revoked_at IS NULL AND sp.effective_at <= %(now)s
        ORDER BY sp.id) AS said,
  op.serial AS opened_serial, op.brand_id AS opened_brand_id, op.consumer_id AS opened_by, op.day,
  (SELECT jsonb_object_agg(
      CASE WHEN pa.store_owner_id IS NOT NULL THEN 'store_owner' WHEN pa.salesperson_id IS NOT NULL THEN 'salesperson'
        WHEN pa.consumer_id = op.consumer_id THEN 'consumer' ELSE 'referrer' END,
      jsonb_build_array(pa.account, pa.name <> ''))
    FROM rewards_payeeaccount pa
    WHERE pa.provider = %(provider)s AND (pa.consumer_id IN (op.consumer_id, rf.id) OR pa.store_owner_id = ow.id
      OR pa.salesperson_id = bi.salesperson_id)) AS accounts,
  NULL AS promised_today,
  os.via, rf.id AS referrer_id, bi.salesperson_id,
  bi.store_id, bi.confidence, ow.id AS owner_id, ow.wallet AS owner_wallet, cl.state AS claim_state,
  cl.reason AS claim_reason, rv.decides_by,
  run.id AS campaign_id, run.name, run.name_en, run.commitment, run.owner_share_fen, run.salesperson_share_fen,
  run.referrer_share_fen, run.is_tallied, run.position,
  EXISTS (SELECT FROM rewards_grant lg WHERE lg.consumer_id = op.consumer_id AND lg.state = 'locked'
    AND lg.payee = 'consumer' AND lg.locked_until > %(now)s) AS unlocks,
  rr.mode AS risk_mode, rr.thresholds::text AS risk_thresholds, rr.review_hours, {columns(NOW)}
FROM codes_scan sc
LEFT JOIN codes_codeorder o ON o.serials @> sc.serial
LEFT JOIN codes_opening op ON op.serial = sc.serial
LEFT JOIN codes_binding bi ON bi.opening_id = op.serial
LEFT JOIN stores_store st ON st.id = bi.store_id
LEFT JOIN stores_storeowner ow ON ow.id = st.owner_id
LEFT JOIN rewards_claim cl ON cl.opening_id = op.serial
LEFT JOIN rewards_riskreview rv ON rv.claim_id = op.serial
LEFT JOIN rewards_riskrule rr ON rr.brand_id = op.brand_id
LEFT JOIN LATERAL ({RUNNING.format(**HERE)}) AS run ON true
{joins(NOW)}
{REFERRER}
WHERE sc.id = %(scan)s::uuid
"""  # noqa: S608 - a part of our own
WITH_CEILING = STATEMENT.replace("NULL AS promised_today", f"{PROMISED} AS promised_today")
"""For providers that pay a person so much a day and no more."""


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """Where a payee is paid at the present provider, sealed, and whether their real name is known too."""

    account: str
    named: bool


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """The opening of an item, the store bound by it and how surely; `owner` is whom that store's share goes to.

    `salesperson_id` looked after the store then; `referrer_id` is the consumer by whose link the opener came.
    `promised_today` is the opener's, told where the caller asked for it.
    `accounts`: by kind of payee (Grant.Payee), for those who have one.
    """

    serial: int
    brand_id: int
    consumer_id: UUID
    day: dt.date
    store_id: int | None
    confidence: float
    owner: StoreOwner | None
    salesperson_id: int | None = None
    referrer_id: UUID | None = None
    promised_today: PromisedToday | None = None
    accounts: Mapping[str, KnownAccount] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Running:
    """The campaign that runs for an item, and the item's position in its sealed draw."""

    campaign: Campaign
    position: int


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """A scan, and how its item stands. `state`: None where no order holds the serial; `is_promised`: claimed before.

    `unlocks`: the consumer has a locked envelope, which this opening unlocks.
    `held_until`: by when the claim will be decided, where it is held. `refused_for`: why it was refused before, if it
    was. The rows inside (campaign, owner) carry the columns that a claim needs; others are read when they are asked
    for.
    """

    brand_id: int | None
    serial: int | None
    role: int | None
    verdict: str
    scanned_by: UUID | None
    visitor: str
    state: StateName | None
    opening: OpeningFacts | None
    is_promised: bool
    held_until: dt.datetime | None
    refused_for: str
    running: Running | None
    unlocks: bool
    risk: Facts
    terms: RiskTerms


def claim_facts(scan_id: UUID, now: dt.datetime, *, payee_day: dt.datetime | None = None) -> ClaimFacts | None:
    """The facts of a scan as of `now`; None where there is no such scan. Nothing is locked.

    `payee_day`: when the provider's day began, where it pays a person so much a day and no more.
    """
    told = {"scan": scan_id, "now": now, "provider": settings.PAYMENT_PROVIDER}
    row = row_of(STATEMENT, told) if payee_day is None else row_of(WITH_CEILING, told | {"payee_day": payee_day})
    if row is None:
        return None
    return ClaimFacts(
        brand_id=row["scan_brand_id"],
        serial=row["serial"],
        role=row["role"],
        verdict=row["verdict"],
        scanned_by=row["scanned_by"],
        visitor=row["visitor"],
        state=decide_of_order(row["order_state"], row["said"]) if row["order_state"] else None,
        opening=_opening(row) if row["opened_serial"] is not None else None,
        is_promised=row["claim_state"] == "promised",
        held_until=row["decides_by"] if row["claim_state"] == "held" else None,
        refused_for=row["claim_reason"] or "",
        running=_running(row) if row["campaign_id"] is not None else None,
        unlocks=row["unlocks"],
        risk=facts_of_row(row, refused_before=row["claim_reason"] == BY_THE_RULES),
        terms=terms_of(row["risk_mode"], row["risk_thresholds"], row["review_hours"]),
    )


def _opening(row: Mapping[str, Any]) -> OpeningFacts:
    owner_id, wallet = row["owner_id"], row["owner_wallet"]
    return OpeningFacts(
        serial=row["opened_serial"],
        brand_id=row["opened_brand_id"],
        consumer_id=row["opened_by"],
        day=row["day"],
        store_id=row["store_id"],
        confidence=row["confidence"],
        owner=None if owner_id is None else _row_with(StoreOwner, {"id": owner_id, "wallet": wallet}),
        salesperson_id=row["salesperson_id"],
        referrer_id=_referrer(row),
        promised_today=PromisedToday(*row["promised_today"]) if row["promised_today"] else None,
        accounts={payee: KnownAccount(*known) for payee, known in (row["accounts"] or {}).items()},
    )


def _referrer(row: Mapping[str, Any]) -> UUID | None:
    """Whom the opening's link names, if they are a consumer who may be paid for it and the link is ours."""
    known: UUID | None = row["referrer_id"]
    return known if known is not None and sharer_in(row["via"], row["opened_brand_id"]) == known else None


def _running(row: Mapping[str, Any]) -> Running:
    columns = {name: row[name] for name in ("name", "name_en", "commitment", *SHARES, "is_tallied")}
    return Running(_row_with(Campaign, columns | {"id": row["campaign_id"]}), row["position"])


def _row_with(model: type[Row], columns: Mapping[str, Any]) -> Row:
    """A stored row of which these columns are known."""
    known = [field.attname for field in model._meta.concrete_fields if field.attname in columns]  # noqa: SLF001
    return model.from_db(DEFAULT_DB_ALIAS, known, [columns[name] for name in known])
