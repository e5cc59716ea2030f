import pytest

from codes.formats.code_text import SERIAL_LIMIT
from codes.formats.serials import SerialRange


@pytest.mark.parametrize(("first", "last"), [(-1, 3), (4, 3), (0, SERIAL_LIMIT)])
def test_what_names_no_range_is_refused(first, last):
    with pytest.raises(ValueError, match="serials must lie in"):
        SerialRange(first, last)


def test_both_ends_belong_to_a_range():
    assert (SerialRange(3, 5).count, SerialRange(3, 5).bounds) == (3, (3, 6))
