"""The rule of each step, as conditions that say what they found: a person can read why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from stores.ladder.figures import WindowFigures
from stores.ladder.step import Step
from stores.ladder.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Condition:
    """One part of a step's rule: what is there, and what it takes. `have` is None where it is not known."""

    name: str
    have: float | None
    need: float

    @property
    def holds(self) -> bool:
        return self.have is not None and self.have >= self.need


@dataclass(frozen=True, slots=True)
class Judgement:
    """The highest step whose rule holds, and every step's conditions."""

    step: Step
    conditions: Mapping[Step, tuple[Condition, ...]]


def judge(figures: WindowFigures, thresholds: Thresholds) -> Judgement:
    """Which step these figures reach. Silence asks nothing, so there is always one."""
    conditions = {step: rule(figures, thresholds) for step, rule in RULES.items()}
    reached = max(step for step, asked in conditions.items() if all(condition.holds for condition in asked))
    return Judgement(reached, conditions)


def silent(_figures: WindowFigures, _thresholds: Thresholds) -> tuple[Condition, ...]:
    """Asks nothing."""
    return ()


def lit(figures: WindowFigures, thresholds: Thresholds) -> tuple[Condition, ...]:
    """At least one opening in the window."""
    return (Condition("opened", figures.opened_in(thresholds), 1),)


def active(figures: WindowFigures, thresholds: Thresholds) -> tuple[Condition, ...]:
    """Openings on enough days in each of the last weeks; `have` is the weakest week's."""
    days = [sum(day > 0 for day in week) for week in figures.weeks(thresholds.active_weeks)]
    return (Condition("active_days", min(days), thresholds.active_days),)


def rising(figures: WindowFigures, thresholds: Thresholds) -> tuple[Condition, ...]:
    """Active, growing, and with new users in each of the last weeks; `have` is the weakest week's."""
    new_users = [sum(week) for week in figures.weeks(thresholds.active_weeks, "new_users")]
    return (
        *active(figures, thresholds),
        Condition("growth", figures.growth, thresholds.growth),
        Condition("new_users", min(new_users), thresholds.new_users_a_week),
    )


def breakthrough(figures: WindowFigures, thresholds: Thresholds) -> tuple[Condition, ...]:
    """Strong weeks against the peers, users who come back, and KOCs."""
    return (
        Condition("peer_weeks", strong_weeks(figures, thresholds), thresholds.peer_weeks),
        Condition("repeat_rate", figures.repeat_rate, thresholds.repeat_rate),
        Condition("kocs", figures.kocs, thresholds.kocs_at_least),
    )


def strong_weeks(figures: WindowFigures, thresholds: Thresholds) -> int | None:
    """Weeks with θ times the peers' median or more. A week without an opening is not strong, whatever the peers do."""
    if figures.peer_medians is None:
        return None
    weeks = [sum(week) for week in figures.weeks(thresholds.peer_of_weeks)]
    medians = figures.peer_medians[: thresholds.peer_of_weeks]
    return sum(0 < opened >= thresholds.peer_factor * median for opened, median in zip(weeks, medians, strict=True))


RULES: Mapping[Step, Callable[[WindowFigures, Thresholds], tuple[Condition, ...]]] = {
    Step.SILENT: silent,
    Step.LIT: lit,
    Step.ACTIVE: active,
    Step.RISING: rising,
    Step.BREAKTHROUGH: breakthrough,
}
