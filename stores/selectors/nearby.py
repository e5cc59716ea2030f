"""Stores around a place."""

from stores.earth import Place, box_around, distance_m
from stores.models import Store


def stores_near(
    brand_id: int, latitude: float, longitude: float, radius_m: float, limit: int
) -> list[tuple[Store, float]]:
    """The brand's active stores within `radius_m` metres and how far each is (metres), nearest first.

    Reads those in a box by the index on (brand, latitude, longitude); the price is the stores in that box.
    """
    centre = Place(latitude, longitude)
    box = box_around(centre, radius_m)
    in_box = Store.objects.filter(
        brand_id=brand_id,
        is_active=True,
        latitude__range=(box.south, box.north),
        longitude__range=(box.west, box.east),
    )
    measured = ((store, distance_m(centre, Place(store.latitude or 0.0, store.longitude or 0.0))) for store in in_box)
    near = [(store, metres) for store, metres in measured if metres <= radius_m]
    return sorted(near, key=lambda found: (found[1], found[0].pk))[:limit]
