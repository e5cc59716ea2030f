"""Closing business days: one after the other, each for good."""

import datetime as dt

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import Invalid
from rewards.chain import hash_of
from rewards.models import Closing
from rewards.models.closing import BOOKS_LOCK
from rewards.models.ledger import ACCOUNTS_APART, AccountKind
from rewards.refusals import NothingToClose
from rewards.selectors.books import (
    ONE_DAY,
    ByAccount,
    DayRead,
    balances_of,
    first_day,
    newest_closing,
    postings_of,
    read_day,
)
from rewards.selectors.closings import day_of
from stores.models import Brand


class BooksBelowZeroError(RuntimeError):
    """An account holds less than nothing: the day is not closed before a person has looked. Never mended silently."""


@transaction.atomic
def close_day(*, brand: Brand, day: dt.date, actor: str, now: dt.datetime) -> Closing:
    """Close the brand's next open day. Postings under way are waited for; later ones go to the open day.

    The day is read before postings are kept waiting, so that nobody waits for the reading of a long day. What comes
    in while it is read is not missed: postings are only ever added to a day, so as many of them under the lock as
    before the reading are the very same, and so they were for each statement of it. Otherwise it is read again.

    Raises:
        Invalid: it is not the next open day, or is not over yet; says which day is next.
        NothingToClose: nothing was ever posted.
        BooksBelowZeroError: an account is overdrawn.
    """
    require_next(brand, day, now)
    read = read_day(brand.pk, day)
    lock_books(brand)
    last = require_next(brand, day, now)
    if postings_of(brand.pk, day) != read.postings_before:
        read = read_day(brand.pk, day)
    closing = sealed(brand, read, last, actor=actor, now=now)
    closing.save()
    audit.record(
        actor=actor,
        action="books.closed",
        subject=closing,
        at=now,
        brand_slug=brand.slug,
        after={"day": day.isoformat(), "postings": closing.postings, "hash": closing.hash},
    )
    return closing


def require_next(brand: Brand, day: dt.date, now: dt.datetime) -> Closing | None:
    """The brand's last closing, which `day` follows and after which it is over.

    Raises:
        Invalid, NothingToClose: see `close_day`.
    """
    last = newest_closing(brand.pk)
    due = day_after(last, brand)
    if day != due:
        raise Invalid(
            fields={"day": [_("Days are closed one after the other; the next one is %(day)s.") % {"day": due}]}
        )
    if day >= clock.business_day(now, brand.timezone):
        raise Invalid(fields={"day": [_("%(day)s is not over yet in the brand's time zone.") % {"day": day}]})
    return last


def close_past_days(*, brand: Brand, actor: str, now: dt.datetime, limit: int = 31) -> int:
    """Close what is over, oldest first, a transaction each, at most `limit`; how many."""
    today = clock.business_day(now, brand.timezone)
    for closed in range(limit):
        day = next_day(brand)
        if day is None or day >= today:
            return closed
        close_day(brand=brand, day=day, actor=actor, now=now)
    return limit


def next_day(brand: Brand) -> dt.date | None:
    """The first open day; None where nothing was ever posted."""
    try:
        return day_after(newest_closing(brand.pk), brand)
    except NothingToClose:
        return None


def day_after(last: Closing | None, brand: Brand) -> dt.date:
    """The day that follows the last closed one; the first of all is that of the first posting.

    Raises:
        NothingToClose: there is no posting.
    """
    if last is not None:
        return last.day + ONE_DAY
    first = first_day(brand.pk)
    if first is None:
        raise NothingToClose
    return first


def lock_books(brand: Brand) -> None:
    """Wait for the brand's postings under way, and keep others waiting until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [BOOKS_LOCK, brand.pk])


def sealed(brand: Brand, read: DayRead, last: Closing | None, *, actor: str, now: dt.datetime) -> Closing:
    """The closing, not yet written."""
    balances = read.turnover.added_to(balances_of(last) if last else {})
    require_sound(balances)
    totals = read.totals
    closing = Closing(
        brand=brand,
        day=read.day,
        balances={str(pk): fen for pk, fen in balances.items()},
        postings=totals.postings,
        turnover_fen=totals.turnover_fen,
        digest=totals.digest,
        previous_hash=last.hash if last else "",
        closed_by=actor,
        closed_at=now,
    )
    closing.hash = hash_of(day_of(closing))
    return closing


def require_sound(balances: ByAccount) -> None:
    """That no account but the source is below zero.

    Raises:
        BooksBelowZeroError: one is.
    """
    below = [pk for pk, fen in balances.items() if fen < 0 and pk % ACCOUNTS_APART != AccountKind.SOURCE.number]
    if below:
        raise BooksBelowZeroError(f"accounts {below} are below zero")
