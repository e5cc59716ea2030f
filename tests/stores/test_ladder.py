import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores.ladder import Condition, Standing, Step, Thresholds, WindowFigures, judge, move

TODAY = dt.date(2026, 3, 29)
DEFAULTS = Thresholds()
WITHOUT_KOCS = Thresholds(kocs_at_least=0)
EVERY_OTHER_DAY = (1, 0) * 14
GROWING = (1,) * 21 + (2,) * 7


def figures(opened=(0,) * 28, new_users=(0,) * 28, **more):
    return WindowFigures(last_day=TODAY, opened=tuple(opened), new_users=tuple(new_users), **more)


def step_of(given_figures, thresholds=DEFAULTS):
    return judge(given_figures, thresholds).step


def test_a_store_without_openings_is_silent():
    assert step_of(figures()) == Step.SILENT


def test_one_opening_in_the_window_lights_a_store():
    assert step_of(figures([1] + [0] * 27)) == Step.LIT


def test_an_opening_before_the_window_does_not():
    assert step_of(figures([1] + [0] * 27), Thresholds(window_days=27)) == Step.SILENT


def test_openings_on_three_days_in_each_of_two_weeks_make_a_store_active():
    assert step_of(figures([0] * 14 + [1, 1, 1, 0, 0, 0, 0] + [0, 0, 0, 0, 1, 1, 1])) == Step.ACTIVE


def test_many_openings_on_two_days_of_a_week_do_not():
    assert step_of(figures([0] * 14 + [1, 1, 1, 0, 0, 0, 0] + [0, 0, 0, 0, 0, 90, 90])) == Step.LIT


def test_growth_and_new_users_make_an_active_store_rise():
    assert step_of(figures(GROWING, (0,) * 14 + (1,) + (0,) * 6 + (1,) + (0,) * 6)) == Step.RISING


def test_growth_without_a_new_user_each_week_does_not():
    assert step_of(figures(GROWING, (0,) * 20 + (5,) + (0,) * 7)) == Step.ACTIVE


def test_new_users_without_growth_do_not():
    assert step_of(figures((1,) * 28, (1,) * 28)) == Step.ACTIVE


def strong(**more):
    return figures((3,) * 28, **{"users": 4, "repeat_users": 1, "kocs": 1, "peer_medians": (14.0,) * 4} | more)


def test_three_strong_weeks_repeat_users_and_a_koc_are_a_breakthrough():
    assert step_of(strong(peer_medians=(14.0, 14.0, 14.0, 15.0))) == Step.BREAKTHROUGH


@pytest.mark.parametrize(
    "lacking",
    [
        {"peer_medians": (14.0, 14.0, 15.0, 15.0)},
        {"repeat_users": 0},
        {"users": 5},
        {"kocs": 0},
        {"peer_medians": None},
    ],
)
def test_a_breakthrough_needs_all_of_them(lacking):
    assert step_of(strong(**lacking)) == Step.ACTIVE


def test_a_week_without_openings_is_never_strong_even_where_peers_sell_nothing():
    assert step_of(figures(users=1, repeat_users=1, kocs=1, peer_medians=(0.0,) * 4)) == Step.SILENT


def test_the_number_of_kocs_is_part_of_the_rule():
    assert step_of(strong(kocs=0), WITHOUT_KOCS) == Step.BREAKTHROUGH


def test_each_condition_says_what_is_there_and_what_it_takes():
    judgement = judge(figures(EVERY_OTHER_DAY), DEFAULTS)
    assert judgement.conditions[Step.RISING] == (
        Condition("active_days", 3, 3),
        Condition("growth", pytest.approx(3 / 7 / (11 / 21)), 1.2),
        Condition("new_users", 0, 1),
    )
    assert [condition.holds for condition in judgement.conditions[Step.RISING]] == [True, False, False]


def test_what_is_not_known_does_not_hold():
    assert not Condition("repeat_rate", None, 0.0).holds


def test_rates_without_a_divisor_are_undefined():
    empty = figures()
    assert (empty.opening_rate(DEFAULTS), empty.repeat_rate, empty.growth) == (None, None, None)


def test_the_opening_rate_compares_the_window_with_earlier_receipts():
    assert figures((1,) * 28, received=56).opening_rate(DEFAULTS) == 0.5


def test_velocity_is_openings_a_day_over_the_last_week():
    assert figures((0,) * 21 + (2,) * 7).velocity == 2


