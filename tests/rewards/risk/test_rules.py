"""Each rule alone, and how they add up."""

import dataclasses
import datetime as dt
import json

import pytest

from rewards.risk.facts import Facts, Spot
from rewards.risk.judging import Outcome, judge
from rewards.risk.rules import RULES, newest_run
from rewards.risk.thresholds import DEFAULTS, Thresholds
from stores.earth import Place

NOON = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)
CHENGDU, CHONGQING, SHANGHAI = Place(30.66, 104.06), Place(29.56, 106.55), Place(31.23, 121.47)
DEFAULT = Thresholds()


def at(place: Place, hours: float = 0.0, accuracy_m: float | None = 20.0) -> Spot:
    return Spot(*place, accuracy_m, NOON + dt.timedelta(hours=hours))


def held_by(facts: Facts, thresholds: Thresholds = DEFAULT) -> list[str]:
    return [finding.rule for finding in judge(facts, thresholds).findings]


def test_an_ordinary_opening_passes_without_a_finding() -> None:
    ordinary = Facts(scan=at(CHENGDU), before=at(CHENGDU, -2), store=CHENGDU, serials=(7, 900), store_week=2)
    assert (judge(ordinary, DEFAULT).outcome, judge(ordinary, DEFAULT).score, held_by(ordinary)) == (
        Outcome.PASS,
        0,
        [],
    )


COUNTED = [
    ("person_hour", "person_hour"),
    ("person_day", "person_day"),
    ("device_hour", "device_hour"),
    ("device_day", "device_day"),
    ("device_people", "shared_device"),
    ("new_accounts", "new_accounts"),
    ("guesses_person", "guesses_person"),
    ("store_week", "hoarding"),
]
LITTLE = [
    ("address_hour", "address_hour"),
    ("network_hour", "network_hour"),
    ("guesses_address", "guesses_address"),
]


@pytest.mark.parametrize(("fact", "rule"), COUNTED)
def test_a_count_that_just_meets_its_threshold_holds_and_one_below_passes(fact: str, rule: str) -> None:
    need = DEFAULTS[fact]
    met, missed = Facts(**{fact: need}), Facts(**{fact: need - 1})
    assert (held_by(met), judge(met, DEFAULT).outcome, judge(met, DEFAULT).score) == ([rule], Outcome.HOLD, 50)
    assert held_by(missed) == []


@pytest.mark.parametrize(("fact", "rule"), LITTLE)
def test_what_honest_people_often_meet_is_a_finding_and_holds_nothing_alone(fact: str, rule: str) -> None:
    far_above = Facts(**{fact: 20 * DEFAULTS[fact]})
    assert (held_by(far_above), judge(far_above, DEFAULT).outcome) == ([rule], Outcome.PASS)


def test_a_rule_of_little_weight_adds_to_another_family() -> None:
    both = Facts(device_people=5, address_hour=60)
    assert judge(both, DEFAULT).score == round(100 * (1 - 0.5 * 0.75))


def test_rules_of_one_family_count_once_the_gravest_of_them() -> None:
    alone, together = Facts(person_hour=40), Facts(person_hour=40, device_hour=40, person_day=40)
    assert judge(alone, DEFAULT).score == judge(together, DEFAULT).score == 75
    assert len(held_by(together)) == 3


def test_several_kinds_by_far_are_refused() -> None:
    bot = Facts(person_hour=60, device_people=20, serials=tuple(range(30, 0, -1)))
    assert (judge(bot, DEFAULT).outcome, judge(bot, DEFAULT).score) == (Outcome.REFUSE, 100)


def test_the_scores_of_hold_and_refusal_are_the_brands() -> None:
    facts = Facts(device_people=5)
    assert judge(facts, Thresholds(hold_score=51)).outcome is Outcome.PASS
    assert judge(facts, Thresholds(hold_score=40, refuse_score=50)).outcome is Outcome.REFUSE


def test_what_was_refused_before_is_never_let_pass_by_the_rules_alone() -> None:
    assert judge(Facts(refused_before=True), DEFAULT).outcome is Outcome.HOLD
    again = Facts(refused_before=True, person_hour=120, device_people=60)
    assert judge(again, DEFAULT).outcome is Outcome.REFUSE


@pytest.mark.parametrize(
    ("before", "impossible"),
    [
        (at(SHANGHAI, -1), True),  # 1,660 km in an hour
        (at(SHANGHAI, -3), False),  # by air
        (at(SHANGHAI, 0), True),
        (at(CHONGQING, -0.5, accuracy_m=120_000.0), False),  # where it was nobody knows
        (None, False),
    ],
)
def test_a_journey_that_nobody_can_make_holds(before: Spot | None, impossible: bool) -> None:
    facts = Facts(scan=at(CHENGDU), before=before)
    assert ("impossible_travel" in held_by(facts)) is impossible


