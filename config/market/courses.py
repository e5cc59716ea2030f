"""How stores fare: the courses that together show every step of the ladder. Pure."""

from dataclasses import dataclass

RUSH_DAYS = frozenset({4, 5, 6})
RUSH = 1.25
"""From Friday to Sunday people drink more."""


@dataclass(frozen=True, slots=True)
class Course:
    """Openings a day `before` and `after` a turn so many days before the end; whether new people come to the end."""

    before: float
    after: float
    turn: int = 0
    grows: bool = False

    def rate(self, days_left: int, weekday: int) -> float:
        """Openings to be expected on a day; `days_left` counts the days behind it, `weekday` from Monday = 0."""
        rate = self.before if days_left >= self.turn else self.after
        return rate * (RUSH if weekday in RUSH_DAYS else 1.0)

    def mean(self, days: int) -> float:
        """Openings a day over the whole time."""
        late = min(self.turn, days)
        return (self.before * (days - late) + self.after * late) / days


STAR = Course(4.2, 4.2, grows=True)
STEADY = Course(1.7, 1.7)
RISING = Course(0.9, 3.0, turn=9, grows=True)
LIT = Course(0.2, 0.2)
FADING = Course(1.5, 0.0, turn=13)
GONE = Course(1.5, 0.0, turn=30)
WAITING = Course(0.0, 0.0)
"""It has received goods; nobody has opened one."""

CYCLE = (STAR, STEADY, RISING, STEADY, LIT, RISING, STEADY, FADING, STEADY, RISING, GONE, WAITING)


def course_of(number: int) -> Course:
    """The course of the store of this number, from 0."""
    return CYCLE[number % len(CYCLE)]
