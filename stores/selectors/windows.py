"""The figures of many stores over the ladder's windows, read in a fixed number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from statistics import median

from django.db.models import Sum

from stores.figures import WindowUsers
from stores.ladder import Thresholds, WindowFigures
from stores.ladder.thresholds import WEEK
from stores.models import Region, Store, StoreDay
from stores.selectors.sources import user_source

Medians = Mapping[int, tuple[float, ...]]
"""Per store: its peers' median openings of each week, newest first."""


@dataclass(slots=True)
class Days:
    """A store's days of the window, oldest first."""

    length: int
    opened: list[int] = field(init=False)
    new_users: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.opened = [0] * self.length
        self.new_users = [0] * self.length


def window_figures(
    store_ids: Collection[int], *, today: dt.date, thresholds: Thresholds, medians: Medians | None
) -> dict[int, WindowFigures]:
    """Every store's figures on `today`; without `medians` the peers stay unknown. Three queries."""
    first_day = today - dt.timedelta(days=thresholds.window_days - 1)
    users = user_source().users_in_window(store_ids, first_day, today)
    days = days_of(store_ids, today=today, length=thresholds.days_read)
    receipts = receipts_of(store_ids, today=today, thresholds=thresholds)
    found = {}
    for store_id in store_ids:
        seen = users.get(store_id, WindowUsers())
        found[store_id] = WindowFigures(
            last_day=today,
            opened=tuple(days[store_id].opened),
            new_users=tuple(days[store_id].new_users),
            received=receipts.get(store_id, 0),
            users=seen.users,
            repeat_users=seen.repeat_users,
            peer_medians=None if medians is None else medians.get(store_id, (0.0,) * thresholds.peer_of_weeks),
        )
    return found


def days_of(store_ids: Collection[int], *, today: dt.date, length: int) -> dict[int, Days]:
    """Openings and new users per day of the `length` days up to `today`, for every store asked for."""
    first_day = today - dt.timedelta(days=length - 1)
    days = {store_id: Days(length) for store_id in store_ids}
    counted = StoreDay.objects.filter(store_id__in=store_ids, day__range=(first_day, today))
    for store_id, day, opened, new_users in counted.values_list("store_id", "day", "opened", "new_users"):
        position = (day - first_day).days
        days[store_id].opened[position] = opened
        days[store_id].new_users[position] = new_users
    return days


def receipts_of(store_ids: Collection[int], *, today: dt.date, thresholds: Thresholds) -> dict[int, int]:
    """Items received in the window that ends `receipt_lag_days` before `today`; stores without are left out."""
    last_day = today - dt.timedelta(days=thresholds.receipt_lag_days)
    first_day = last_day - dt.timedelta(days=thresholds.window_days - 1)
    counted = StoreDay.objects.filter(store_id__in=store_ids, day__range=(first_day, last_day), received__gt=0)
    return dict(counted.values_list("store_id").annotate(Sum("received")))


def peer_medians(brand_id: int, *, today: dt.date, thresholds: Thresholds) -> dict[int, tuple[float, ...]]:
    """For every store of the brand the median of its peers' openings per week, newest week first. Three queries.

    Peers (first form): stores of the same kind in the same city that had an opening in these weeks, the store itself
    among them; with fewer than `peers_at_least` of them, all such stores of the kind in the brand.
    Silent stores don't count: else the median of a young market were nothing, and every opening a strong week.
    """
    weekly = openings_per_week(brand_id, today=today, weeks=thresholds.peer_of_weeks)
    cities = dict(Region.objects.filter(stores__brand_id=brand_id).distinct().values_list("pk", "lineage"))
    places = {
        pk: (kind, city_of(cities[region]))
        for pk, kind, region in Store.objects.filter(brand_id=brand_id).values_list("pk", "kind", "region_id")
    }
    near: dict[tuple[str, str], list[list[int]]] = defaultdict(list)
    wide: dict[str, list[list[int]]] = defaultdict(list)
    for store_id, weeks in weekly.items():
        kind, city = places[store_id]
        near[kind, city].append(weeks)
        wide[kind].append(weeks)
    of_city = {key: medians_of(peers) for key, peers in near.items() if len(peers) >= thresholds.peers_at_least}
    of_kind = {kind: medians_of(peers) for kind, peers in wide.items()}
    nothing = (0.0,) * thresholds.peer_of_weeks
    return {
        store_id: of_city.get((kind, city)) or of_kind.get(kind, nothing) for store_id, (kind, city) in places.items()
    }


def openings_per_week(brand_id: int, *, today: dt.date, weeks: int) -> dict[int, list[int]]:
    """Openings of each of the last `weeks` weeks, newest first, of the brand's stores that had any."""
    first_day = today - dt.timedelta(days=WEEK * weeks - 1)
    counted = StoreDay.objects.filter(store__brand_id=brand_id, day__range=(first_day, today), opened__gt=0)
    found: dict[int, list[int]] = defaultdict(lambda: [0] * weeks)
    for store_id, day, opened in counted.values_list("store_id", "day", "opened").iterator(5_000):
        found[store_id][(today - day).days // WEEK] += opened
    return found


def medians_of(peers: list[list[int]]) -> tuple[float, ...]:
    """The median of each week over the peers."""
    return tuple(float(median(week)) for week in zip(*peers, strict=True))


def city_of(lineage: list[str]) -> str:
    """Code of the city in a lineage from the nation down; of what is there, where the lineage is shorter."""
    return lineage[: Region.Level.CITY + 1][-1]
