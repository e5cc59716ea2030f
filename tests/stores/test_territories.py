import pytest

from stores.earth import Place
from stores.selectors.territories import metres_to_territory

CHENGDU, JINGZHOU, LESHAN = Place(30.657, 104.080), Place(30.333, 112.243), Place(29.566, 103.752)


@pytest.mark.parametrize(
    ("place", "codes", "kilometres"),
    [
        (CHENGDU, ["510100"], 0),
        (CHENGDU, ["510104"], 0),
        (CHENGDU, ["440000", "510000"], 0),
        (CHENGDU, ["000000"], 0),
        (LESHAN, ["510000"], 0),
        (LESHAN, ["510100"], 60),
        (JINGZHOU, ["510100"], 705),
        (JINGZHOU, ["510000"], 384),
    ],
)
def test_a_place_is_as_far_as_the_nearest_border(place, codes, kilometres):
    assert metres_to_territory(place, codes) / 1_000 == pytest.approx(kilometres, abs=12)


def test_the_nearest_of_all_borders_counts_whatever_is_looked_at_first():
    alone = [metres_to_territory(JINGZHOU, [code]) for code in ("510100", "430000", "110000")]
    assert metres_to_territory(JINGZHOU, ["510100", "430000", "110000"]) == min(alone)


def test_of_regions_without_outlines_nothing_is_known():
    assert metres_to_territory(CHENGDU, []) is None
    assert metres_to_territory(CHENGDU, ["990000"]) is None
