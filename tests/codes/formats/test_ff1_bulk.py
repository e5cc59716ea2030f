import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.formats.ff1 import HALF_MASK, Ff1Bits80
from codes.formats.ff1_bulk import CHUNK, Ff1Bits80Bulk

keys = st.binary(min_size=32, max_size=32)
texts = st.lists(st.integers(0, 2**80 - 1), max_size=50)


def halves(plain):
    return (
        np.array([text >> 40 for text in plain], dtype=np.uint64),
        np.array([text & HALF_MASK for text in plain], dtype=np.uint64),
    )


def joined(left, right):
    return [int(high) << 40 | int(low) for high, low in zip(left, right, strict=True)]


@given(keys, texts)
def test_many_at_once_encipher_as_one_at_a_time(key, plain):
    single = Ff1Bits80(key)
    assert joined(*Ff1Bits80Bulk(key).encrypt(*halves(plain))) == [single.encrypt(text) for text in plain]


@given(keys, texts)
def test_many_at_once_decipher_as_one_at_a_time(key, enciphered):
    single = Ff1Bits80(key)
    assert joined(*Ff1Bits80Bulk(key).decrypt(*halves(enciphered))) == [single.decrypt(text) for text in enciphered]


@pytest.mark.parametrize("size", [CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 7])
def test_the_seams_between_chunks_do_not_show(size):
    left = np.arange(size, dtype=np.uint64)
    right = left * np.uint64(3)
    cipher, single = Ff1Bits80Bulk(bytes(32)), Ff1Bits80(bytes(32))
    enciphered = cipher.encrypt(left, right)
    ends = sorted({0, 1, CHUNK - 2, min(CHUNK, size - 1), size - 1})
    assert joined(*(half[ends] for half in enciphered)) == [single.encrypt(end << 40 | 3 * end) for end in ends]
    assert all(np.array_equal(*pair) for pair in zip(cipher.decrypt(*enciphered), (left, right), strict=True))


def test_the_arguments_stay_untouched():
    left, right = np.arange(5, dtype=np.uint64), np.arange(5, dtype=np.uint64)
    Ff1Bits80Bulk(bytes(32)).encrypt(left, right)
    assert left.tolist() == right.tolist() == [0, 1, 2, 3, 4]
