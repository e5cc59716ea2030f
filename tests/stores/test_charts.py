import datetime as dt

import pytest

from stores.dashboard.charts import bar_chart, round_up, spark_points

DAY = dt.date(2026, 3, 2)


@pytest.mark.parametrize(
    ("value", "top"),
    [(0, 2), (2, 2), (3, 4), (5, 10), (10, 10), (11, 20), (40, 40), (41, 100), (399, 400), (401, 1000)],
)
def test_the_axis_ends_on_a_round_number(value, top):
    assert round_up(value) == top


def test_bars_stand_on_the_ground_line_side_by_side():
    chart = bar_chart([(DAY, 0), (DAY + dt.timedelta(days=1), 3)])
    assert (chart.width, chart.top) == (44, 4)
    assert [(bar.x, bar.y, bar.height, bar.is_last) for bar in chart.bars] == [
        (0, "100.00", "0.00", False),
        (24, "25.00", "75.00", True),
    ]


def test_a_trend_runs_from_left_to_right_with_its_highest_day_on_top():
    assert spark_points([0, 1, 2]) == "0.0,26.0 50.0,14.0 100.0,2.0"


def test_a_trend_without_openings_is_flat():
    assert spark_points([0, 0]) == "0.0,26.0 100.0,26.0"
    assert spark_points([0]) == "0.0,26.0"
