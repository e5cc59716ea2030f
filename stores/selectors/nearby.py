"""Stores around a place."""

from stores.earth import Place, box_around, distance_m
from stores.models import Store

# A plain statement, since every scan that tells its place asks it: building it anew would cost more than running it.
IN_BOX = """
SELECT * FROM stores_store
WHERE brand_id = %(brand)s AND is_active
  AND latitude BETWEEN %(south)s AND %(north)s AND longitude BETWEEN %(west)s AND %(east)s
"""


def stores_near(
    brand_id: int, latitude: float, longitude: float, radius_m: float, limit: int
) -> list[tuple[Store, float]]:
    """The brand's active stores within `radius_m` metres and how far each is (metres), nearest first.

    Reads those in a box by the index on (brand, latitude, longitude); the price is the stores in that box.
    """
    centre = Place(latitude, longitude)
    box = box_around(centre, radius_m)
    in_box = Store.objects.raw(
        IN_BOX, {"brand": brand_id, "south": box.south, "north": box.north, "west": box.west, "east": box.east}
    )
    measured = ((store, distance_m(centre, Place(store.latitude or 0.0, store.longitude or 0.0))) for store in in_box)
    near = [(store, metres) for store, metres in measured if metres <= radius_m]
    return sorted(near, key=lambda found: (found[1], found[0].pk))[:limit]
