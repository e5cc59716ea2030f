"""Places on the earth: WGS-84 degrees in, metres out, on a sphere. Pure."""

from math import asin, cos, degrees, isfinite, pi, radians, sin, sqrt
from typing import NamedTuple

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius R1 of the IUGG."""


class Place(NamedTuple):
    """WGS-84, degrees."""

    latitude: float
    longitude: float


class Box(NamedTuple):
    """Degrees; south ≤ north, west ≤ east."""

    south: float
    west: float
    north: float
    east: float


def is_on_earth(place: Place) -> bool:
    """Whether both are finite numbers, latitude within ±90 and longitude within ±180."""
    return all(isfinite(value) for value in place) and abs(place.latitude) <= 90 and abs(place.longitude) <= 180  # noqa: PLR2004 - degrees


def distance_m(one: Place, other: Place) -> float:
    """Great-circle distance in metres by the haversine formula."""
    south, north = radians(one.latitude), radians(other.latitude)
    half_height, half_width = (north - south) / 2, radians(other.longitude - one.longitude) / 2
    h = sin(half_height) ** 2 + cos(south) * cos(north) * sin(half_width) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, h)))


def box_around(centre: Place, radius_m: float) -> Box:
    """A box that holds every place within `radius_m`; all longitudes where it reaches a pole or the date line."""
    angle = radius_m / EARTH_RADIUS_M
    latitude = radians(centre.latitude)
    south, north = latitude - angle, latitude + angle
    if south <= -pi / 2 or north >= pi / 2:
        return Box(max(-90.0, degrees(south)), -180.0, min(90.0, degrees(north)), 180.0)
    width = degrees(asin(min(1.0, sin(angle) / cos(latitude))))
    west, east = centre.longitude - width, centre.longitude + width
    if west < -180 or east > 180:  # noqa: PLR2004 - degrees
        west, east = -180.0, 180.0
    return Box(degrees(south), west, degrees(north), east)