def test_a_short_jump_may_be_the_networks_mistake() -> None:
    near = Spot(CHENGDU.latitude + 0.5, CHENGDU.longitude, 20.0, NOON - dt.timedelta(seconds=5))
    assert held_by(Facts(scan=at(CHENGDU), before=near)) == []


@pytest.mark.parametrize(("place", "found"), [(SHANGHAI, ["far_from_store"]), (CHONGQING, [])])
def test_a_bottle_opened_far_from_its_store_counts_little(place: Place, found: list[str]) -> None:
    facts = Facts(scan=at(place), store=CHENGDU)
    assert (held_by(facts), judge(facts, DEFAULT).outcome) == (found, Outcome.PASS)


def test_without_a_place_no_distance_is_judged() -> None:
    assert held_by(Facts(store=CHENGDU, before=at(SHANGHAI))) == []


def test_few_guesses_are_enough_while_the_site_is_being_tried() -> None:
    quiet, loud = Facts(guesses_person=3, guesses_all=99), Facts(guesses_person=3, guesses_all=100)
    assert (held_by(quiet), held_by(loud)) == ([], ["guesses_under_attack"])
    assert judge(loud, DEFAULT).outcome is Outcome.HOLD


def test_whoever_guesses_by_the_hundred_is_refused() -> None:
    assert judge(Facts(guesses_person=120, guesses_all=120), Thresholds(guesses_person=7)).outcome is Outcome.REFUSE


@pytest.mark.parametrize(
    ("serials", "run"),
    [
        ((), 0),
        ((5,), 1),
        ((8, 7, 6, 5), 4),
        ((5, 6, 7, 8), 4),
        ((9, 7, 6, 4), 4),
        ((8, 7, 8, 7), 2),
        ((8, 5, 4, 3), 1),
        ((8, 7, 7, 6), 2),
        ((8, 7, 900, 6), 2),
    ],
)
def test_a_run_is_what_follows_in_one_direction_by_small_steps(serials: tuple[int, ...], run: int) -> None:
    assert newest_run(serials, 2) == run


def test_openings_along_the_serials_hold() -> None:
    assert held_by(Facts(serials=tuple(range(108, 100, -1)))) == ["printing_order"]
    assert held_by(Facts(serials=tuple(range(107, 100, -1)))) == []


def test_an_owner_may_drink_a_bottle_of_the_own_store_but_not_its_stock() -> None:
    assert held_by(Facts(own_store=True, store_week=2)) == []
    assert held_by(Facts(own_store=True, store_week=3)) == ["own_store"]
    assert held_by(Facts(store_week=3)) == []


def test_kept_facts_are_judged_again_as_they_were() -> None:
    facts = Facts(
        person_hour=33, serials=(9, 8), scan=at(CHENGDU), before=at(SHANGHAI, -1, None), store=CHONGQING, own_store=True
    )
    for known in (facts, Facts()):
        kept = json.loads(json.dumps(judge(known, DEFAULT).kept()))
        again = judge(Facts.of_kept(kept["facts"]), Thresholds.of(kept["thresholds"]))
        assert again.kept() == kept


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"person_hours": 3}, "no such threshold: person_hours"),
        ({"person_hour": 0}, "person_hour must be a whole number from 1 to 100000, not 0"),
        ({"person_hour": 2.5}, "person_hour must be a whole number from 1 to 100000, not 2.5"),
        ({"person_hour": True}, "person_hour must be a whole number from 1 to 100000, not True"),
        ({"speed_kmh": "fast"}, "speed_kmh must be a number from 1 to 100000, not 'fast'"),
        ({"hold_score": 102}, "hold_score must be a whole number from 1 to 101, not 102"),
        ({"order_step": 1001}, "order_step must be a whole number from 1 to 1000, not 1001"),
        ({"hold_score": 97}, "refuse_score must be above hold_score"),
    ],
)
def test_a_threshold_that_makes_no_sense_is_refused_in_words(chosen: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=f"^{said}$"):
        Thresholds.of(chosen)


def test_every_rule_has_its_own_name_and_a_threshold_for_every_condition() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    everything = Facts(
        **{name: 100_000 for name in DEFAULTS if name in {field.name for field in dataclasses.fields(Facts)}},
        scan=at(CHENGDU),
        before=at(SHANGHAI),
        store=SHANGHAI,
        own_store=True,
        serials=tuple(range(30)),
    )
    named = {reason.name for finding in judge(everything, DEFAULT).findings for reason in finding.reasons}
    assert named == set(DEFAULTS) - {"order_step", "hold_score", "refuse_score"}
