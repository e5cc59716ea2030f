"""Many serials as the fewest ranges that they allow."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from codes.formats.serials import SerialRange

Serials = NDArray[np.int64]


class Ranges(NamedTuple):
    """Ranges first..last, both included, sorted and apart: two arrays of one length. Sixteen bytes a range."""

    firsts: Serials
    lasts: Serials

    @property
    def units(self) -> int:
        """How many serials these are."""
        return int((self.lasts - self.firsts + 1).sum())


def fewest_ranges(serials: Serials) -> Ranges:
    """Any serials, in any order and often named, as the fewest ranges."""
    return joined(serials, serials)


def joined(firsts: Serials, lasts: Serials) -> Ranges:
    """Any ranges, in any order and overlapping, as the fewest; those that touch become one."""
    order = np.argsort(firsts, kind="stable")
    firsts, reached = firsts[order], np.maximum.accumulate(lasts[order])
    begins = np.ones(len(firsts), dtype=np.bool_)
    begins[1:] = firsts[1:] > reached[:-1] + 1
    ends = np.roll(begins, -1)
    return Ranges(firsts[begins], reached[ends])


def grouped_ranges(groups: Serials, serials: Serials) -> tuple[Serials, Ranges]:
    """Pairs sorted by group and serial, no pair twice, as ranges of consecutive serials; with the group of each."""
    begins = np.ones(len(serials), dtype=np.bool_)
    begins[1:] = (np.diff(serials) != 1) | (np.diff(groups) != 0)
    ends = np.roll(begins, -1)
    return groups[begins], Ranges(serials[begins], serials[ends])


def ranges_of(*spans: SerialRange) -> Ranges:
    """Some ranges as arrays."""
    firsts = np.array([span.first for span in spans], dtype=np.int64)
    return joined(firsts, np.array([span.last for span in spans], dtype=np.int64))


def distinct(serials: Serials) -> Serials:
    """Each serial once, in order. Quicker than NumPy's own where they come nearly in order, as keys do."""
    in_order = np.sort(serials, kind="stable")
    new = np.ones(len(in_order), dtype=np.bool_)
    new[1:] = in_order[1:] != in_order[:-1]
    return in_order[new]


def multirange(ranges: Ranges) -> str:
    """The ranges as PostgreSQL reads an int8multirange."""
    pairs = zip(ranges.firsts.tolist(), ranges.lasts.tolist(), strict=True)
    return "{" + ",".join(f"[{first},{last}]" for first, last in pairs) + "}"
