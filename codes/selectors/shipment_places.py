"""Where the goods of one movement were scanned."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Avg, Count, Max, Q, Sum

from codes.models import ForeignReceipt, Movement, Sighting

PLACES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ShipmentPlace:
    """One city: how much was seen there, and whether it may be sold there. `distance_m` to the territory, mean."""

    region_code: str
    region: str
    may_be_sold: bool
    units: int
    people: int
    scans: int
    distance_m: float | None
    newest_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ShipmentView:
    """A movement: items that it moved, different units of it that were scanned, where, and by whom received abroad."""

    items: int
    seen_units: int
    places: Sequence[ShipmentPlace]
    receipts: Sequence[ForeignReceipt]


def shipment_view(movement: Movement) -> ShipmentView:
    """Four statements; the places with the most units come first, 200 at most."""
    seen = Sighting.objects.filter(shipment=movement)
    foreign = Q(cause=Sighting.Cause.FOREIGN)
    grouped = (
        seen.values("area_id", "area__name", "cause")
        .annotate(
            units=Count("serial", distinct=True),
            people=Count("person", distinct=True),
            scans=Count("pk"),
            metres=Avg("distance_m", filter=foreign),
            newest=Max("seen_at"),
        )
        .order_by("-units", "area_id", "cause")[:PLACES_SHOWN]
    )
    places = [
        ShipmentPlace(
            region_code=row["area_id"],
            region=row["area__name"],
            may_be_sold=row["cause"] != Sighting.Cause.FOREIGN,
            units=row["units"],
            people=row["people"],
            scans=row["scans"],
            distance_m=row["metres"],
            newest_at=row["newest"],
        )
        for row in grouped
    ]
    return ShipmentView(
        items=movement.lines.aggregate(items=Sum("items"))["items"] or 0,
        seen_units=seen.aggregate(units=Count("serial", distinct=True))["units"],
        places=places,
        receipts=list(ForeignReceipt.objects.filter(shipment=movement).select_related("store", "area")[:PLACES_SHOWN]),
    )
