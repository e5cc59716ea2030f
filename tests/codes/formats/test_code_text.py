from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.formats import crockford
from codes.formats.code_text import (
    CodeCipher,
    CodeKind,
    CodeMark,
    ForgedCode,
    Level,
    MalformedCode,
    Role,
    extract_code,
    kind_of,
    mask,
    normalise,
)
from codes.formats.ff1 import Ff1Bits80
from codes.formats.keys import KeyRing, UnknownKeyVersion

KEY, OLD_KEY = bytes(range(32)), bytes(range(1, 33))
CIPHER = CodeCipher(KeyRing.parse(f"2:{KEY.hex()},1:{OLD_KEY.hex()}"))
CODE = CIPHER.encode(Role.ITEM_INNER, 123_456_789)
roles = st.sampled_from(Role)
serials = st.integers(0, 2**40 - 1)


def enciphered(plain):
    return "2" + crockford.encode(Ff1Bits80(KEY).encrypt(plain), 16)


@given(roles, serials, st.sampled_from("21"))
def test_a_mark_reads_back_as_it_was_written(role, serial, version):
    text = CIPHER.encode(role, serial, version)
    assert CIPHER.decode(text) == CodeMark(role=role, serial=serial, version=version)
    assert normalise(text) == text


def test_the_text_of_a_known_mark_never_changes():
    assert CODE == "2PGRDQTZX9C05X9Q8"


def test_new_marks_are_written_under_the_issuing_key():
    assert CIPHER.issuing_version == CODE[0] == "2"


def test_a_mark_is_read_from_forgiving_input():
    text = f" {CODE[:4].lower()}-{CODE[4:]} ".replace("1", "l").replace("0", "o")
    assert CIPHER.decode(text) == CIPHER.decode(CODE)


def test_many_threads_may_read_marks_at_once():
    codes = [CIPHER.encode(Role.ITEM_OUTER, serial) for serial in range(2000)]
    with ThreadPoolExecutor(8) as pool:
        assert [mark.serial for mark in pool.map(CIPHER.decode, codes)] == list(range(2000))


@pytest.mark.parametrize("text", ["", CODE[:-1], CODE + "0", CODE[:-1] + "U", CODE[:-1] + "!", "0" * 4000])
def test_what_is_not_17_symbols_is_malformed(text):
    with pytest.raises(MalformedCode):
        CIPHER.decode(text)


@pytest.mark.parametrize("version", ["3", "B", "C"])
def test_a_mark_under_an_unknown_key_is_told_apart(version):
    with pytest.raises(UnknownKeyVersion):
        CIPHER.decode(version + CODE[1:])


def test_a_mark_is_not_written_under_an_unknown_key():
    with pytest.raises(UnknownKeyVersion):
        CIPHER.encode(Role.PALLET, 1, "9")


@given(st.integers(1, 16), st.sampled_from(crockford.ALPHABET))
def test_a_mark_with_one_symbol_changed_is_a_forgery(place, symbol):
    changed = CODE[:place] + symbol + CODE[place + 1 :]
    if changed == CODE:
        assert CIPHER.decode(changed).serial == 123_456_789
    else:
        with pytest.raises(ForgedCode):
            CIPHER.decode(changed)


@pytest.mark.parametrize("bit", range(36))
def test_a_mark_with_any_zero_bit_set_is_a_forgery(bit):
    with pytest.raises(ForgedCode):
        CIPHER.decode(enciphered(1 << 76 | 5 << 36 | 1 << bit))


@pytest.mark.parametrize("role", [0, 6, 15])
def test_a_mark_of_an_unknown_role_is_a_forgery(role):
    with pytest.raises(ForgedCode):
        CIPHER.decode(enciphered(role << 76 | 5 << 36))


@pytest.mark.parametrize("serial", [-1, 2**40])
def test_a_serial_outside_40_bits_is_refused(serial):
    with pytest.raises(ValueError, match="serials"):
        CIPHER.encode(Role.PALLET, serial)


