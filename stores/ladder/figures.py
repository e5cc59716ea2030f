import datetime as dt
from dataclasses import dataclass

from stores.ladder.thresholds import WEEK, WEEKS_OF_GROWTH, Thresholds


@dataclass(frozen=True, slots=True)
class WindowFigures:
    """A store's figures that a judgement looks at.

    Attributes:
        last_day: the day of the evaluation, the last of every window.
        opened, new_users: per day, oldest first, `Thresholds.days_read` long.
        received: items in the window that ends `receipt_lag_days` before the last day.
        users, repeat_users: distinct consumers of the window, and those with openings on 2 days or more.
        kocs: key opinion consumers whom the store brought forth.
        peer_medians: the peers' median openings per week, newest week first; None while it is not known.
    """

    last_day: dt.date
    opened: tuple[int, ...]
    new_users: tuple[int, ...]
    received: int = 0
    users: int = 0
    repeat_users: int = 0
    kocs: int = 0
    peer_medians: tuple[float, ...] | None = None

    def opened_in(self, thresholds: Thresholds) -> int:
        """Items opened in the window."""
        return sum(self.opened[-thresholds.window_days :])

    def opening_rate(self, thresholds: Thresholds) -> float | None:
        """Opened ÷ received; None without receipts. May exceed 1: older stock is opened too."""
        return self.opened_in(thresholds) / self.received if self.received else None

    @property
    def repeat_rate(self) -> float | None:
        return self.repeat_users / self.users if self.users else None

    @property
    def velocity(self) -> float:
        """Openings a day over the last 7 days."""
        return sum(self.opened[-WEEK:]) / WEEK

    @property
    def growth(self) -> float | None:
        """Velocity ÷ the mean of the three weeks before; None where these had no opening."""
        before = self.opened[-WEEK * WEEKS_OF_GROWTH : -WEEK]
        mean = sum(before) / len(before)
        return self.velocity / mean if mean else None

    def weeks(self, count: int, of: str = "opened") -> list[tuple[int, ...]]:
        """The days of the last `count` weeks, newest week first."""
        days: tuple[int, ...] = getattr(self, of)
        return [days[len(days) - WEEK * (n + 1) : len(days) - WEEK * n] for n in range(count)]
