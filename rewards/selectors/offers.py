"""What a scan may offer: settings.OFFER_SOURCE of the codes room."""

import datetime as dt

from codes.offers import Offer
from core.prepared import row_of
from rewards.selectors.running import RUNNING

STATEMENT = f"""
SELECT run.name, run.name_en, run.ends_at
FROM ({RUNNING.format(serial="%(serial)s::bigint", brand="%(brand)s::bigint")}) AS run
WHERE NOT EXISTS (SELECT FROM rewards_claim WHERE opening_id = %(serial)s::bigint AND state = 'promised')
"""  # noqa: S608 - a part of our own


def offer_for_scan(*, brand_id: int, serial: int, now: dt.datetime) -> Offer | None:
    """The running campaign of this item; None without one, or once the item's envelope was opened. One statement."""
    row = row_of(STATEMENT, {"brand": brand_id, "serial": serial, "now": now})
    return None if row is None else Offer(campaign=row["name"], campaign_en=row["name_en"], ends_at=row["ends_at"])
