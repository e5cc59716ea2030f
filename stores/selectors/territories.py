"""How far a place is from the regions where a dealer may sell, by the outlines of the districts."""

from collections.abc import Collection
from functools import lru_cache
from math import cos, radians

import numpy as np
import shapely
from numpy.typing import NDArray

from stores.earth import Place, distance_m
from stores.models.region import NATION_CODE
from stores.selectors.places import known, loaded

KEPT = 4_096
"""Answers remembered in a process: people of one street ask about one territory."""
DIGITS = 3
"""Places are rounded to some 100 m, far below what decides a case."""


def metres_to_territory(place: Place, region_codes: Collection[str]) -> float | None:
    """Metres from a place to the nearest point of the regions (of any level, GB/T 2260), 0 inside.

    None where no outline of them is known, as of a region without districts on the map. Good to some 100 m.
    """
    rounded = Place(round(place.latitude, DIGITS), round(place.longitude, DIGITS))
    return _metres(rounded, frozenset(region_codes))


@lru_cache(maxsize=KEPT)
def _metres(place: Place, region_codes: frozenset[str]) -> float | None:
    """Measured on a plane that is true around the place, then by the great circle to the nearest point found."""
    outlines = loaded()
    chosen = outlines.tree.geometries[districts_of(region_codes)]
    if not len(chosen):
        return None
    width = cos(radians(place.latitude))
    here = shapely.Point(place.longitude * width, place.latitude)
    nearest = chosen[boxes_first(place, chosen, width)]
    flat = shapely.transform(nearest, lambda points: points * (width, 1.0))
    lines = shapely.shortest_line(here, flat)
    line = lines[int(np.argmin(shapely.length(lines)))]
    longitude, latitude = shapely.get_coordinates(line)[-1]
    return distance_m(place, Place(float(latitude), float(longitude) / width))


@lru_cache(maxsize=KEPT)
def districts_of(region_codes: frozenset[str]) -> "NDArray[np.intp]":
    """Positions of the outlines that lie in the regions: of a province by two digits of its code, of a city by four."""
    prefixes = tuple("" if code == NATION_CODE else prefix_of(code) for code in sorted(region_codes))
    codes = (known(code) for code in loaded().codes)
    return np.flatnonzero([bool(prefixes) and bool(code) and code.startswith(prefixes) for code in codes])


def prefix_of(code: str) -> str:
    """What all codes of a region's districts begin with."""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


def boxes_first(place: Place, shapes: "NDArray[np.object_]", width: float) -> "NDArray[np.intp]":
    """Positions of the few shapes that may be nearest: whose box is no farther than the farthest corner of one."""
    west, south, east, north = shapely.bounds(shapes).T
    near_x = np.maximum(np.maximum(west - place.longitude, place.longitude - east), 0) * width
    near_y = np.maximum(np.maximum(south - place.latitude, place.latitude - north), 0)
    far_x = np.maximum(np.abs(west - place.longitude), np.abs(east - place.longitude)) * width
    far_y = np.maximum(np.abs(south - place.latitude), np.abs(north - place.latitude))
    return np.flatnonzero(np.hypot(near_x, near_y) <= np.hypot(far_x, far_y).min())
