"""What a scan may offer: settings.OFFER_SOURCE and CLOSED_OFFER_SOURCE of the codes room."""

import datetime as dt

from codes.offers import ClosedOffer, Offer
from core.prepared import row_of
from rewards.selectors.published_terms import terms_path
from rewards.selectors.running import RUNNING, SURE_ENOUGH, TAKING_PART

SERIAL = "%(serial)s::bigint"
BATCH = f"(SELECT batch_id FROM codes_codeorder WHERE serials @> {SERIAL})"  # noqa: S608 - parts of our own
SOLD_BY = f"""(SELECT store_id FROM codes_binding WHERE opening_id = {SERIAL}
  AND confidence >= {SURE_ENOUGH})"""  # noqa: S608 - parts of our own
UNSOLD = f"NOT EXISTS (SELECT FROM codes_binding WHERE opening_id = {SERIAL})"
HERE = {"serial": SERIAL, "batch": BATCH, "brand": "%(brand)s::bigint", "store": SOLD_BY, "anywhere": UNSOLD}

STATEMENT = f"""
SELECT run.id, run.name, run.name_en, run.ends_at, run.narrowed_by <> '{{}}' AND {UNSOLD} AS narrowed
FROM ({RUNNING.format(**HERE)}) AS run
WHERE NOT EXISTS (SELECT FROM rewards_claim WHERE opening_id = {SERIAL}
  AND (state IN ('promised', 'held') OR reason = 'risk_review'))
"""  # noqa: S608 - a part of our own

OTHER_DAYS = f"""
SELECT c.name, c.name_en, coming, CASE WHEN coming THEN c.starts_at ELSE least(c.ended_at, c.ends_at) END AS at
FROM ({TAKING_PART.format(serial=SERIAL, batch=BATCH)}) AS part
JOIN rewards_campaign c ON c.id = part.campaign_id AND (part.position IS NOT NULL OR c.open_ended),
  LATERAL (SELECT c.state IN ('published', 'running') AND c.starts_at > %(now)s::timestamptz AS coming) AS when_it_runs
WHERE coming OR c.state IN ('ended', 'settled')
  OR (c.state IN ('published', 'running') AND c.ends_at <= %(now)s::timestamptz)
ORDER BY coming DESC, CASE WHEN coming THEN c.starts_at END, c.ends_at DESC, c.id DESC LIMIT 1
"""  # noqa: S608 - parts of our own


def offer_for_scan(*, brand_id: int, serial: int, now: dt.datetime) -> Offer | None:
    """The running campaign of this item; None without one, or once the item's envelope was opened. One statement.

    Before the item is opened nobody knows which store sold it: an offer may be `narrowed` then.
    """
    row = row_of(STATEMENT, {"brand": brand_id, "serial": serial, "now": now})
    if row is None:
        return None
    return Offer(
        row["name"],
        row["name_en"],
        ends_at=row["ends_at"],
        terms_path=terms_path(row["id"]),
        narrowed=row["narrowed"],
    )


def closed_offer_for_scan(*, serial: int, now: dt.datetime) -> ClosedOffer | None:
    """For an item without an offer: the campaign that is still to come for it, else the last one that is over."""
    row = row_of(OTHER_DAYS, {"serial": serial, "now": now})
    return None if row is None else ClosedOffer(row["name"], row["name_en"], row["at"], row["coming"])
