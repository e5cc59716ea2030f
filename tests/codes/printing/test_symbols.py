"""Our symbols against those that the `qrcode` package draws by itself."""

import numpy as np
import pytest
import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

from codes.printing.symbols import MASK, modules_of

ALPHANUMERIC = b"HTTPS://ONE.CN/C/ %*+-$9"


def drawn_by_the_package(data, mode):
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    code.add_data(QRData(data, mode=mode), optimize=0)
    code.make(fit=True)
    return np.array(code.modules, dtype=np.bool_)


# level M holds so many characters in versions 1 to 10, and then in some with more than one kind of block
ALPHANUMERIC_MOST = (20, 38, 61, 90, 122, 154, 178, 221, 262, 311, 1000, 1637)
BYTES_MOST = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 700)


@pytest.mark.parametrize("length", [0, 1, *(most - less for most in ALPHANUMERIC_MOST for less in (2, 1, 0))])
def test_alphanumeric_texts_are_drawn_as_the_package_draws_them(length):
    data = (ALPHANUMERIC * (length // len(ALPHANUMERIC) + 1))[:length]
    assert np.array_equal(modules_of(data), drawn_by_the_package(data, MODE_ALPHA_NUM))


@pytest.mark.parametrize("length", [1, *(most - less for most in BYTES_MOST for less in (1, 0))])
def test_bytes_are_drawn_as_the_package_draws_them(length):
    data = (bytes(range(97, 256)) * (length // 159 + 1))[:length]
    assert np.array_equal(modules_of(data), drawn_by_the_package(data, MODE_8BIT_BYTE))
