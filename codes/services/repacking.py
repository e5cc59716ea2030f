"""Moving children from whatever they are in into another case or onto another pallet."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from codes.formats.serials import SerialRange
from codes.services.packing import checked, pack, take_out
from core.errors import Invalid
from stores.models import Brand

MOST_AT_ONCE = 1_000


@transaction.atomic
def repack(*, brand: Brand, packings: Sequence[tuple[int, int, int]], actor: str, now: dt.datetime) -> int:
    """Take children out of their present parents and pack them anew (rows as codes.services.packing.NewPacking).

    All or none; what else was in the old parents stays. How many children moved.

    Raises:
        Invalid: no rows, more than 1,000, or numbers that name no range of serials.
        NotPacked: a child is in nothing; named as `first_offending_serial`.
        UnknownUnits, WrongLevel, AlreadyPacked: as `pack` raises them.
    """
    if len(packings) > MOST_AT_ONCE:
        raise Invalid(fields={"packings": [_("Between 1 and %(most)d packings.") % {"most": MOST_AT_ONCE}]})
    rows = checked(packings).tolist()
    moved = [take_out(brand=brand, children=SerialRange(first, last), actor=actor, now=now) for _p, first, last in rows]
    pack(brand=brand, packings=packings, actor=actor, now=now)
    return sum(moved)
