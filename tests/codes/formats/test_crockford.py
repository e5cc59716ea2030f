import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.formats import crockford


@given(st.integers(0, 2**80 - 1))
def test_a_number_reads_back_as_it_was_written(value):
    assert crockford.decode(crockford.encode(value, 16)) == value


def test_a_number_is_written_most_significant_symbol_first():
    assert crockford.encode(1, 4) == "0001"
    assert crockford.encode(32**4 - 1, 4) == "ZZZZ"


@pytest.mark.parametrize("value", [-1, 32**4])
def test_a_number_that_does_not_fit_is_refused(value):
    with pytest.raises(crockford.CrockfordError):
        crockford.encode(value, 4)


@pytest.mark.parametrize("text", ["lo-1i", " 1O1 1\n", "I0-LL", "１Ｏ１１", "10—11"])
def test_lower_case_separators_and_look_alikes_are_forgiven(text):
    assert crockford.canonical(text) == "1011"[: len(crockford.canonical(text))]
    assert crockford.decode(text) == crockford.decode("1011")


@pytest.mark.parametrize("text", ["", "-", "U", "AB_C", "+1", "é", "١"])
def test_other_characters_are_refused(text):
    with pytest.raises(crockford.CrockfordError):
        crockford.decode(text)


@given(st.lists(st.integers(0, 2**40 - 1), max_size=40))
def test_many_numbers_are_written_as_one_at_a_time(values):
    written = crockford.encode_words(np.array(values, dtype=np.uint64))
    assert [text.decode() for text in written.tolist()] == [crockford.encode(value, 8) for value in values]


@given(st.lists(st.integers(0, 2**40 - 1), min_size=1, max_size=40))
def test_many_numbers_read_back_as_they_were_written(values):
    written = crockford.encode_words(np.array(values, dtype=np.uint64))
    words, valid = crockford.decode_words(written.view(np.uint8).reshape(-1, 8))
    assert words.tolist() == values
    assert valid.all()


def test_reading_many_forgives_look_alikes_and_marks_what_is_no_symbol():
    rows = np.frombuffer(b"0000000o0000000l0000000z0000000U000-0000", dtype=np.uint8)
    words, valid = crockford.decode_words(rows.reshape(-1, 8))
    assert words[:3].tolist() == [0, 1, 31]
    assert valid.tolist() == [True, True, True, False, False]
