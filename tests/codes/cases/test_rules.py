"""The pure rules: each condition by itself, and what they make together."""

import dataclasses
import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.cases import clones, clusters, diversion
from codes.cases.judging import Judgement, Reason, judged
from codes.cases.places import R95, UNTOLD_ACCURACY_M, certainly_m, is_inside
from codes.cases.thresholds import Thresholds
from stores.earth import Place

TH = Thresholds()
DIVERTED = diversion.Shipment(units=30, people=20, seen_units=30, distance_m=700_000.0)
T0 = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)
CHENGDU, BEIJING = Place(30.657, 104.080), Place(39.904, 116.407)


def test_a_pallet_far_away_is_diverted():
    assert diversion.judge(DIVERTED, TH).is_case


@pytest.mark.parametrize(
    ("change", "failing"),
    [
        ({"units": 4}, "units"),
        ({"people": 4}, "people"),
        ({"seen_units": 151}, "share"),
        ({"travel_share": 0.9}, "chance"),
        ({"distance_m": 49_999.0}, "distance_km"),
        ({"distance_m": None}, "distance_km"),
    ],
)
def test_each_condition_alone_keeps_it_from_being_a_case(change, failing):
    judgement = diversion.judge(dataclasses.replace(DIVERTED, **change), TH)
    assert not judgement.is_case
    assert failing in [reason.name for reason in judgement.reasons if not reason.holds]


@pytest.mark.parametrize(
    ("received", "metres", "is_case"),
    [(6, None, True), (6, 5_000.0, True), (5, 900_000.0, False), (600, 4_999.0, False), (0, None, False)],
)
def test_a_receipt_speaks_by_its_items_and_its_distance(received, metres, is_case):
    assert diversion.judge(diversion.Shipment(received=received, receipt_m=metres), TH).is_case is is_case


@given(n=st.integers(1, 60), k=st.integers(0, 60), p=st.floats(0.01, 0.99))
def test_the_tail_is_that_of_the_binomial_distribution(n, k, p):
    k = min(k, n)
    exact = math.fsum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))
    if k > n * p:
        assert diversion.binomial_tail(k, n, p) == pytest.approx(exact, rel=1e-6)
    else:
        assert diversion.binomial_tail(k, n, p) == 1.0


def test_a_huge_shipment_is_judged_too():
    assert diversion.binomial_tail(60_000, 100_000, 0.05) == 0.0
    assert diversion.judge(dataclasses.replace(DIVERTED, units=60_000, seen_units=100_000), TH).is_case


def test_the_score_is_a_half_at_the_thresholds_and_grows_with_what_is_passed():
    just = judged([(Reason("units", 5, 5), Reason("people", 5, 5))])
    more = judged([(Reason("units", 50, 5), Reason("people", 5, 5))])
    both = judged([(Reason("units", 50, 5),), (Reason("received", 60, 6),)])
    assert just == Judgement(is_case=True, score=50, reasons=just.reasons)
    assert 50 < more.score < both.score <= 100


def test_what_is_not_known_holds_never_and_tells_all_that_was_asked():
    judgement = judged([(Reason("distance_km", None, 50), Reason("units", 9, 5)), ()])
    assert (judgement.is_case, judgement.score, len(judgement.reasons)) == (False, 0, 2)
    assert Reason("distance_km", None, 50).ratio == 1.0
    assert judged([]) == Judgement(is_case=False, score=0, reasons=())


def test_a_need_of_nothing_is_met_just_so():
    assert Reason("receipt_km", 3, 0).ratio == 1.0


def test_a_territory_holds_all_regions_below_its_own():
    assert is_inside(["000000", "510000", "510100", "510104"], {"510000"})
    assert not is_inside(["000000", "510000"], {"510100"})


def test_a_distance_is_certain_as_far_as_both_places_are():
    assert certainly_m(10_000, 100.0, 200.0) == pytest.approx(10_000 - 300 * R95)
    assert certainly_m(10_000, None) == pytest.approx(10_000 - UNTOLD_ACCURACY_M * R95)
    assert certainly_m(10, 100.0) == 0


def seen(minutes, person, place=None, accuracy_m=30.0):
    return clones.MarkScan(T0 + dt.timedelta(minutes=minutes), person, place, accuracy_m)


def test_other_people_after_the_opening_are_counted_once_each_and_without_the_owner():
    scans = [seen(-5, "early"), seen(0, "owner"), seen(1, "phone"), seen(2, "a"), seen(3, "a"), seen(4, "b")]
    history = clones.MarkHistory(scans, T0, frozenset({"owner", "phone"}))
    assert clones.others_of(history) == {"a", "b"}
    assert clones.others_of(dataclasses.replace(history, opened_at=None)) == frozenset()


@pytest.mark.parametrize(("others", "is_case"), [(4, False), (5, True)])
def test_many_others_mean_a_copy(others, is_case):
    scans = [seen(number, f"p{number}") for number in range(1, others + 1)]
    assert clones.judge(clones.MarkHistory(scans, T0, frozenset({"owner"})), TH).is_case is is_case


def test_one_jump_may_be_a_picture_and_two_are_a_copy():
    there_and_back = [seen(0, "a", CHENGDU), seen(20, "b", BEIJING), seen(40, "a", CHENGDU)]
    assert not clones.judge(clones.MarkHistory(there_and_back[:2]), TH).is_case
    judgement = clones.judge(clones.MarkHistory(there_and_back), TH)
    assert (judgement.is_case, {reason.name for reason in judgement.reasons}) == (True, {"jumps", "speed_kmh"})


@pytest.mark.parametrize(
    "scans",
    [
        [seen(0, "a", CHENGDU), seen(180, "a", BEIJING)],  # by air
        [seen(0, "a", CHENGDU), seen(0, "b", Place(30.9, 104.4))],  # too near to be told from a mistake
        [seen(0, "a", CHENGDU), seen(60, "b", BEIJING, accuracy_m=400_000.0)],  # not known well enough
        [seen(0, "a", CHENGDU), seen(1, "b")],  # no place
    ],
)
def test_what_can_be_explained_is_no_jump(scans):
    assert clones.jumps_of(scans, TH) == []


def test_two_scans_at_one_moment_are_a_second_apart():
    (jump,) = clones.jumps_of([seen(0, "a", CHENGDU), seen(0, "b", BEIJING)], TH)
    assert jump.km == pytest.approx(1_518, abs=5)
    assert jump.kmh == pytest.approx(jump.km * 3_600)


@pytest.mark.parametrize(("codes", "people", "is_case"), [(5, 5, True), (4, 50, False), (50, 4, False)])
def test_a_cluster_wants_many_codes_and_many_people(codes, people, is_case):
    assert clusters.judge(clusters.Cluster(codes, people), TH).is_case is is_case
