import pytest

from codes.cases.thresholds import Thresholds, checked_travel, travel_share_of

LINEAGE = ["000000", "510000", "510100"]


def test_a_brand_chooses_some_and_keeps_the_other_defaults():
    chosen = Thresholds.of({"units_at_least": 9, "distance_km": 0, "share_at_least": 0.5})
    assert (chosen.units_at_least, chosen.distance_km, chosen.people_at_least) == (9, 0, 5)


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit_at_least": 3},
        {"units_at_least": 0},
        {"units_at_least": 2.5},
        {"units_at_least": True},
        {"distance_km": "far"},
        {"distance_km": float("nan")},
        {"distance_km": -1},
        {"share_at_least": 1},
        {"chance_at_most": 0},
        {"window_days": 400},
    ],
)
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Thresholds.of(wrong)


def test_travel_is_expected_by_the_nearest_region_that_says_so():
    travel = {"510000": 0.1, "510100": 0.3}
    assert travel_share_of(LINEAGE, travel, 0.05) == 0.3
    assert travel_share_of([*LINEAGE[:2], "510300"], travel, 0.05) == 0.1
    assert travel_share_of(["000000", "440000"], travel, 0.05) == 0.05


@pytest.mark.parametrize("share", [0, 1, True, "0.1"])
def test_a_share_of_travel_lies_between_nothing_and_all(share):
    with pytest.raises(ValueError, match="460200"):
        checked_travel({"460200": share})
