"""What every rule answers: its conditions with what was found, whether they hold, and how grave that is."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SMALLEST = 1e-300
GREATEST_RATIO = 20.0
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition: what is there, and what it takes. `have` is None where it is not known, and then it holds not.

    `at_most`: it holds where `have` is not above `need`; both are then probabilities below 1.
    """

    name: str
    have: float | None
    need: float
    at_most: bool = False

    @property
    def holds(self) -> bool:
        if self.have is None:
            return False
        return self.have <= self.need if self.at_most else self.have >= self.need

    @property
    def ratio(self) -> float:
        """How many times the need is met, 1 to 20; for probabilities on the logarithmic scale."""
        if self.have is None or not self.holds:
            return 1.0
        if self.at_most:
            times = math.log(max(self.have, SMALLEST)) / math.log(self.need)
        else:
            times = self.have / self.need if self.need else 1.0
        return min(max(times, 1.0), GREATEST_RATIO)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether it is a case; `score` 0 to 100; `reasons` of the rules that hold, or else of all that were asked."""

    is_case: bool
    score: int
    reasons: tuple[Reason, ...]


def score_of(reasons: Sequence[Reason]) -> float:
    """0 to 1: nothing where a condition fails, ½ where all hold just so, towards 1 the farther they are passed.

    1 - 1 / (2 g), g being the geometric mean of the conditions' ratios: no single large number carries it alone.
    """
    if not reasons or not all(reason.holds for reason in reasons):
        return 0.0
    mean = math.exp(sum(math.log(reason.ratio) for reason in reasons) / len(reasons))
    return 1 - HALF / mean


def judged(rules: Iterable[Sequence[Reason]]) -> Judgement:
    """A case where any rule holds. Independent rules add up as probabilities do: 1 - Π (1 - score)."""
    asked = [tuple(reasons) for reasons in rules if reasons]
    scores = [score_of(reasons) for reasons in asked]
    holding = [reasons for reasons, score in zip(asked, scores, strict=True) if score]
    together = 1 - math.prod(1 - score for score in scores)
    told = tuple(reason for reasons in holding or asked for reason in reasons)
    return Judgement(bool(holding), round(100 * together), told)
