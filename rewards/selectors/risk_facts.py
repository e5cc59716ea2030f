"""The facts that the risk rules see, as parts of a statement: of a claim, or of many at once.

The statement around them has the opening as `op`, its binding as `bi`, the bound store as `st`, its owner as `ow`
and the claim, if there is one, as `cl`. `at` is filled in as SQL: the moment as of which is counted.
Each count stops at MOST_COUNTED rows of an index, so that the busiest address costs no more than that.
"""

from collections.abc import Mapping
from typing import Any

from codes.formats.code_text import Role
from codes.models.scan import NETWORK
from core.sealing import SealBroken, unseal
from rewards.risk.facts import Facts, Spot
from rewards.risk.thresholds import MOST_COUNTED
from stores.earth import Place

NEWEST_SERIALS = 30
PLACES_BACK = 5
FIRST_INSIDE = f"one.verdict = 'genuine_first' AND one.role = {int(Role.ITEM_INNER)}"
NOT_PUBLIC = """ARRAY['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12',
    '192.168.0.0/16', '::1/128', 'fc00::/7', 'fe80::/10']::inet[]"""
"""Such an address says that a proxy in front is not trusted (settings.TRUSTED_PROXIES), nothing of the person."""

GUESSES = """
  SELECT count(*) FROM (SELECT FROM codes_scan one WHERE one.verdict = 'unknown' AND {whose}
    AND one.scanned_at <= {at} AND one.scanned_at > {at} - interval '{window}' LIMIT {most}) AS tried"""


def guesses(whose: str, window: str) -> str:
    """How many guesses; `{at}` is still to be filled in."""
    return GUESSES.format(whose=whose, window=window, most=MOST_COUNTED, at="{at}")


COLUMNS = f"""
  person.person_hour, person.person_day, person.serials, person.store_week,
  device.device_hour, device.device_day, device.device_people,
  around.address_hour, around.network_hour, young.new_accounts,
  tried.guesses_visitor, tried.guesses_consumer, tried.guesses_address,
  CASE WHEN tried.guesses_visitor + tried.guesses_consumer > 0 THEN ({guesses("true", "1 hour")}) ELSE 0 END
    AS guesses_all,
  op.consumer_id AS opener, ow.wallet AS wallet_of_owner,
  CASE WHEN ow.wallet <> '' THEN ARRAY(
    SELECT ARRAY[own.subject, own.provider || ':' || own.subject] FROM consumers_identity own
    WHERE own.consumer_id = op.consumer_id) END AS names_of_opener,
  EXISTS (
    SELECT FROM rewards_payeeaccount mine JOIN rewards_payeeaccount theirs
      ON theirs.provider = mine.provider AND theirs.account = mine.account
    WHERE mine.consumer_id = op.consumer_id
      AND (theirs.store_owner_id = st.owner_id OR theirs.salesperson_id IN (st.salesperson_id, bi.salesperson_id))
  ) AS same_account,
  os.latitude AS scan_latitude, os.longitude AS scan_longitude, os.accuracy_m AS scan_accuracy_m,
  os.scanned_at AS scan_at,
  travel.latitude AS before_latitude, travel.longitude AS before_longitude, travel.accuracy_m AS before_accuracy_m,
  travel.scanned_at AS before_at,
  st.latitude AS store_latitude, st.longitude AS store_longitude"""  # noqa: S608 - parts of our own

