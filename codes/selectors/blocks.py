"""Which serials are units of a brand, and of what level, by the orders that they were issued in."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from codes.models import CodeOrder
from codes.models.order import LAST_SERIAL

RANK = {CodeOrder.Level.ITEM.value: 1, CodeOrder.Level.CASE.value: 2, CodeOrder.Level.PALLET.value: 3}
NO_RANK = 0
"""Rank of a serial that is no unit of the brand."""

BLOCKS = """
    SELECT lower(o.serials), upper(o.serials), o.level, o.key_version
    FROM codes_codeorder o
    WHERE o.brand_id = %s AND o.state NOT IN ('draft', 'cancelled')
      AND o.serials && (SELECT range_agg(int8range(f, l, '[]')) FROM unnest(%s::bigint[], %s::bigint[]) AS k(f, l))
    ORDER BY 1
"""

Serials = NDArray[np.int64]


class Placed(NamedTuple):
    """For each range asked about: the rank of its level, and where that is 0 the first serial that spoils it."""

    ranks: Serials
    offending: Serials


class Blocks:
    """Issued blocks of one brand, orders that touch each other and have one level joined."""

    def __init__(self, blocks: Sequence[tuple[int, int, str, str]]) -> None:
        self._orders = np.array([first for first, *_ in blocks], dtype=np.int64)
        self._keys = np.array([key for *_, key in blocks], dtype="U1")
        joined: list[list[int]] = []
        for first, end, level, _key in blocks:
            if joined and joined[-1][1] == first and joined[-1][2] == RANK[level]:
                joined[-1][1] = end
            else:
                joined.append([first, end, RANK[level]])
        columns = np.array(joined, dtype=np.int64).reshape(-1, 3).T
        self._firsts, self._ends, self._ranks = columns

    def place(self, firsts: Serials, lasts: Serials) -> Placed:
        """The level of each range first..last. A range over two levels, or partly outside, has none."""
        if not len(self._firsts):
            return Placed(np.zeros_like(firsts), firsts)
        at = np.searchsorted(self._firsts, firsts, side="right") - 1
        begins_inside = (at >= 0) & (firsts < self._ends[at])
        whole = begins_inside & (lasts < self._ends[at])
        ranks = np.where(whole, self._ranks[at], NO_RANK)
        return Placed(ranks, np.where(begins_inside, self._ends[at], firsts))

    def ranks_of(self, serials: Serials, keys: NDArray[np.str_]) -> Serials:
        """The ranks of units whose marks were made with these keys: none where the unit's order has another key."""
        ranks = self.place(serials, serials).ranks
        issued = np.flatnonzero(ranks != NO_RANK)
        printed_under = self._keys[np.searchsorted(self._orders, serials[issued], side="right") - 1]
        ranks[issued[printed_under != keys[issued]]] = NO_RANK
        return ranks


def issued_blocks(brand_id: int, firsts: Sequence[int], lasts: Sequence[int]) -> Blocks:
    """The brand's blocks that any of the ranges touches; cancelled orders and drafts issued nothing. One statement.

    The ranges lie within the serials that can be: 0 ≤ first ≤ last ≤ LAST_SERIAL.
    """
    with connection.cursor() as cursor:
        cursor.execute(BLOCKS, [brand_id, list(firsts), list(lasts)])
        return Blocks(cursor.fetchall())


def is_unit_of(brand_id: int, serial: int) -> bool:
    """Whether the serial was issued to the brand."""
    at = np.array([serial])
    return bool(issued_blocks(brand_id, [serial], [serial]).place(at, at).ranks[0] != NO_RANK)


def is_printed(brand_id: int, serial: int, version: str) -> bool:
    """Whether the serial was issued to the brand, in an order that is printed under this key."""
    return made_by_printer(brand_id, [serial], [version]) == [True]


def made_by_printer(brand_id: int, serials: Sequence[int], versions: Sequence[str]) -> list[bool]:
    """Of marks that name these serials and were made with these keys, which are units' of the brand. One statement."""
    at, keys = np.array(serials, dtype=np.int64), np.array(versions, dtype="U1")
    return [rank != NO_RANK for rank in issued_blocks(brand_id, serials, serials).ranks_of(at, keys).tolist()]


def are_serials(firsts: Serials, lasts: Serials) -> NDArray[np.bool_]:
    """Whether each pair is a range of numbers that can be serials."""
    result: NDArray[np.bool_] = (firsts >= 0) & (firsts <= lasts) & (lasts <= LAST_SERIAL)
    return result
