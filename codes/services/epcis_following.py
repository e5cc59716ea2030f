"""Our own histories, written as events some time after they happen, so that one index answers every query.

A brand's follower is held while a page is written, and moves on in the same transaction. An event that is there
already, by its ID, is passed over.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from itertools import takewhile

from django.db import transaction

from codes.models import EpcisEffect, EpcisFollower, Packing
from codes.selectors.epcis_events import rows_of, teller_of, told
from codes.selectors.epcis_rows import Row
from codes.services.epcis_effects import ACTOR
from codes.services.epcis_rows import Source, new_event, write_events
from core.sweeping import go_through
from stores.models import Brand

WRITER = "system:histories"
PAGE = 500


def follow_all(*, clock: Callable[[], dt.datetime], until: dt.datetime) -> bool:
    """Follow every brand's histories until there is nothing new (False) or it is `until` (True: more is left).

    A brand whose histories can't be followed keeps no other's waiting.
    """
    left: list[Brand] = []

    def follow_on(brand: Brand) -> None:
        while not follow(brand=brand, now=clock()):
            if clock() >= until:
                left.append(brand)
                return

    brands = Brand.objects.filter(is_active=True).order_by("pk")
    go_through(takewhile(lambda _: not left, brands), follow_on, sweep="epcis.follow")
    return bool(left)


@transaction.atomic
def follow(*, brand: Brand, now: dt.datetime) -> bool:
    """Write the next page of a brand's histories. True where nothing more is settled, or another worker is at it."""
    EpcisFollower.objects.get_or_create(brand=brand)
    follower = EpcisFollower.objects.select_for_update(skip_locked=True).filter(brand=brand).first()
    if follower is None:
        return True
    page = rows_of(brand, follower.cursor, PAGE, now=now)
    context = teller_of(brand).naming.context()
    own = [new_event(event, context) for event in told(brand, not_captured(page.rows))]
    write_events(Source(brand.pk, WRITER, now), own)
    EpcisFollower.objects.filter(brand=brand).update(cursor=page.cursor, followed_at=now)
    return page.is_last


def not_captured(rows: Sequence[tuple[str, Row]]) -> list[tuple[str, Row]]:
    """Without what captured events had told: these are events already."""
    numbers = {name: [row["number"] for of, row in rows if of == name] for name in ("movement", "packing", "unpacking")}
    packings = Packing.objects.filter(pk__in=numbers["packing"], packed_by=ACTOR)
    unpackings = Packing.objects.filter(pk__in=numbers["unpacking"], unpacked_by=ACTOR)
    movements = EpcisEffect.objects.filter(movement__in=numbers["movement"])
    captured = {
        "movement": set(movements.values_list("movement_id", flat=True)) if numbers["movement"] else set(),
        "packing": set(packings.values_list("pk", flat=True)) if numbers["packing"] else set(),
        "unpacking": set(unpackings.values_list("pk", flat=True)) if numbers["unpacking"] else set(),
    }
    return [(name, row) for name, row in rows if row["number"] not in captured.get(name, ())]
