"""Are more of a file's codes scanned too early (before they were shipped, or activated) than of the other files?"""

import math
from dataclasses import dataclass

HONEST_SCANS, HONEST_EARLY = 1_000, 1
"""What the other files are thought to have shown besides: so one file alone is still compared with something."""


@dataclass(frozen=True, slots=True)
class EarlyTest:
    """`early` of `scans` of this file, the same of all others, and the one-sided `p` of so many by chance."""

    scans: int
    early: int
    other_scans: int
    other_early: int
    p: float


def early_scans(*, scans: int, early: int, other_scans: int, other_early: int) -> EarlyTest:
    """Fisher's exact test, one-sided: p = P(X ≥ early), X hypergeometric with the margins of the 2 × 2 table.

    P(X = k) = C(K, k)·C(N − K, n − k)/C(N, n) with n scans of this file, N of all, K early ones of all.
    To the other files HONEST_EARLY of HONEST_SCANS are added.

    Source: R. A. Fisher, Statistical Methods for Research Workers (5th ed. 1934), § 21.02.
    """
    everything, all_early = scans + other_scans + HONEST_SCANS, early + other_early + HONEST_EARLY
    p = hypergeometric_tail(everything, all_early, scans, early) if early else 1.0
    return EarlyTest(scans, early, other_scans, other_early, p)


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