JOINS = f"""
LEFT JOIN codes_scan os ON os.id = op.scan_id
LEFT JOIN consumers_consumer co ON co.id = op.consumer_id
LEFT JOIN LATERAL (
  SELECT count(*) FILTER (WHERE p.opened_at > {{at}} - interval '1 hour') AS person_hour,
    count(*) FILTER (WHERE p.opened_at > {{at}} - interval '1 day') AS person_day,
    count(*) FILTER (WHERE pb.store_id = bi.store_id) AS store_week,
    (array_agg(p.serial ORDER BY p.opened_at DESC, p.serial DESC)
      FILTER (WHERE p.opened_at > {{at}} - interval '2 days'))[1:{NEWEST_SERIALS}] AS serials
  FROM (
    SELECT one.serial, one.opened_at FROM codes_opening one
    WHERE one.brand_id = op.brand_id AND one.consumer_id = op.consumer_id
      AND one.opened_at <= {{at}} AND one.opened_at > {{at}} - interval '7 days'
    ORDER BY one.opened_at DESC LIMIT {MOST_COUNTED}) AS p
  LEFT JOIN codes_binding pb ON pb.opening_id = p.serial
) AS person ON true
LEFT JOIN LATERAL (
  SELECT bs.latitude, bs.longitude, bs.accuracy_m, bs.scanned_at
  FROM (
    SELECT one.scan_id, one.opened_at FROM codes_opening one
    WHERE one.brand_id = op.brand_id AND one.consumer_id = op.consumer_id
      AND one.opened_at < op.opened_at AND one.opened_at > op.opened_at - interval '1 day'
    ORDER BY one.opened_at DESC LIMIT {PLACES_BACK}) AS p
  JOIN codes_scan bs ON bs.id = p.scan_id
  WHERE os.latitude IS NOT NULL AND bs.latitude IS NOT NULL
  ORDER BY p.opened_at DESC LIMIT 1
) AS travel ON true
LEFT JOIN LATERAL (
  SELECT count(*) FILTER (WHERE s.scanned_at > {{at}} - interval '1 hour') AS device_hour,
    count(*) FILTER (WHERE s.scanned_at > {{at}} - interval '1 day') AS device_day,
    count(DISTINCT coalesce(so.consumer_id, s.consumer_id)) AS device_people
  FROM (
    SELECT one.id, one.consumer_id, one.scanned_at FROM codes_scan one
    WHERE one.visitor = os.visitor AND {FIRST_INSIDE}
      AND one.scanned_at <= {{at}} AND one.scanned_at > {{at}} - interval '7 days'
    ORDER BY one.scanned_at DESC LIMIT {MOST_COUNTED}) AS s
  LEFT JOIN codes_opening so ON so.scan_id = s.id
) AS device ON true
LEFT JOIN LATERAL (
  SELECT count(*) AS network_hour, count(*) FILTER (WHERE n.address = os.address) AS address_hour
  FROM (
    SELECT one.address FROM codes_scan one
    WHERE {NETWORK.format(address="one.address")} = {NETWORK.format(address="os.address")} AND {FIRST_INSIDE}
      AND one.scanned_at <= {{at}} AND one.scanned_at > {{at}} - interval '1 hour'
      AND NOT os.address <<= ANY ({NOT_PUBLIC})
    ORDER BY one.scanned_at DESC LIMIT {MOST_COUNTED}) AS n
) AS around ON true
LEFT JOIN LATERAL (
  SELECT count(DISTINCT nc.id) AS new_accounts
  FROM (
    SELECT one.id, one.address FROM codes_scan one
    WHERE {NETWORK.format(address="one.address")} = {NETWORK.format(address="os.address")} AND {FIRST_INSIDE}
      AND one.scanned_at <= {{at}} AND one.scanned_at > {{at}} - interval '1 hour'
      AND NOT os.address <<= ANY ({NOT_PUBLIC}) AND co.created_at > {{at}} - interval '1 day'
    ORDER BY one.scanned_at DESC LIMIT {MOST_COUNTED}) AS n
  JOIN codes_opening no ON no.scan_id = n.id
  JOIN consumers_consumer nc ON nc.id = no.consumer_id AND nc.created_at > {{at}} - interval '1 day'
  WHERE n.address = os.address
) AS young ON true
LEFT JOIN LATERAL (
  SELECT ({guesses("one.visitor = os.visitor", "1 day")}) AS guesses_visitor,
    ({guesses("one.consumer_id = op.consumer_id", "1 day")}) AS guesses_consumer,
    CASE WHEN NOT os.address <<= ANY ({NOT_PUBLIC})
      THEN ({guesses("one.address = os.address", "1 day")}) ELSE 0 END AS guesses_address
) AS tried ON true"""  # noqa: S608 - parts of our own


def columns(at: str) -> str:
    """The columns as of a moment given as SQL."""
    return COLUMNS.format(at=at)


def joins(at: str) -> str:
    """The joins as of a moment given as SQL."""
    return JOINS.format(at=at)


def facts_of_row(row: Mapping[str, Any], *, refused_before: bool) -> Facts:
    """The facts in a row of a statement with COLUMNS."""
    placed = row["store_latitude"] is not None
    return Facts(
        person_hour=row["person_hour"],
        person_day=row["person_day"],
        device_hour=row["device_hour"],
        device_day=row["device_day"],
        device_people=row["device_people"],
        address_hour=row["address_hour"],
        network_hour=row["network_hour"],
        new_accounts=row["new_accounts"],
        guesses_person=max(row["guesses_visitor"], row["guesses_consumer"]),
        guesses_address=row["guesses_address"] or 0,
        guesses_all=row["guesses_all"],
        serials=tuple(row["serials"] or ()),
        store_week=row["store_week"],
        own_store=row["same_account"] or is_openers_wallet(row),
        scan=spot_in(row, "scan"),
        before=spot_in(row, "before"),
        store=Place(row["store_latitude"], row["store_longitude"]) if placed else None,
        refused_before=refused_before,
    )


def is_openers_wallet(row: Mapping[str, Any]) -> bool:
    """Whether the owner's wallet is the opener's own: by their id, or by a name that they sign in with."""
    try:
        wallet = unseal(row["wallet_of_owner"] or "")
    except SealBroken:
        return False
    names = {name for pair in row["names_of_opener"] or () for name in pair}
    return bool(wallet) and wallet in names | {f"consumer:{row['opener']}"}


def spot_in(row: Mapping[str, Any], name: str) -> Spot | None:
    """A placed scan in a row; None where there is none, or it told no place."""
    if row[f"{name}_latitude"] is None:
        return None
    return Spot(*(row[f"{name}_{part}"] for part in ("latitude", "longitude", "accuracy_m", "at")))
