"""Redeemed vouchers: where an account may redeem, and statements of what was redeemed and what it brings."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from core import clock
from rewards.models import Grant, Payout, Voucher
from stores.models import Brand, Store, User

AT_ONCE = 2_000


def counters_of(user: User) -> list[Store]:
    """The open stores at which this account redeems: those that it owns, by number."""
    if user.brand is None or not (user.is_active and user.brand.is_active):
        return []
    owned = Store.objects.filter(brand=user.brand, owner__user=user, is_active=True)
    return list(owned.select_related("brand", "owner").order_by("number"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeemed:
    """What a statement is about: a brand, of it some stores or a dealer's, from a business day to another."""

    brand: Brand
    store_ids: Collection[int] | None = None
    dealer_id: int | None = None
    first: dt.date | None = None
    last: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """How many were redeemed, what the owners get for them, and what of it has arrived; in fen."""

    vouchers: int
    compensation_fen: int
    paid_fen: int


@dataclass(frozen=True, slots=True)
class OfStore:
    """The totals of one store."""

    number: str
    name: str
    dealer: str
    totals: Totals


FEN = Sum("grant__amount_fen", default=0)
PAID = Sum("grant__amount_fen", default=0, filter=Q(grant__state=Grant.State.PAID))


def redeemed(scope: Redeemed) -> QuerySet[Voucher]:
    """The vouchers of a statement, in no order."""
    rows = Voucher.objects.filter(brand=scope.brand, state=Voucher.State.REDEEMED)
    if scope.store_ids is not None:
        rows = rows.filter(redeemed_store__in=scope.store_ids)
    if scope.dealer_id is not None:
        rows = rows.filter(redeemed_store__dealer=scope.dealer_id)
    if scope.first is not None:
        rows = rows.filter(redeemed_at__gte=clock.day_bounds(scope.first, scope.brand.timezone)[0])
    if scope.last is not None:
        rows = rows.filter(redeemed_at__lt=clock.day_bounds(scope.last, scope.brand.timezone)[1])
    return rows


def totals_of(scope: Redeemed) -> Totals:
    """The sum of a statement. One query."""
    found = redeemed(scope).aggregate(vouchers=Count("pk"), fen=FEN, paid=PAID)
    return Totals(found["vouchers"], found["fen"], found["paid"])


def by_store(scope: Redeemed) -> list[OfStore]:
    """The sums of each store, the largest first. One query."""
    names = ("redeemed_store__number", "redeemed_store__name", "redeemed_store__dealer__name")
    rows = redeemed(scope).order_by().values_list(*names).annotate(vouchers=Count("pk"), fen=FEN, paid=PAID)
    return [
        OfStore(number, name, dealer or "", Totals(vouchers, fen, paid))
        for number, name, dealer, vouchers, fen, paid in rows.order_by("-fen", "redeemed_store__number")
    ]


def lines_of(scope: Redeemed) -> QuerySet[Voucher]:
    """Each redemption, the newest first, with all that a statement tells; `payout_state` is its newest bill's."""
    newest = Payout.objects.filter(grant=OuterRef("pk")).order_by("-created_at").values("state")[:1]
    told = ("prize__campaign", "grant", "redeemed_store__dealer")
    return redeemed(scope).select_related(*told).annotate(payout_state=Subquery(newest)).order_by("-redeemed_at", "-pk")


def all_lines(scope: Redeemed) -> Iterator[Voucher]:
    """The same, read in portions."""
    return lines_of(scope).iterator(chunk_size=AT_ONCE)
