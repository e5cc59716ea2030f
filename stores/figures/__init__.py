"""The figures of a store's day, and the interfaces of those rooms whose histories they are counted from. Pure."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class DayKey(NamedTuple):
    """A store's business day."""

    store_id: int
    day: dt.date


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one store's day; what a source does not know it leaves at 0. Money in fen."""

    received: int = 0
    opened: int = 0
    users: int = 0
    new_users: int = 0
    reward_fen: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.received + other.received,
            self.opened + other.opened,
            self.users + other.users,
            self.new_users + other.new_users,
            self.reward_fen + other.reward_fen,
        )

    def __sub__(self, other: "Figures") -> "Figures":
        """The change from `other` to this; its members may be negative."""
        return Figures(
            self.received - other.received,
            self.opened - other.opened,
            self.users - other.users,
            self.new_users - other.new_users,
            self.reward_fen - other.reward_fen,
        )


FIGURE_NAMES = tuple(Figures.__dataclass_fields__)
"""In the order of the members, which is also that of our SQL."""


class FigureSource(Protocol):
    """A room whose histories hold part of the figures; listed by dotted path in settings.FIGURE_SOURCES."""

    def of_days(self, keys: Collection[DayKey]) -> Mapping[DayKey, Figures]:
        """Counted anew from the history for these days; a day without events may be left out. One or few queries."""

    def of_brand(self, brand_id: int) -> Iterator[tuple[DayKey, Figures]]:
        """Counted anew for every day of every store of the brand, in the order of the keys, in bounded memory.

        A key may come several times in a row, with a part of its figures each time.
        """


@dataclass(frozen=True, slots=True)
class WindowUsers:
    """A store's distinct consumers with an opening in a window of days; `repeat_users` had one on 2 days or more."""

    users: int = 0
    repeat_users: int = 0


class UserSource(Protocol):
    """The room that knows who opened what where; its dotted path is settings.USER_SOURCE."""

    def users_in_window(
        self, store_ids: Collection[int], first_day: dt.date, last_day: dt.date
    ) -> Mapping[int, WindowUsers]:
        """Per store, both days included; a store without openings may be left out. One query."""
