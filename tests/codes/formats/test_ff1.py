import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.formats.ff1 import FF1, Ff1Bits80, Ff1Error

SYMBOLS = "0123456789abcdefghijklmnopqrstuvwxyz"
KEY_128 = "2B7E151628AED2A6ABF7158809CF4F3C"
KEY_192 = KEY_128 + "EF4359D8D580AA4F"
KEY_256 = KEY_192 + "7F036D6F04FC6A94"
NO_TWEAK, TWEAK_10, TWEAK_11 = "", "39383736353433323130", "3737373770717273373737"

# https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values (FF1samples.pdf)
NIST_SAMPLES = [
    (KEY_128, 10, NO_TWEAK, "0123456789", "2433477484"),
    (KEY_128, 10, TWEAK_10, "0123456789", "6124200773"),
    (KEY_128, 36, TWEAK_11, "0123456789abcdefghi", "a9tv40mll9kdu509eum"),
    (KEY_192, 10, NO_TWEAK, "0123456789", "2830668132"),
    (KEY_192, 10, TWEAK_10, "0123456789", "2496655549"),
    (KEY_192, 36, TWEAK_11, "0123456789abcdefghi", "xbj3kv35jrawxv32ysr"),
    (KEY_256, 10, NO_TWEAK, "0123456789", "6657667009"),
    (KEY_256, 10, TWEAK_10, "0123456789", "1001623463"),
    (KEY_256, 36, TWEAK_11, "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"),
]
samples = pytest.mark.parametrize(("key", "radix", "tweak", "plain", "enciphered"), NIST_SAMPLES, ids=range(1, 10))


def numerals(text):
    return [SYMBOLS.index(symbol) for symbol in text]


@samples
def test_a_nist_sample_enciphers_as_published(key, radix, tweak, plain, enciphered):
    cipher = FF1(bytes.fromhex(key), radix)
    assert cipher.encrypt(numerals(plain), bytes.fromhex(tweak)) == numerals(enciphered)


@samples
def test_a_nist_sample_deciphers_as_published(key, radix, tweak, plain, enciphered):
    cipher = FF1(bytes.fromhex(key), radix)
    assert cipher.decrypt(numerals(enciphered), bytes.fromhex(tweak)) == numerals(plain)


@given(
    st.binary(min_size=32, max_size=32),
    st.integers(2, 40),
    st.binary(max_size=40),
    st.lists(st.integers(0, 1), min_size=20, max_size=300),
)
def test_whatever_is_enciphered_deciphers_again(key, radix, tweak, plain):
    cipher = FF1(key, radix)
    assert cipher.decrypt(cipher.encrypt(plain, tweak), tweak) == plain


@given(st.binary(min_size=32, max_size=32), st.integers(0, 2**80 - 1))
def test_the_80_bit_form_is_the_general_form_at_radix_2(key, plain):
    bits = [int(bit) for bit in f"{plain:080b}"]
    expected = int("".join(map(str, FF1(key, 2).encrypt(bits))), 2)
    assert Ff1Bits80(key).encrypt(plain) == expected


@given(st.binary(min_size=32, max_size=32), st.integers(0, 2**80 - 1))
def test_the_80_bit_form_deciphers_what_it_enciphered(key, plain):
    cipher = Ff1Bits80(key)
    assert cipher.decrypt(cipher.encrypt(plain)) == plain


def test_a_long_numeral_string_takes_more_than_one_block_of_stream():
    cipher = FF1(bytes(16), 10)
    plain = [digit % 10 for digit in range(200)]
    assert cipher.decrypt(cipher.encrypt(plain)) == plain


@pytest.mark.parametrize("radix", [1, 65537])
def test_a_radix_outside_the_standard_is_refused(radix):
    with pytest.raises(Ff1Error, match="radix"):
        FF1(bytes(16), radix)


def test_a_key_of_another_length_is_refused():
    with pytest.raises(Ff1Error, match="not 17"):
        Ff1Bits80(bytes(17))


@pytest.mark.parametrize("plain", [[], [5], [1, 2, 3, 4, 5]])
def test_a_domain_that_could_be_listed_is_refused(plain):
    with pytest.raises(Ff1Error, match="too few"):
        FF1(bytes(16), 10).encrypt(plain)


@pytest.mark.parametrize("numeral", [-1, 10])
def test_a_numeral_outside_the_radix_is_refused(numeral):
    with pytest.raises(Ff1Error, match="each numeral"):
        FF1(bytes(16), 10).decrypt([0, 1, 2, 3, 4, 5, numeral])