def test_a_store_steps_up_at_once():
    assert move(Standing(Step.SILENT, 1), Step.RISING, patience=2) == Standing(Step.RISING, 0)


def test_a_store_steps_down_after_two_failures_running():
    once = move(Standing(Step.RISING), Step.LIT, patience=2)
    assert once == Standing(Step.RISING, 1)
    assert move(once, Step.LIT, patience=2) == Standing(Step.LIT, 0)


def test_a_success_between_two_failures_clears_the_first():
    once = move(Standing(Step.RISING), Step.LIT, patience=2)
    assert move(once, Step.RISING, patience=2) == Standing(Step.RISING, 0)


def test_a_rule_changes_the_thresholds_that_it_names():
    assert Thresholds.of({"growth": 2, "active_days": 4}) == Thresholds(growth=2, active_days=4)


@pytest.mark.parametrize(
    ("chosen", "complaint"),
    [
        ({"grwth": 1}, "no such threshold: grwth"),
        ({"window_days": 0}, "window_days must be a whole number from 1 to 366, not 0"),
        ({"window_days": 7.5}, "window_days must be a whole number from 1 to 366, not 7.5"),
        ({"window_days": 367}, "window_days must be a whole number from 1 to 366, not 367"),
        ({"repeat_rate": -0.1}, "repeat_rate must be a number from 0 to 366, not -0.1"),
        ({"kocs_at_least": True}, "kocs_at_least must be a whole number from 0 to 366, not True"),
        ({"growth": "1.2"}, "growth must be a number from 0 to 366, not '1.2'"),
        ({"growth": float("nan")}, "growth must be a number from 0 to 366, not nan"),
    ],
)
def test_thresholds_that_make_no_sense_are_refused(chosen, complaint):
    with pytest.raises(ValueError, match=complaint.replace(".", r"\.")):
        Thresholds.of(chosen)


def test_a_judgement_reads_as_many_days_as_its_longest_look_back():
    assert [Thresholds().days_read, Thresholds(window_days=60).days_read, Thresholds(active_weeks=9).days_read] == [
        28,
        60,
        63,
    ]


days = st.lists(st.integers(0, 20), min_size=28, max_size=28)
steps = st.sampled_from(Step)
anything = st.builds(
    figures,
    opened=days,
    new_users=days,
    users=st.integers(0, 50),
    repeat_users=st.integers(0, 50),
    kocs=st.integers(0, 3),
    peer_medians=st.none() | st.tuples(*[st.floats(0, 100)] * 4),
)


@given(anything)
def test_the_step_is_the_highest_whose_conditions_all_hold(some):
    judgement = judge(some, DEFAULTS)
    holding = [step for step, asked in judgement.conditions.items() if all(each.holds for each in asked)]
    assert judgement.step == max(holding)


@given(anything)
def test_a_silent_store_has_no_opening_and_no_other_step_is_without(some):
    assert (step_of(some) == Step.SILENT) == (sum(some.opened) == 0)


@given(days, st.integers(0, 27))
def test_one_more_opening_never_puts_out_a_store_nor_makes_it_idle(opened, position):
    more = [count + (n == position) for n, count in enumerate(opened)]
    before, after = (judge(figures(each), DEFAULTS).conditions for each in (opened, more))
    for step in (Step.LIT, Step.ACTIVE):
        assert not all(each.holds for each in before[step]) or all(each.holds for each in after[step])


@given(anything, st.floats(0, 2), st.floats(0, 2))
def test_a_stricter_rule_never_lifts_a_store(some, one, other):
    loose, strict = (Thresholds(growth=each, peer_factor=each, repeat_rate=each) for each in sorted((one, other)))
    assert step_of(some, strict) <= step_of(some, loose)


@given(steps, st.lists(steps, max_size=30), st.integers(1, 4))
def test_a_standing_never_falls_below_the_worst_that_was_reached_in_its_patience(start, reached, patience):
    standing, path = Standing(start), [start]
    for each in reached:
        before, standing = standing, move(standing, each, patience=patience)
        path.append(each)
        assert standing.step >= each
        assert standing.failed < patience
        if standing.step < before.step:
            assert all(low < before.step for low in path[-patience:])


@given(steps, steps)
def test_an_evaluation_that_confirms_the_step_changes_nothing(start, reached):
    settled = move(Standing(start), reached, patience=1)
    assert settled == Standing(reached)
    assert move(settled, reached, patience=1) == settled
