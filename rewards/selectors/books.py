"""The books by business day: what was posted on a day, and what stood where at its end. All in fen."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Min, Sum

from rewards.models import Closing, Posting

AT_ONCE = 5_000
ONE_DAY = dt.timedelta(days=1)
# One line a posting, of all that was written of it: a change of any of them changes the digest.
LINES = """
SELECT concat_ws('|', id, from_account_id, to_account_id, amount_fen, reason, coalesce(grant_id::text, ''),
    coalesce(payout_id::text, ''), coalesce(reverses_id::text, ''), posted_by,
    to_char(posted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')), amount_fen
FROM rewards_posting WHERE brand_id = %s AND day = %s ORDER BY id
"""

ByAccount = dict[int, int]


@dataclass(frozen=True, slots=True)
class Totals:
    """What was posted on a day: how many, their sum, and a hash of their lines."""

    postings: int
    turnover_fen: int
    digest: str


def totals_of(brand_id: int, day: dt.date) -> Totals:
    """Of one day, read in portions."""
    digest, count, turnover = hashlib.sha256(), 0, 0
    with connection.chunked_cursor() as cursor:
        cursor.execute(LINES, [brand_id, day])
        while rows := cursor.fetchmany(AT_ONCE):
            for line, amount in rows:
                digest.update(f"{line}\n".encode())
                count, turnover = count + 1, turnover + amount
    return Totals(count, turnover, digest.hexdigest())


@dataclass(frozen=True, slots=True)
class Turnover:
    """Account id → what came in and what went out."""

    into: Mapping[int, int]
    out: Mapping[int, int]

    def change_of(self, account_id: int) -> int:
        """What the account has more afterwards."""
        return self.into.get(account_id, 0) - self.out.get(account_id, 0)

    def added_to(self, balances: Mapping[int, int]) -> ByAccount:
        """The balances afterwards; accounts at 0 are left out."""
        changed = {pk: balances.get(pk, 0) + self.change_of(pk) for pk in {*balances, *self.into, *self.out}}
        return {pk: fen for pk, fen in sorted(changed.items()) if fen}


def turnover_of(brand_id: int, *, after: dt.date | None, until: dt.date) -> Turnover:
    """Of the days after `after` (None: from the beginning) up to and with `until`. Two queries."""
    rows = Posting.objects.filter(brand_id=brand_id, day__lte=until)
    if after is not None:
        rows = rows.filter(day__gt=after)
    sides = [
        dict(rows.order_by().values_list(side).annotate(fen=Sum("amount_fen")).values_list(side, "fen"))
        for side in ("to_account", "from_account")
    ]
    return Turnover(*sides)


@dataclass(frozen=True, slots=True)
class DayRead:
    """A day of the books as it was read. It is of one piece where the day has `postings_before` postings afterwards."""

    day: dt.date
    postings_before: int
    turnover: Turnover
    totals: Totals


def read_day(brand_id: int, day: dt.date) -> DayRead:
    """One day, which the closed days lie before. The count comes first, so that it tells what came in since."""
    count = postings_of(brand_id, day)
    return DayRead(day, count, turnover_of(brand_id, after=day - ONE_DAY, until=day), totals_of(brand_id, day))


def postings_of(brand_id: int, day: dt.date) -> int:
    """How many a day has; of an index alone."""
    return Posting.objects.filter(brand_id=brand_id, day=day).count()


def newest_closing(brand_id: int, *, before: dt.date | None = None) -> Closing | None:
    """The brand's newest closing; of days before `before`, where that is given."""
    rows = Closing.objects.filter(brand_id=brand_id)
    return (rows if before is None else rows.filter(day__lt=before)).order_by("-day").first()


def balances_at(brand_id: int, day: dt.date) -> ByAccount:
    """Account id → balance at the end of `day`: the newest snapshot before it and what was posted since."""
    known = newest_closing(brand_id, before=day + ONE_DAY)
    if known is not None and known.day == day:
        return balances_of(known)
    since = turnover_of(brand_id, after=known.day if known else None, until=day)
    return since.added_to(balances_of(known) if known else {})


def balances_of(closing: Closing) -> ByAccount:
    """A snapshot by account id."""
    return {int(pk): fen for pk, fen in closing.balances.items()}


def first_day(brand_id: int) -> dt.date | None:
    """The day of the brand's first posting."""
    found: dt.date | None = Posting.objects.filter(brand_id=brand_id).aggregate(day=Min("day"))["day"]
    return found