@given(
    st.lists(roles, min_size=1, max_size=5), st.integers(0, 2**40 - 8), st.integers(0, 8), st.sampled_from([None, "1"])
)
def test_a_block_of_marks_is_written_as_one_at_a_time(wanted, first, count, version):
    block = CIPHER.encode_block(wanted, first, count, version=version)
    assert block.shape == (count, len(wanted))
    assert [[text.decode() for text in row] for row in block.tolist()] == [
        [CIPHER.encode(role, serial, version) for role in wanted] for serial in range(first, first + count)
    ]


@pytest.mark.parametrize(("first", "count"), [(-1, 2), (0, -1), (2**40 - 1, 2)])
def test_a_block_outside_40_bits_is_refused(first, count):
    with pytest.raises(ValueError, match="serials"):
        CIPHER.encode_block([Role.PALLET], first, count)


@given(st.lists(st.tuples(roles, serials, st.sampled_from("21")), max_size=20))
def test_a_block_of_marks_reads_back(marks):
    codes = np.array([CIPHER.encode(*mark).encode() for mark in marks], dtype="S17")
    found_roles, found_serials = CIPHER.decode_block(codes)
    assert list(zip(found_roles.tolist(), found_serials.tolist(), strict=True)) == [mark[:2] for mark in marks]


def test_a_block_marks_with_role_0_what_is_not_genuine():
    bad = ["", CODE[:-1], "3" + CODE[1:], "B" + CODE[1:], "U" + CODE[1:], CODE[:-1] + "U", CODE[:8] + "-" + CODE[9:]]
    forged = [enciphered(6 << 76 | 5 << 36), enciphered(0), enciphered(1 << 76 | 1), enciphered(1 << 76 | 1 << 35)]
    codes = np.array([CODE.lower(), *bad, *forged, CODE], dtype="S17")
    found_roles, found_serials = CIPHER.decode_block(codes)
    assert found_roles.tolist() == [Role.ITEM_INNER, *([0] * 11), Role.ITEM_INNER]
    assert found_serials[[0, -1]].tolist() == [123_456_789] * 2


def test_roles_have_stable_numbers_slugs_and_levels():
    assert [(int(role), role.slug, role.level) for role in Role] == [
        (1, "item_outer", Level.ITEM),
        (2, "item_inner", Level.ITEM),
        (3, "case_outer", Level.CASE),
        (4, "case_inner", Level.CASE),
        (5, "pallet", Level.PALLET),
    ]
    assert [Role.from_slug(role.slug) for role in Role] == list(Role)


@pytest.mark.parametrize(
    ("text", "kind"), [(CODE, CodeKind.MARK), ("b" + "0" * 16, CodeKind.STORE), ("C" + "z" * 16, CodeKind.CONSUMER)]
)
def test_the_first_symbol_tells_whose_code_it_is(text, kind):
    assert kind_of(text) == kind


def test_a_kind_is_only_told_of_a_well_formed_code():
    with pytest.raises(MalformedCode):
        kind_of("B123")


@pytest.mark.parametrize(
    "text",
    [
        CODE,
        f" {CODE.lower()} ",
        f"HTTPS://ONE.CN/C/{CODE}",
        f"http://127.0.0.1:8000/c/{CODE.lower()}/?via=poster#top",
        f"https://one.cn/01/06901234567892/21/{CODE}?17=261231",
        f"HTTPS://ONE.CN/01/06901234567892/10/LOT-7/21/{CODE}",
        f"看这里 https://one.cn/c/{CODE[:8]}%20{CODE[8:]} 真的",
    ],
)
def test_a_code_is_found_in_what_people_paste(text):
    assert extract_code(text) == CODE


@pytest.mark.parametrize(
    "text", ["https://one.cn/", "https://one.cn/c/123", "https://one.cn/00/340123450000000000", ""]
)
def test_a_text_without_a_code_is_malformed(text):
    with pytest.raises(MalformedCode):
        extract_code(text)


def test_a_masked_code_shows_its_first_four_and_last_two_symbols():
    assert mask(CODE) == f"{CODE[:4]}•••••••••••{CODE[-2:]}"


def test_a_masked_text_that_is_no_code_shows_nothing_short():
    assert mask("1234567") == "•" * 11
