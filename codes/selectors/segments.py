"""Cutting ranges of serials where custody may change, so that one unit speaks for all of its piece."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from django.db import connection

from codes.formats.serials import SerialRange

EDGES = """
    WITH asked AS (SELECT range_agg(int8range(f, l, '[]')) AS r FROM unnest(%s::bigint[], %s::bigint[]) AS k(f, l)),
    touching AS (
        SELECT serials AS r FROM codes_movementline WHERE serials && (SELECT r FROM asked)
        UNION ALL
        SELECT children FROM codes_packing WHERE unpacked_at IS NULL AND children && (SELECT r FROM asked)
        UNION ALL
        SELECT children FROM codes_packing WHERE unpacked_at IS NOT NULL AND children && (SELECT r FROM asked)
    )
    SELECT lower(r) FROM touching UNION SELECT upper(r) FROM touching ORDER BY 1
"""


def segments(spans: Sequence[SerialRange]) -> list[list[SerialRange]]:
    """Each span cut into pieces whose units were all moved and packed together. One statement.

    The number of pieces grows with the packings and movements in the spans, not with their serials.
    """
    with connection.cursor() as cursor:
        cursor.execute(EDGES, [[span.first for span in spans], [span.last for span in spans]])
        edges = [row[0] for row in cursor.fetchall()]
    return [cut(span, edges) for span in spans]


def cut(span: SerialRange, edges: Sequence[int]) -> list[SerialRange]:
    """The span cut before each of the (sorted) edges that lie within."""
    inner = edges[bisect_right(edges, span.first) : bisect_left(edges, span.last + 1)]
    starts = [span.first, *inner]
    ends = [*inner, span.last + 1]
    return [SerialRange(start, end - 1) for start, end in zip(starts, ends, strict=True)]
