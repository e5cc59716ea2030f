import pytest

from stores.selectors import places
from stores.selectors.places import district_of, load


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [
        (30.657, 104.080, "510104"),  # 成都 锦江
        (39.9087, 116.3975, "110101"),  # 天安门, 北京 东城
        (31.2304, 121.4737, "310101"),  # 上海 黄浦
        (23.02, 113.75, "441900"),  # 东莞 has no districts
        (22.28, 114.16, "810000"),  # 香港
        (22.19, 113.55, "820000"),  # 澳门
        (25.03, 121.56, "710000"),  # 台北
        (29.60, 106.53, "500157"),  # 重庆 两江, drawn as 江北
        (35.68, 139.69, ""),  # Tokyo
        (0.0, 0.0, ""),
    ],
)
def test_a_place_lies_in_its_district(latitude, longitude, code):
    assert district_of(latitude, longitude) == code


def test_the_kept_file_says_the_same_as_the_package(settings, tmp_path):
    settings.HOME = tmp_path
    load.cache_clear()
    fresh = district_of(30.657, 104.080)
    load.cache_clear()
    assert (tmp_path / "places" / "districts.npz").exists()
    assert district_of(30.657, 104.080) == fresh == "510104"


def test_a_spoilt_kept_file_is_made_anew(settings, tmp_path):
    settings.HOME = tmp_path
    (tmp_path / "places").mkdir()
    (tmp_path / "places" / "districts.npz").write_bytes(b"PK\x03\x04 half a file")
    load.cache_clear()
    assert district_of(30.657, 104.080) == "510104"


def test_a_folder_that_cannot_be_written_costs_only_time(settings, tmp_path):
    settings.HOME = tmp_path / "file"
    settings.HOME.write_text("in the way")
    load.cache_clear()
    assert district_of(30.657, 104.080) == "510104"


@pytest.fixture(autouse=True, scope="module")
def _leave_outlines_loaded_from_the_usual_folder():
    yield
    places.load.cache_clear()
