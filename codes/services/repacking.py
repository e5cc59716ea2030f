"""Moving children from whatever they are in into another case or onto another pallet."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from codes.formats.serials import SerialRange
from codes.services.packing import check_apart, checked, pack
from codes.services.unpacking import take_out
from core.errors import Invalid
from stores.models import Brand

MOST_AT_ONCE = 1_000


@transaction.atomic
def repack(
    *,
    brand: Brand,
    packings: Sequence[tuple[int, int, int]],
    actor: str,
    now: dt.datetime,
    happened_at: dt.datetime | None = None,
) -> int:
    """Take children out of their present parents and pack them anew (rows as codes.services.packing.NewPacking).

    All or none; what else was in the old parents stays. How many children moved. `happened_at` as of `pack`. The
    number of statements does not grow with the rows.

    Raises:
        Invalid: no rows, more than 1,000, numbers that name no range of serials, or a moment to come.
        NotPacked: a child is in nothing, or was not at that moment; named as `first_offending_serial`.
        UnitDestroyed, UnknownUnits, WrongLevel, AlreadyPacked: as `take_out` and `pack` raise them.
    """
    if len(packings) > MOST_AT_ONCE:
        raise Invalid(fields={"packings": [_("Between 1 and %(most)d packings.") % {"most": MOST_AT_ONCE}]})
    rows = checked(packings)
    check_apart(rows)
    ranges = [SerialRange(first, last) for _parent, first, last in rows.tolist()]
    moved = take_out(brand=brand, children=ranges, actor=actor, now=now, happened_at=happened_at)
    pack(brand=brand, packings=packings, actor=actor, now=now, happened_at=happened_at)
    return moved
