import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.formats.gtin import InvalidGtin, InvalidSscc, check_digit, validate_gtin14, validate_sscc18


@pytest.mark.parametrize(
    ("text", "gtin14"),
    [
        ("96385074", "00000096385074"),
        ("036000291452", "00036000291452"),
        ("6901234567892", "06901234567892"),
        (" 09506000134352 ", "09506000134352"),
    ],
)
def test_a_gtin_of_any_length_becomes_14_digits(text, gtin14):
    assert validate_gtin14(text) == gtin14


@given(st.from_regex(r"[0-9]{13}", fullmatch=True))
def test_a_gtin_with_its_own_check_digit_is_valid(body):
    assert validate_gtin14(body + check_digit(body)) == body + check_digit(body)


def test_a_wrong_check_digit_is_refused_with_the_right_one():
    with pytest.raises(InvalidGtin, match="the last digit of 6901234567890 must be 2, not 0"):
        validate_gtin14("6901234567890")


@pytest.mark.parametrize("text", ["", "123456789", "690123456789X", "６901234567892", "069012345678921"])
def test_other_lengths_and_characters_are_refused(text):
    with pytest.raises(InvalidGtin, match="8, 12, 13 or 14 digits"):
        validate_gtin14(text)


def test_an_sscc_is_valid_with_its_check_digit():
    assert validate_sscc18("106141412345678908") == "106141412345678908"


def test_an_sscc_with_a_wrong_check_digit_is_refused_with_the_right_one():
    with pytest.raises(InvalidSscc, match="must be 8, not 1"):
        validate_sscc18("106141412345678901")


@pytest.mark.parametrize("text", ["6901234567892", "10614141234567890A"])
def test_an_sscc_of_another_form_is_refused(text):
    with pytest.raises(InvalidSscc, match="18 digits"):
        validate_sscc18(text)
