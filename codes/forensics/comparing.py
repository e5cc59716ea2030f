"""Is something seen more often in one file's scans than in those of all the other files?"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Honest:
    """What the other files are thought to have shown besides: so one file alone is still compared with something."""

    scans: int
    seen: int


EARLY = Honest(1_000, 1)
FOLLOWING = Honest(1_000, 100)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`seen` in `scans` of this file, the same in all others, and the one-sided `p` of so many by chance."""

    scans: int
    seen: int
    other_scans: int
    other_seen: int
    p: float


def compared(scans: int, seen: int, other_scans: int, other_seen: int, *, honest: Honest) -> Comparison:
    """Fisher's exact test, one-sided: p = P(X ≥ seen), X hypergeometric with the margins of the 2 × 2 table.

    P(X = k) = C(K, k)·C(N − K, n − k)/C(N, n) with n scans of this file, N of all, K seen in all; `honest` is added to
    the other files.

    Source: R. A. Fisher, Statistical Methods for Research Workers (5th ed. 1934), § 21.02.
    """
    everything, marked = scans + other_scans + honest.scans, seen + other_seen + honest.seen
    p = hypergeometric_tail(everything, marked, scans, seen) if seen else 1.0
    return Comparison(scans, seen, other_scans, other_seen, p)


def hypergeometric_tail(everything: int, marked: int, drawn: int, seen: int) -> float:
    """P(at least `seen` of the marked ones among `drawn`, of `everything` of which `marked` are)."""
    whole = log_choose(everything, drawn)
    logs = [
        log_choose(marked, k) + log_choose(everything - marked, drawn - k) - whole
        for k in range(seen, min(marked, drawn) + 1)
    ]
    return min(1.0, math.fsum(math.exp(log) for log in logs))


def log_choose(n: int, k: int) -> float:
    """Natural logarithm of the number of ways to choose k of n."""
    return -math.inf if k > n else math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
