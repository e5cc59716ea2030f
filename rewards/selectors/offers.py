"""What a scan may offer: settings.OFFER_SOURCE and CLOSED_OFFER_SOURCE of the codes room."""

import datetime as dt

from codes.offers import ClosedOffer, Offer
from core.prepared import row_of
from rewards.selectors.published_terms import terms_path
from rewards.selectors.running import RUNNING

STATEMENT = f"""
SELECT run.id, run.name, run.name_en, run.ends_at
FROM ({RUNNING.format(serial="%(serial)s::bigint", brand="%(brand)s::bigint")}) AS run
WHERE NOT EXISTS (SELECT FROM rewards_claim WHERE opening_id = %(serial)s::bigint
  AND (state IN ('promised', 'held') OR reason = 'risk_review'))
"""  # noqa: S608 - a part of our own

OTHER_DAYS = """
SELECT c.name, c.name_en, coming, CASE WHEN coming THEN c.starts_at ELSE least(c.ended_at, c.ends_at) END AS at
FROM rewards_campaignspan cs JOIN rewards_campaign c ON c.id = cs.campaign_id,
  LATERAL (SELECT c.state IN ('published', 'running') AND c.starts_at > %(now)s::timestamptz AS coming) AS when_it_runs
WHERE cs.serials @> %(serial)s::bigint AND c.state NOT IN ('draft', 'review')
ORDER BY coming DESC, CASE WHEN coming THEN c.starts_at END, c.ends_at DESC, c.id DESC LIMIT 1
"""


def offer_for_scan(*, brand_id: int, serial: int, now: dt.datetime) -> Offer | None:
    """The running campaign of this item; None without one, or once the item's envelope was opened. One statement."""
    row = row_of(STATEMENT, {"brand": brand_id, "serial": serial, "now": now})
    if row is None:
        return None
    return Offer(row["name"], row["name_en"], ends_at=row["ends_at"], terms_path=terms_path(row["id"]))


def closed_offer_for_scan(*, serial: int, now: dt.datetime) -> ClosedOffer | None:
    """For an item without an offer: the campaign that is still to come for it, else the last one that is over."""
    row = row_of(OTHER_DAYS, {"serial": serial, "now": now})
    return None if row is None else ClosedOffer(row["name"], row["name_en"], row["at"], row["coming"])
