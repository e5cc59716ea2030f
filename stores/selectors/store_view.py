"""What the page of one store tells."""

import datetime as dt
from dataclasses import dataclass

from stores.figures import Figures, WindowUsers
from stores.ladder import Step
from stores.models import StepChange, Store, StoreDay, StoreStanding, Visit
from stores.selectors.overview import TREND_DAYS, WEEK
from stores.selectors.reasons import Reading, readings, reason
from stores.selectors.sources import user_source

CHANGES = 10
VISITS = 5


@dataclass(frozen=True, slots=True)
class Climb:
    """A change of step, with its reason in the reader's language."""

    change: StepChange
    rose: bool
    reason: str


@dataclass(frozen=True, slots=True)
class StoreView:
    """One store on `today`: its days (28, oldest first), its users of these days, its place on the ladder and why."""

    store: Store
    days: list[tuple[dt.date, Figures]]
    users: WindowUsers
    standing: StoreStanding | None
    holds: list[Reading]
    missing: list[Reading]
    climbs: list[Climb]
    visits: list[Visit]

    @property
    def step(self) -> Step:
        return Step(self.standing.step) if self.standing else Step.SILENT

    @property
    def next_step(self) -> Step | None:
        return Step(self.step + 1) if self.step < max(Step) else None

    @property
    def today(self) -> Figures:
        return self.days[-1][1]

    def opened(self, days: int) -> int:
        """Items opened on the last `days` days."""
        return sum(figures.opened for _, figures in self.days[-days:])

    @property
    def opened_7(self) -> int:
        return self.opened(WEEK)

    @property
    def opened_28(self) -> int:
        return self.opened(TREND_DAYS)


def store_view(store: Store, *, today: dt.date) -> StoreView:
    """The page's facts. Five queries."""
    first_day = today - dt.timedelta(days=TREND_DAYS - 1)
    users = user_source().users_in_window([store.pk], first_day, today)
    standing = StoreStanding.objects.filter(pk=store.pk).first()
    facts = standing.figures if standing else {}
    changes = StepChange.objects.filter(store=store).order_by("-happened_at", "-pk")[:CHANGES]
    return StoreView(
        store=store,
        days=days_between(store, first_day, today),
        users=users.get(store.pk, WindowUsers()),
        standing=standing,
        holds=readings(facts.get("holds", [])),
        missing=readings(facts.get("next", [])),
        climbs=[climb(change) for change in changes],
        visits=list(Visit.objects.filter(store=store).select_related("salesperson").order_by("-visited_at")[:VISITS]),
    )


def days_between(store: Store, first_day: dt.date, last_day: dt.date) -> list[tuple[dt.date, Figures]]:
    """Every day from first to last with its figures, days without any included."""
    rows = StoreDay.objects.filter(store=store, day__range=(first_day, last_day))
    counted = {row.day: Figures(row.received, row.opened, row.users, row.new_users, row.reward_fen) for row in rows}
    length = (last_day - first_day).days + 1
    days = [first_day + dt.timedelta(days=n) for n in range(length)]
    return [(day, counted.get(day, Figures())) for day in days]


def climb(change: StepChange) -> Climb:
    """The change with its sentence built anew from the facts that were kept with it."""
    rose = change.to_step > change.from_step
    return Climb(change, rose, reason(change.figures.get("facts", []), rose=rose))
