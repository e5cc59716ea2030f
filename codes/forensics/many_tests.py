"""Many files are tested at once: which of the small p-values still mean something."""

from collections.abc import Sequence


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values by Benjamini and Hochberg, in the given order.

    Of the hypotheses whose adjusted value is at most q, the expected share of false alarms is at most q; where nothing
    at all is wrong, q is the chance of any alarm. Of m values, sorted rising:
    adjusted(i) = min over j ≥ i of p(j)·m/j, at most 1.

    Source: Y. Benjamini, Y. Hochberg, Controlling the false discovery rate, Journal of the Royal Statistical Society B
    57 (1995) 289–300.
    """
    count = len(p_values)
    found, least = [1.0] * count, 1.0
    for rank, place in reversed(list(enumerate(sorted(range(count), key=p_values.__getitem__), start=1))):
        least = min(least, p_values[place] * count / rank)
        found[place] = least
    return found
