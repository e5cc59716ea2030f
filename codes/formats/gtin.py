"""GS1 identification keys: GTIN of a product, SSCC of a logistic unit, and their check digit.

Source: GS1 General Specifications, section 7.9 (check digit calculations).
"""

import re

GTIN_LENGTHS = (8, 12, 13, 14)
SSCC_LENGTH = 18

_DIGITS = re.compile(r"[0-9]+", re.ASCII)


class InvalidGs1Key(ValueError):  # noqa: N818 - says what is wrong with the text
    """A GS1 key of the wrong length, with other characters than digits, or with a wrong check digit.

    `right` is the check digit that the other digits ask for; empty where it is not the check digit that is wrong.
    """

    def __init__(self, message: str, right: str = "") -> None:
        self.right = right
        super().__init__(message)


class InvalidGtin(InvalidGs1Key):
    """No valid GTIN."""


class InvalidSscc(InvalidGs1Key):
    """No valid SSCC."""


def check_digit(body: str) -> str:
    """The check digit that belongs behind these digits (a key without its last digit)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def validate_gtin14(text: str) -> str:
    """The GTIN-14 of a GTIN-8, -12, -13 or -14, zero-padded; raises `InvalidGtin` saying which digit would be right."""
    digits = text.strip()
    if _DIGITS.fullmatch(digits) is None or len(digits) not in GTIN_LENGTHS:
        msg = "a GTIN has 8, 12, 13 or 14 digits"
        raise InvalidGtin(msg)
    _check_last_digit(digits, InvalidGtin)
    return digits.zfill(GTIN_LENGTHS[-1])


def validate_sscc18(text: str) -> str:
    """The 18 digits of an SSCC; raises `InvalidSscc` saying which digit would be right."""
    digits = text.strip()
    if _DIGITS.fullmatch(digits) is None or len(digits) != SSCC_LENGTH:
        msg = f"an SSCC has {SSCC_LENGTH} digits"
        raise InvalidSscc(msg)
    _check_last_digit(digits, InvalidSscc)
    return digits


def _check_last_digit(digits: str, error: type[InvalidGs1Key]) -> None:
    right = check_digit(digits[:-1])
    if digits[-1] != right:
        msg = f"the last digit of {digits} must be {right}, not {digits[-1]}"
        raise error(msg, right)
