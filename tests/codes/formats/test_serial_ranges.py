import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from codes.formats.serial_ranges import fewest_ranges, grouped_ranges, joined, ranges_of
from codes.formats.serials import SerialRange

SERIALS = st.lists(st.integers(0, 60))


def held(ranges):
    return [serial for first, last in zip(*ranges, strict=True) for serial in range(first, last + 1)]


@given(SERIALS)
def test_ranges_hold_each_serial_once_and_none_touches_the_next(serials):
    ranges = fewest_ranges(np.array(serials, dtype=np.int64))
    assert held(ranges) == sorted(set(serials))
    assert all(ranges.firsts[1:] > ranges.lasts[:-1] + 1)
    assert ranges.units == len(set(serials))


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9))))
def test_overlapping_ranges_are_joined(spans):
    firsts = np.array([first for first, _ in spans], dtype=np.int64)
    lasts = np.array([first + more for first, more in spans], dtype=np.int64)
    ranges = joined(firsts, lasts)
    assert held(ranges) == sorted({serial for first, more in spans for serial in range(first, first + more + 1)})
    assert all(ranges.firsts[1:] > ranges.lasts[:-1] + 1)


@given(st.sets(st.tuples(st.integers(0, 3), st.integers(0, 12))))
def test_ranges_of_groups_hold_each_pair_once(pairs):
    groups, serials = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2).T
    owners, ranges = grouped_ranges(groups, serials)
    told = [
        (owner, serial) for owner, first, last in zip(owners, *ranges, strict=True) for serial in range(first, last + 1)
    ]
    assert told == sorted(pairs)


def test_ranges_that_touch_are_one():
    assert ranges_of(SerialRange(5, 6), SerialRange(1, 4)).firsts.tolist() == [1]
