import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.fusion.evidence import Piece, Road, weight_of_b_code, weight_of_case, weight_of_place
from codes.fusion.fuse import Decision, decide

pieces = st.lists(
    st.builds(
        Piece,
        store_id=st.integers(1, 4),
        road=st.sampled_from(Road),
        weight=st.floats(0, 1),
    ),
    max_size=8,
)


@given(pieces, st.randoms())
def test_the_order_of_the_evidence_does_not_matter(evidence, random):
    shuffled = list(evidence)
    random.shuffle(shuffled)
    assert decide(shuffled) == decide(evidence)


@given(pieces)
def test_a_confidence_is_a_share(evidence):
    assert 0 <= decide(evidence).confidence <= 1


@given(pieces, st.sampled_from(Road), st.floats(0, 1))
def test_more_evidence_for_the_chosen_store_never_lowers_the_confidence(evidence, road, weight):
    before = decide(evidence)
    if before.store_id is None:
        return
    after = decide([*evidence, Piece(store_id=before.store_id, road=road, weight=weight)])
    assert after.store_id == before.store_id
    assert after.confidence >= before.confidence


@given(pieces, st.sampled_from(Road), st.floats(0, 1))
def test_evidence_for_another_store_that_does_not_win_never_raises_the_confidence(evidence, road, weight):
    before = decide(evidence)
    after = decide([*evidence, Piece(store_id=99, road=road, weight=weight)])
    if before.store_id is not None and after.store_id == before.store_id:
        assert after.confidence <= before.confidence


def test_without_evidence_there_is_no_store():
    assert decide([]) == Decision(store_id=None, confidence=0.0)


def test_independent_roads_to_one_store_add_up_by_noisy_or():
    decision = decide([Piece(7, Road.CASE, 0.85), Piece(7, Road.B_CODE, 0.7)])
    assert decision.store_id == 7
    assert decision.confidence == pytest.approx(1 - 0.15 * 0.3)


def test_the_same_road_twice_counts_once_with_its_heavier_piece():
    assert decide([Piece(7, Road.B_CODE, 0.7), Piece(7, Road.B_CODE, 0.4)]) == Decision(7, pytest.approx(0.7))


def test_a_contradicting_store_lowers_the_confidence():
    decision = decide([Piece(7, Road.CASE, 0.85), Piece(8, Road.PLACE, 0.6)])
    assert decision == Decision(7, pytest.approx(0.85 * 0.7))


def test_of_equal_stores_the_older_is_chosen():
    assert decide([Piece(8, Road.CASE, 0.85), Piece(7, Road.CASE, 0.85)]).store_id == 7


def test_a_scanned_b_code_fades_within_half_an_hour():
    weights = [weight_of_b_code(seconds) for seconds in (0, 900, 1800, 4000)]
    assert weights == pytest.approx([0.7, 0.35, 0, 0])


def test_a_clock_that_went_back_does_not_strengthen_a_b_code():
    assert weight_of_b_code(-60) == 0.7


def test_a_received_case_never_fades():
    assert weight_of_case() == 0.85


def test_an_exact_place_is_worth_more_at_the_door_than_across_the_square():
    assert weight_of_place(0, 10) == pytest.approx(0.6)
    assert weight_of_place(150, 10) == pytest.approx(0.4)
    assert weight_of_place(150.1, 10) == 0


@given(st.floats(0, 150), st.floats(0.001, 1e6), st.floats(1, 10))
def test_a_vaguer_place_is_never_worth_more(distance, accuracy, factor):
    assert weight_of_place(distance, accuracy * factor) <= weight_of_place(distance, accuracy)


def test_an_untold_accuracy_counts_as_the_reach_itself():
    assert weight_of_place(10, None) == weight_of_place(10, 150)
