"""The breakthrough ladder: on which step a store stands by its figures, and what the next one asks. Pure."""

from stores.ladder.figures import WindowFigures
from stores.ladder.hysteresis import Standing, move
from stores.ladder.rules import Condition, Judgement, judge
from stores.ladder.step import Step
from stores.ladder.thresholds import Thresholds

__all__ = ["Condition", "Judgement", "Standing", "Step", "Thresholds", "WindowFigures", "judge", "move"]
