"""What lies between two lists of units: those said to be there, and those that were found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from codes.formats.serials import SerialRange
from codes.selectors.blocks import RANK
from codes.selectors.contents import RankedSpan, item_ranges_inside
from stores.models import Dealer, Store

# A case all of whose items are in the gap is named itself: people look for cases.
GAP = """
    WITH asked AS (
        SELECT coalesce(range_agg(int8range(f, l, '[]')) FILTER (WHERE here), '{}') AS here,
               coalesce(range_agg(int8range(f, l, '[]')) FILTER (WHERE NOT here), '{}') AS there
        FROM unnest(%(firsts)s::bigint[], %(lasts)s::bigint[], %(here)s::boolean[]) AS k(f, l, here)
    ),
    gap AS (SELECT here - there AS r FROM asked),
    holders AS (
        SELECT p.parent_serial, range_agg(whole.children) AS inside
        FROM (SELECT DISTINCT parent_serial FROM codes_packing
              WHERE unpacked_at IS NULL AND children && (SELECT r FROM gap)) p
        JOIN codes_packing whole ON whole.parent_serial = p.parent_serial AND whole.unpacked_at IS NULL
        GROUP BY p.parent_serial
    ),
    whole AS (SELECT * FROM holders WHERE inside <@ (SELECT r FROM gap)),
    named AS (
        SELECT gap.r - coalesce((SELECT range_agg(c) FROM whole, unnest(whole.inside) AS c), '{}')
            + coalesce((SELECT range_agg(int8range(parent_serial, parent_serial, '[]')) FROM whole), '{}') AS r
        FROM gap
    )
    SELECT lower(x), upper(x) - 1 FROM named, unnest(named.r) AS x ORDER BY 1
"""
MOVED = """
    SELECT lower(l.serials), upper(l.serials) - 1, o.level
    FROM codes_movement m
    JOIN codes_movementline l ON l.movement_id = m.id
    CROSS JOIN LATERAL (SELECT level FROM codes_codeorder WHERE serials @> lower(l.serials) LIMIT 1) o
    WHERE m.brand_id = %(brand)s AND m.reference = %(reference)s AND m.reference <> '' AND m.kind = %(kind)s
      AND m.store_id IS NOT DISTINCT FROM %(store)s AND m.dealer_id IS NOT DISTINCT FROM %(dealer)s
    ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Gap:
    """Units that are on one list alone: of those said to be there, and of those that were found."""

    missing: list[SerialRange]
    extra: list[SerialRange]


def gap_between(said: Sequence[SerialRange], found: Sequence[SerialRange]) -> Gap:
    """Ranges of one level each; what fills a whole case is named as that case. Two statements."""
    return Gap(missing=only_in(said, found), extra=only_in(found, said))


def only_in(here: Sequence[SerialRange], there: Sequence[SerialRange]) -> list[SerialRange]:
    """What is in the first list and not in the second."""
    spans = [*here, *there]
    asked: dict[str, Any] = {
        "firsts": [span.first for span in spans],
        "lasts": [span.last for span in spans],
        "here": [True] * len(here) + [False] * len(there),
    }
    with connection.cursor() as cursor:
        cursor.execute(GAP, asked)
        return [SerialRange(first, last) for first, last in cursor.fetchall()]


def items_of(spans: Sequence[RankedSpan]) -> list[SerialRange]:
    """The items that these units are or hold; a unit that holds nothing known stands for itself."""
    inside = item_ranges_inside(spans)
    return [piece for span, items in zip(spans, inside, strict=True) for piece in items or [span.serials]]


def moved_under(brand_id: int, reference: str, kind: str, partner: Store | Dealer) -> list[RankedSpan]:
    """What movements of this kind to or by the partner named under a delivery note."""
    asked: dict[str, Any] = {
        "brand": brand_id,
        "reference": reference,
        "kind": kind,
        "store": partner.pk if isinstance(partner, Store) else None,
        "dealer": partner.pk if isinstance(partner, Dealer) else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(MOVED, asked)
        return [RankedSpan(SerialRange(first, last), RANK[level]) for first, last, level in cursor.fetchall()]
