"""Stores around a place: the rule, as a part of the statements that ask for it, and what is made of its rows."""

from collections.abc import Iterable
from typing import NamedTuple

from stores.earth import Place, box_around, distance_m

IN_BOX = """
  SELECT json_agg(json_build_array(near.id, near.name, near.address, near.latitude, near.longitude)) AS in_box
  FROM stores_store near
  WHERE near.brand_id = {brand} AND near.is_active
    AND near.latitude BETWEEN %(south)s::float8 AND %(north)s::float8
    AND near.longitude BETWEEN %(west)s::float8 AND %(east)s::float8"""
"""The brand's active stores in a box, by the index on (brand, latitude, longitude); the price is the stores in it.

`brand` is filled in as SQL; the statement around it has the parameters of `box_parameters`.
"""


class StoreInBox(NamedTuple):
    """A store and where it is (WGS-84, degrees), in the order of IN_BOX."""

    id: int
    name: str
    address: str
    latitude: float
    longitude: float


def box_parameters(centre: Place | None, radius_m: float) -> dict[str, float | None]:
    """The parameters of IN_BOX for everything within `radius_m` metres; no store is in the box of no place."""
    if centre is None:
        return dict.fromkeys(("south", "west", "north", "east"))
    return dict(box_around(centre, radius_m)._asdict())


def nearest(stores: Iterable[StoreInBox], centre: Place, radius_m: float, limit: int) -> list[tuple[StoreInBox, float]]:
    """Those within `radius_m` metres and how far each is (metres), nearest first."""
    measured = ((store, distance_m(centre, Place(store.latitude, store.longitude))) for store in stores)
    near = [(store, metres) for store, metres in measured if metres <= radius_m]
    return sorted(near, key=lambda found: (found[1], found[0].id))[:limit]
