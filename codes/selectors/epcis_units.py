"""What the serials of a range are: of which level, product and batch."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from django.db import connection

from codes.epcis.histories import Units

ORDERS = """
    SELECT lower(o.serials), upper(o.serials) - 1, o.level, p.gtin, b.lot
    FROM codes_codeorder o JOIN codes_batch b ON b.id = o.batch_id JOIN codes_product p ON p.id = b.product_id
    WHERE o.brand_id = %s
      AND o.serials && (SELECT range_agg(int8range(f, l, '[]')) FROM unnest(%s::bigint[], %s::bigint[]) AS k(f, l))
    ORDER BY 1
"""


class Span(NamedTuple):
    """Serials from first to last, both included."""

    first: int
    last: int


class Known:
    """The orders of a brand that some ranges lie in."""

    def __init__(self, orders: Sequence[tuple[int, int, str, str, str]]) -> None:
        self._orders = orders
        self._firsts = [order[0] for order in orders]

    def units(self, spans: Iterable[Span]) -> list[Units]:
        """The ranges, cut where one order ends and another begins; serials of no order are left out."""
        return [piece for span in joined(spans) for piece in self._pieces(span)]

    def _pieces(self, span: Span) -> list[Units]:
        pieces = []
        for place in range(max(bisect_right(self._firsts, span.first) - 1, 0), len(self._orders)):
            first, last, level, gtin, lot = self._orders[place]
            if first > span.last:
                break
            if last >= span.first:
                pieces.append(Units(level, gtin, lot, max(first, span.first), min(last, span.last)))
        return pieces


def known_orders(brand_id: int, spans: Iterable[Span]) -> Known:
    """The orders that hold these serials. One statement."""
    whole = joined(spans)
    with connection.cursor() as cursor:
        cursor.execute(ORDERS, [brand_id, [span.first for span in whole], [span.last for span in whole]])
        return Known(cursor.fetchall())


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same serials in as few ranges as there can be, in order."""
    ordered = sorted(spans)
    ends = [span.last for span in ordered]
    for place, (before, after) in enumerate(pairwise(ends), 1):
        ends[place] = max(before, after)
    starts = [n for n, span in enumerate(ordered) if n == 0 or span.first > ends[n - 1] + 1]
    return [
        Span(ordered[n].first, ends[(starts[at + 1] if at + 1 < len(starts) else len(ordered)) - 1])
        for at, n in enumerate(starts)
    ]
