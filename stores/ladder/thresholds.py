from dataclasses import dataclass

from core.choosable import Choosable

WEEK = 7
WEEKS_OF_GROWTH = 4


@dataclass(frozen=True, slots=True)
class Thresholds(Choosable):
    """A version of a brand's rule. Weeks are blocks of 7 days that end on the day of the evaluation.

    Raises:
        ValueError: a threshold below what makes sense, in words.
    """

    window_days: int = 28
    """W, the days looked at."""
    receipt_lag_days: int = 14
    """L: the opening rate compares with what was received so many days earlier."""
    active_weeks: int = 2
    active_days: int = 3
    """Days with an opening in each of the active weeks."""
    growth: float = 1.2
    """Openings a day over the last week ÷ the mean of the three weeks before."""
    new_users_a_week: int = 1
    """In each of the active weeks."""
    peer_weeks: int = 3
    peer_of_weeks: int = 4
    peer_factor: float = 1.5
    """θ: so many times the peers' median of a week counts as a strong week."""
    peers_at_least: int = 5
    """With fewer peers in the city, the median is that of the brand's stores of the same kind."""
    repeat_rate: float = 0.25
    """ρ: users with openings on 2 days or more ÷ users."""
    kocs_at_least: int = 1
    patience: int = 2
    """Evaluations running in which a step's rule must fail before the store steps down."""

    @classmethod
    def limits_of(cls, name: str) -> tuple[int, int]:
        """The least and the most that a threshold may be."""
        return 0 if name in AT_LEAST_NOTHING else 1, MOST

    @property
    def days_read(self) -> int:
        """How many days of openings a judgement needs, the day of the evaluation being the last."""
        return max(self.window_days, WEEK * max(WEEKS_OF_GROWTH, self.active_weeks, self.peer_of_weeks))


AT_LEAST_NOTHING = frozenset(
    {"receipt_lag_days", "growth", "new_users_a_week", "peer_factor", "repeat_rate", "kocs_at_least"}
)
MOST = 366
