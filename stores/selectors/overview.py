"""What the dashboard tells about the stores that a person may see: a page of them, and their sums.

The number of queries does not depend on the number of stores.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from stores.figures import WindowUsers
from stores.ladder import Step
from stores.models import Store, StoreDay
from stores.selectors.sources import user_source
from stores.selectors.windows import days_of

PAGE = 50
TREND_DAYS = 28
WEEK = 7

ORDERS = {
    "today": ("-opened_today", "number"),
    "week": ("-opened_7", "number"),
    "month": ("-opened_28", "number"),
    "step": ("-reached", "-opened_28", "number"),
    "name": ("name", "number"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which stores to show: `query` is part of the name, number or address; `step` None means all."""

    query: str = ""
    step: Step | None = None
    order: str = "today"
    page: int = 1


@dataclass(frozen=True, slots=True)
class StoreLine:
    """One store in the list. `trend` holds the openings of the last 28 days, oldest first."""

    store: Store
    step: Step
    opened_today: int
    opened_7: int
    opened_28: int
    users: int
    trend: Sequence[int]


@dataclass(frozen=True, slots=True)
class StorePage:
    """A page of the list, how many stores match in all, and how many pages they fill."""

    lines: list[StoreLine]
    number: int
    found: int
    pages: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over all stores in sight."""

    stores: int
    per_step: dict[Step, int]
    opened_today: int
    opened_7: int
    opened_7_before: int
    moving_today: int
    new_users_7: int

    @property
    def change_percent(self) -> int | None:
        """Openings of the last 7 days against the 7 before, in percent; None where these had none."""
        if not self.opened_7_before:
            return None
        return round((self.opened_7 / self.opened_7_before - 1) * 100)


def store_page(stores: QuerySet[Store], wanted: Wanted, *, today: dt.date) -> StorePage:
    """The wanted page; a page beyond the last is the last. Four queries."""
    matching = matched(stores, wanted)
    found = matching.count()
    pages = max(-(-found // PAGE), 1)
    number = min(max(wanted.page, 1), pages)
    ordered = with_openings(matching, today).order_by(*ORDERS[wanted.order])
    chosen = list(ordered.select_related("region", "salesperson", "standing")[(number - 1) * PAGE : number * PAGE])
    return StorePage(lines_of(chosen, today=today), number, found, pages)


def matched(stores: QuerySet[Store], wanted: Wanted) -> QuerySet[Store]:
    """The stores that the search and the step let through."""
    if wanted.query:
        text = wanted.query
        stores = stores.filter(Q(name__icontains=text) | Q(number__icontains=text) | Q(address__icontains=text))
    if wanted.step is None:
        return stores
    unjudged = Q(standing__isnull=True) if wanted.step == Step.SILENT else Q()
    return stores.filter(Q(standing__step=wanted.step) | unjudged)


def with_openings(stores: QuerySet[Store], today: dt.date) -> QuerySet[Store]:
    """The stores with opened_today, opened_7, opened_28 and reached (their step, 0 while unjudged)."""
    return stores.annotate(
        opened_today=openings_since(today, today),
        opened_7=openings_since(today - dt.timedelta(days=WEEK - 1), today),
        opened_28=openings_since(today - dt.timedelta(days=TREND_DAYS - 1), today),
        reached=Coalesce("standing__step", 0),
    )


def openings_since(first_day: dt.date, last_day: dt.date) -> Coalesce:
    """An expression: the store's openings from `first_day` to `last_day`; an index range, whatever the history."""
    days = StoreDay.objects.filter(store=OuterRef("pk"), day__range=(first_day, last_day)).order_by()
    summed = days.values("store").annotate(total=Sum("opened")).values("total")
    return Coalesce(Subquery(summed, output_field=IntegerField()), 0)


def lines_of(stores: Sequence[Any], *, today: dt.date) -> list[StoreLine]:
    """The lines of stores that `with_openings` annotated, with users and trend. Two queries."""
    ids = [store.pk for store in stores]
    users = user_source().users_in_window(ids, today - dt.timedelta(days=TREND_DAYS - 1), today)
    days = days_of(ids, today=today, length=TREND_DAYS)
    return [
        StoreLine(
            store=store,
            step=Step(store.reached),
            opened_today=store.opened_today,
            opened_7=store.opened_7,
            opened_28=store.opened_28,
            users=users.get(store.pk, WindowUsers()).users,
            trend=days[store.pk].opened,
        )
        for store in stores
    ]


def totals(stores: QuerySet[Store], *, today: dt.date) -> Totals:
    """Sums over all of `stores`. Three queries."""
    per_step = dict.fromkeys(Step, 0)
    for step, count in stores.order_by().values_list("standing__step").annotate(count=Count("pk")):
        per_step[Step(step or 0)] += count
    this_week = Q(day__gt=today - dt.timedelta(days=WEEK))
    days = StoreDay.objects.filter(store__in=stores, day__gt=today - dt.timedelta(days=2 * WEEK), day__lte=today)
    sums = days.aggregate(
        today=Sum("opened", filter=Q(day=today), default=0),
        week=Sum("opened", filter=this_week, default=0),
        before=Sum("opened", filter=~this_week, default=0),
        new_users=Sum("new_users", filter=this_week, default=0),
    )
    moving = days.filter(day=today, opened__gt=0).count()
    return Totals(
        stores=sum(per_step.values()),
        per_step=per_step,
        opened_today=sums["today"],
        opened_7=sums["week"],
        opened_7_before=sums["before"],
        moving_today=moving,
        new_users_7=sums["new_users"],
    )
