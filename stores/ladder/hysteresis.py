from dataclasses import dataclass

from stores.ladder.step import Step


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a store stands, and in how many evaluations running its step's rule has failed."""

    step: Step
    failed: int = 0


def move(standing: Standing, reached: Step, *, patience: int) -> Standing:
    """The standing after an evaluation that reached `reached`: up at once, down when patience is at its end."""
    if reached >= standing.step:
        return Standing(reached)
    if standing.failed + 1 >= patience:
        return Standing(reached)
    return Standing(standing.step, standing.failed + 1)
