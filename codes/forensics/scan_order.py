"""Were a file's codes scanned in the order in which they were printed?

Goods leave a factory roughly in printing order, so over a whole file honest scans do rise with the serials; the test
looks within blocks of neighbouring serials alone, about a case each, and adds up over the blocks. A shop may empty its
cases in their order, too. But many shops sell at once, so that neighbours are seldom scanned one after another, while
somebody who types codes off a leaked file goes line by line. Hence a second look, at how often the next scan in time is
of a code that comes next in print, compared with the other files (`codes.forensics.comparing`).

A file is suspect where both say so: its p is the larger of the two. This intersection–union test needs no correction
for being two. Source: R. L. Berger, Multiparameter hypothesis testing and acceptance sampling, Technometrics 24 (1982)
295–300.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLOCK = 24
"""Consecutive serials that are taken for exchangeable when honest: about a case."""

FEWEST_PAIRS = 20
"""Below so many pairs nothing is said: the normal approximation would be poor."""


STEP = 3
"""A code at most so many lines further down is the next in print: some are left out, some fail."""


@dataclass(frozen=True, slots=True)
class OrderTest:
    """`pairs` within blocks, `statistic` S, its standardised value `z`, and the one-sided `p` of an order as rising."""

    scans: int
    pairs: int
    statistic: int
    z: float
    p: float


def scan_order(serials: NDArray[np.int64], moments: NDArray[np.float64]) -> OrderTest:
    """Kendall's test for a rising order, stratified by blocks of 24 consecutive serials.

    `serials` are distinct, `moments` (any unit, such as seconds) those of their first scans, in any common order.

    S = Σ over blocks of Σ over pairs i < j by serial of sign(moment_j − moment_i). Where the order within each block is
    chance, S has mean 0 and variance Σ n(n − 1)(2n + 5)/18 over blocks of n scans; ties in time add 0 and make the
    variance, which is not reduced for them, too large: the test then errs on the honest side. z = (S − 1)/√variance
    (continuity; 0 where S ≤ 0 or there are fewer than FEWEST_PAIRS pairs), p = 1 − Φ(z).

    Source: R. M. Hirsch, J. R. Slack, R. A. Smith, Techniques of trend analysis for monthly water quality data, Water
    Resources Research 18 (1982) 107–121: the seasonal Kendall test, with blocks of serials for seasons.
    """
    order = np.argsort(serials, kind="stable")
    blocks, moments = serials[order] // BLOCK, moments[order]
    starts = np.flatnonzero(np.diff(blocks, prepend=-1))
    counts = np.diff(starts, append=len(blocks))
    pairs = int((counts * (counts - 1) // 2).sum())
    statistic = sum_of_signs(blocks, moments)
    variance = float((counts * (counts - 1) * (2 * counts + 5)).sum()) / 18
    z = (statistic - 1) / math.sqrt(variance) if pairs >= FEWEST_PAIRS and statistic > 0 else 0.0
    return OrderTest(len(serials), pairs, statistic, z, upper_tail(z) if z else 1.0)


def following(serials: NDArray[np.int64], moments: NDArray[np.float64]) -> tuple[int, int]:
    """(scans that have one before them, those of a code 1 to STEP serials behind the one scanned just before)."""
    steps = np.diff(serials[np.argsort(moments, kind="stable")])
    return len(steps), int(((steps >= 1) & (steps <= STEP)).sum())


def sum_of_signs(blocks: NDArray[np.int64], moments: NDArray[np.float64]) -> int:
    """Σ sign(later − earlier) over the pairs of each block; sorted by serial. Blocks hold at most BLOCK scans."""
    total = 0
    for apart in range(1, BLOCK):
        same = blocks[apart:] == blocks[:-apart]
        total += int(np.sign(moments[apart:] - moments[:-apart])[same].sum())
    return total


def upper_tail(z: float) -> float:
    """1 − Φ(z) of the standard normal distribution."""
    return math.erfc(z / math.sqrt(2)) / 2
