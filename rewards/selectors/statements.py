"""Statements of account: what moved on one kind of account, and what stood there after each movement. All in fen.

A statement is of a brand, of one of its campaigns, or of one payee, from a day to a day. Each page is at most
three queries, however many rows there are.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Sum, When

from rewards.models import Posting
from rewards.models.ledger import Account, AccountKind

PAGE_LENGTH = 50
AT_ONCE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a statement is about. At most one of campaign and people; days are business days."""

    brand_id: int
    kind: AccountKind
    campaign_id: int | None = None
    consumer_id: UUID | None = None
    store_owner_id: int | None = None
    salesperson_id: int | None = None
    first: dt.date | None = None
    last: dt.date | None = None


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place in the books: after the posting `posting_id` of `day`."""

    day: dt.date
    posting_id: int

    def __str__(self) -> str:
        return f"{self.day.isoformat()}.{self.posting_id}"


@dataclass(frozen=True, slots=True)
class Line:
    """One movement: `change_fen` is what the account has more by it, `balance_fen` what it has then."""

    posting: Posting
    change_fen: int
    balance_fen: int

    @property
    def in_fen(self) -> int:
        return max(self.change_fen, 0)

    @property
    def out_fen(self) -> int:
        return max(-self.change_fen, 0)


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a statement. `opening_fen` stood before its first line, `closing_fen` after its last.

    `final_fen` is the balance at the statement's end, `next` the cursor of the lines that follow.
    """

    opening_fen: int
    lines: tuple[Line, ...]
    final_fen: int
    next: Cursor | None

    @property
    def closing_fen(self) -> int:
        return self.lines[-1].balance_fen if self.lines else self.opening_fen


def page_of(scope: Scope, *, after: Cursor | None = None, length: int = PAGE_LENGTH) -> Page:
    """The lines after `after` (None: from the beginning), oldest first. At most three queries."""
    opening = balance_before(scope, after)
    found = list(postings_of(scope, after)[: length + 1])
    lines = tuple(running(found[:length], opening))
    following = Cursor(found[length - 1].day, found[length - 1].pk) if len(found) > length else None
    final = balance_until(scope) if following else (lines[-1].balance_fen if lines else opening)
    return Page(opening, lines, final, following)


def lines_of(scope: Scope) -> Iterator[Line]:
    """The whole statement, read in portions; two queries."""
    return running(postings_of(scope, None).iterator(chunk_size=AT_ONCE), balance_before(scope, None))


def running(postings: Iterable[Posting], balance_fen: int) -> Iterator[Line]:
    """Each with the balance after it."""
    for posting in postings:
        change: int = vars(posting)["change_fen"]
        balance_fen += change
        yield Line(posting, change, balance_fen)


def postings_of(scope: Scope, after: Cursor | None) -> QuerySet[Posting]:
    """The scope's movements from its first day or the cursor on, with all that they are for."""
    rows = moving(scope)
    if scope.first is not None:
        rows = rows.filter(day__gte=scope.first)
    if scope.last is not None:
        rows = rows.filter(day__lte=scope.last)
    if after is not None:
        rows = rows.filter(Q(day__gt=after.day) | Q(day=after.day, pk__gt=after.posting_id), day__gte=after.day)
    people = ("grant__consumer", "grant__store_owner", "grant__salesperson")
    told = ("from_account__campaign", "to_account", "payout", "transfer")
    return rows.select_related(*told, *people).order_by("day", "pk")


def balance_before(scope: Scope, after: Cursor | None) -> int:
    """What stood there before the first line that `postings_of` gives."""
    rows = moving(scope)
    if after is not None:
        return total_of(rows.filter(Q(day__lt=after.day) | Q(day=after.day, pk__lte=after.posting_id)))
    return total_of(rows.filter(day__lt=scope.first)) if scope.first is not None else 0


def balance_until(scope: Scope) -> int:
    """What stands there at the end of the last day."""
    rows = moving(scope)
    return total_of(rows if scope.last is None else rows.filter(day__lte=scope.last))


def total_of(rows: QuerySet[Posting]) -> int:
    """The sum of changes."""
    return int(rows.order_by().aggregate(fen=Sum("change_fen", default=0))["fen"])


def moving(scope: Scope) -> QuerySet[Posting]:
    """All postings from or to the scope's accounts, with what each changes there."""
    rows = Posting.objects.filter(brand_id=scope.brand_id)
    if scope.campaign_id is not None:
        own = Account.id_of(scope.campaign_id, scope.kind)
        into, out = Q(to_account=own), Q(from_account=own)
    else:
        into, out = Q(to_account__kind=scope.kind), Q(from_account__kind=scope.kind)
    if scope.consumer_id is not None:
        rows = rows.filter(grant__consumer=scope.consumer_id)
    if scope.store_owner_id is not None:
        rows = rows.filter(grant__store_owner=scope.store_owner_id)
    if scope.salesperson_id is not None:
        rows = rows.filter(grant__salesperson=scope.salesperson_id)
    change = Case(When(into, then=F("amount_fen")), default=-F("amount_fen"), output_field=BigIntegerField())
    return rows.filter(into | out).annotate(change_fen=change)
