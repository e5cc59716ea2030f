"""Where things may be sold, and how far a place certainly is from there."""

from collections.abc import Collection, Sequence

R95 = 1.6152
"""Radius of 95 % ÷ radius of 68 % of a circular normal error: √(ln 0.05 ÷ ln 0.3173), by the Rayleigh distribution."""
UNTOLD_ACCURACY_M = 1_000.0
"""A phone that does not tell how exactly it knows its place counts as one that asked the radio masts of a town."""


def is_inside(lineage: Sequence[str], territory: Collection[str]) -> bool:
    """Whether a region (its lineage from the nation down) lies in a territory of regions of any level."""
    return any(code in territory for code in lineage)


def certainly_m(distance_m: float, *accuracies_m: float | None) -> float:
    """What remains of a distance when each place is as much nearer as it may be with 95 %; not below 0."""
    doubt = sum(R95 * (UNTOLD_ACCURACY_M if accuracy is None else accuracy) for accuracy in accuracies_m)
    return max(0.0, distance_m - doubt)
