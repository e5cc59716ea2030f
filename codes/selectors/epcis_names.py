"""What a brand's events name: EPCs, places, and words of vocabularies."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from codes.models import EpcisEvent, EpcisTerm

# Each step finds the next distinct text by the index, however many events have the text before it.
NAMES = """
    WITH RECURSIVE names(value) AS (
        (SELECT value FROM codes_epcisterm WHERE brand_id = %(brand)s AND kind = %(kind)s AND value > %(after)s
         ORDER BY value LIMIT 1)
        UNION ALL
        SELECT (SELECT t.value FROM codes_epcisterm t WHERE t.brand_id = %(brand)s AND t.kind = %(kind)s
                AND t.value > names.value ORDER BY t.value LIMIT 1)
        FROM names WHERE names.value IS NOT NULL
    )
    SELECT value FROM names WHERE value IS NOT NULL LIMIT %(most)s
"""


def names_of(brand_id: int, kinds: Sequence[int], *, after: str = "", most: int) -> list[str]:
    """The first distinct texts of these kinds behind `after`, in their order."""
    names: set[str] = set()
    with connection.cursor() as cursor:
        for kind in kinds:
            cursor.execute(NAMES, {"brand": brand_id, "kind": int(kind), "after": after, "most": most})
            names |= {value for (value,) in cursor.fetchall()}
    return sorted(names)[:most]


def is_named(brand_id: int, kinds: Sequence[int], text: str) -> bool:
    """Whether any event has this text."""
    return EpcisTerm.objects.filter(brand_id=brand_id, kind__in=[int(kind) for kind in kinds], value=text).exists()


def events_called(brand_id: int, key: UUID) -> list[int]:
    """The event whose ID has this hash, and its error declarations."""
    rows = EpcisEvent.objects.filter(brand_id=brand_id, key=key).order_by("id")
    return list(rows.values_list("pk", flat=True))
