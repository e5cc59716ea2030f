from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores.earth import Place, box_around, distance_m, is_on_earth

places = st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize("place", [Place(90.1, 0), Place(0, -180.5), Place(nan, 0), Place(0, float("inf"))])
def test_places_off_the_earth_are_known_as_such(place):
    assert not is_on_earth(place)


def test_chengdu_to_beijing_is_about_1517_km():
    assert distance_m(Place(30.5728, 104.0668), Place(39.9042, 116.4074)) == pytest.approx(1_517_000, rel=0.005)


@given(places, places)
def test_distance_is_the_same_both_ways_and_at_most_half_the_globe(one, other):
    there = distance_m(one, other)
    assert there == pytest.approx(distance_m(other, one), abs=1)
    assert 0 <= there <= 20_015_200


@given(places, places, st.floats(1, 3_000_000))
def test_the_box_holds_every_place_within_the_radius(centre, other, radius_m):
    box = box_around(centre, radius_m)
    if distance_m(centre, other) < radius_m * 0.999999:
        assert box.south <= other.latitude <= box.north
        assert box.west <= other.longitude <= box.east


def test_the_box_at_a_pole_holds_all_longitudes():
    assert box_around(Place(89.99, 104.0), 5_000)[1:] == (-180.0, 90.0, 180.0)


def test_the_box_at_the_date_line_holds_all_longitudes():
    box = box_around(Place(0, 179.99), 5_000)
    assert (box.west, box.east) == (-180.0, 180.0)


def test_the_box_in_chengdu_is_as_wide_as_the_radius():
    box = box_around(Place(30.657, 104.080), 5_000)
    assert distance_m(Place(30.657, box.west), Place(30.657, box.east)) == pytest.approx(10_000, rel=0.001)
