"""The statistics by themselves: against counting by hand, and against many honest files and some leaks."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.forensics.comparing import EARLY, FOLLOWING, compared, hypergeometric_tail
from codes.forensics.many_tests import adjusted
from codes.forensics.scan_order import BLOCK, FEWEST_PAIRS, following, scan_order, upper_tail


def judged(serials, moments):
    return scan_order(np.array(serials, dtype=np.int64), np.array(moments, dtype=np.float64))


def honest(seed, cases=60, opened=0.3):
    """Cases leave in printing order and are sold one after the other; within a case it is chance."""
    chance = np.random.default_rng(seed)
    serials = np.flatnonzero(chance.random(cases * BLOCK) < opened) + 1_000_003
    sold = serials // BLOCK * 50.0 + chance.exponential(200.0, len(serials))
    order = chance.permutation(len(serials))
    return serials[order], sold[order]


def leak(seed, scans=120, noise=0.0):
    """Somebody goes down the lines of a file, with or without leaving some out, `noise` of them out of turn."""
    chance = np.random.default_rng(seed)
    serials = np.cumsum(chance.integers(1, 4, scans)) + 500
    moments = np.arange(scans) * 7.0
    out_of_turn = chance.random(scans) < noise
    moments[out_of_turn] = chance.permutation(moments[out_of_turn])
    return serials, moments


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), unique_by=lambda scan: scan[0]))
def test_the_statistic_counts_rising_pairs_less_falling_ones_within_blocks(scans):
    found = judged([serial for serial, _ in scans], [moment for _, moment in scans])
    pairs = [(a, b) for a, b in itertools.combinations(sorted(scans), 2) if a[0] // BLOCK == b[0] // BLOCK]
    assert found.pairs == len(pairs)
    assert found.statistic == sum((b[1] > a[1]) - (b[1] < a[1]) for a, b in pairs)
    assert 0 <= found.p <= 1


def test_the_variance_is_that_of_kendalls_s():
    found = judged(range(24), range(24))
    variance = 24 * 23 * (2 * 24 + 5) / 18
    assert (found.statistic, found.z) == (276, pytest.approx(275 / math.sqrt(variance)))
    assert found.p == pytest.approx(upper_tail(found.z))


def test_the_normal_tail_is_that_of_the_tables():
    assert [round(upper_tail(z), 4) for z in (0.0, 1.0, 1.96, 2.5758)] == [0.5, 0.1587, 0.025, 0.005]


def test_a_few_scans_say_nothing():
    found = judged(range(5), range(5))
    assert (found.pairs < FEWEST_PAIRS, found.z, found.p) == (True, 0.0, 1.0)


def test_no_scans_are_no_finding():
    assert judged([], []).p == 1.0


def test_goods_that_leave_in_order_are_honest_though_their_serials_rise_with_time():
    serials, moments = honest(7)
    assert np.corrcoef(serials, moments)[0, 1] > 0.9
    assert scan_order(serials, moments).p > 0.001


def test_of_two_hundred_honest_files_none_is_named_at_one_in_a_hundred():
    p_values = [scan_order(*honest(seed)).p for seed in range(200)]
    assert min(adjusted(p_values)) > 0.01


def test_a_third_of_honest_reports_at_one_third_raise_an_alarm_and_not_more():
    raised = sum(
        min(adjusted([scan_order(*honest(1_000 * report + n, cases=12)).p for n in range(8)])) <= 0.33
        for report in range(60)
    )
    assert raised <= 60 * 0.33 + 3 * math.sqrt(60 * 0.33 * 0.67)


@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_one_leak_among_two_hundred_files_is_found_and_no_other(noise):
    files = [honest(seed) for seed in range(199)] + [leak(1, noise=noise)]
    q_values = adjusted([scan_order(*file).p for file in files])
    assert [n for n, q in enumerate(q_values) if q <= 0.01] == [199]


def emptied_in_order(seed, shops=30, cases=60):
    """Honest shops that open their cases bottle by bottle in printing order, all at once."""
    chance = np.random.default_rng(seed)
    serials = np.arange(cases * BLOCK)
    case = serials // BLOCK
    opened = case // shops * 4_000.0 + chance.uniform(0, 500, cases)[case]
    return serials, opened + serials % BLOCK * 100.0 + chance.uniform(0, 90, len(serials))


def judged_together(files):
    """Adjusted p-values of the order of several files, as a report has them."""
    counts = [following(*file) for file in files]
    scans, seen = map(sum, zip(*counts, strict=True))
    p_values = [
        max(scan_order(*file).p, compared(n, k, scans - n, seen - k, honest=FOLLOWING).p)
        for file, (n, k) in zip(files, counts, strict=True)
    ]
    return adjusted(p_values)


def test_shops_that_empty_their_cases_in_printing_order_are_honest():
    files = [emptied_in_order(seed) for seed in range(20)]
    assert max(scan_order(*file).p for file in files) < 1e-6
    assert min(judged_together(files)) > 0.01


@pytest.mark.parametrize("noise", [0.0, 0.3])
@pytest.mark.parametrize("make", [honest, emptied_in_order])
def test_a_leak_is_found_among_honest_files_of_either_kind(make, noise):
    q_values = judged_together([make(seed) for seed in range(30)] + [leak(1, noise=noise)])
    assert [n for n, q in enumerate(q_values) if q <= 0.01] == [30]


def test_of_two_hundred_honest_files_judged_together_none_is_named():
    assert min(judged_together([honest(seed, cases=30) for seed in range(200)])) > 0.01


def test_a_scan_follows_where_it_is_of_one_of_the_next_three_lines():
    serials, moments = np.array([5, 6, 9, 13, 12, 12 + 3]), np.arange(6.0)
    assert following(serials, moments) == (5, 3)


def test_a_leak_that_is_scanned_backwards_is_not_said_to_rise():
    serials, moments = leak(1)
    assert scan_order(serials, -moments).p == 1.0


@pytest.mark.parametrize(
    ("table", "p"),
    [
        # the lady tasting tea: 3 right of 4, of 8 cups
        ((8, 4, 4, 3), 17 / 70),
        ((8, 4, 4, 4), 1 / 70),
        ((10, 5, 3, 1), 1 - math.comb(5, 3) / math.comb(10, 3)),
        ((5, 1, 5, 1), 1.0),
    ],
)
def test_the_exact_test_counts_the_ways(table, p):
    assert hypergeometric_tail(*table) == pytest.approx(p)


def test_early_scans_are_judged_against_the_other_files():
    assert compared(200, 30, 5_000, 40, honest=EARLY).p < 1e-20
    assert compared(200, 2, 5_000, 50, honest=EARLY).p > 0.5
    assert compared(200, 0, 0, 0, honest=EARLY).p == 1.0
    assert compared(50, 10, 0, 0, honest=EARLY).p < 1e-6


def test_early_scans_of_honest_files_raise_no_alarm():
    chance = np.random.default_rng(3)
    counts = chance.binomial(300, 0.02, 200)
    p_values = [compared(300, int(k), 199 * 300, int(counts.sum() - k), honest=EARLY).p for k in counts]
    assert min(adjusted(p_values)) > 0.01


def test_adjusted_values_are_those_of_the_paper():
    p_values = [0.01, 0.04, 0.03, 0.005]
    assert adjusted(p_values) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert adjusted([]) == []


@given(st.lists(st.floats(0, 1), max_size=12))
def test_adjusting_keeps_the_order_and_never_lowers(p_values):
    found = adjusted(p_values)
    assert all(q >= p * (1 - 1e-12) for p, q in zip(p_values, found, strict=True))
    assert [q for _, q in sorted(zip(p_values, found, strict=True))] == sorted(found)
