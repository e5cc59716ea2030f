import dataclasses

import pytest

from codes.formats.keys import KeyRing, KeyRingError, UnknownKeyVersion

FIRST, SECOND = "ab" * 32, "CD" * 32


def test_the_first_key_issues_and_all_verify():
    ring = KeyRing.parse(f"2:{FIRST}, 1:{SECOND}")
    assert ring.issuing == "2"
    assert ring.versions == ("2", "1")
    assert ring.key("1") == bytes.fromhex(SECOND)


def test_an_unknown_version_is_named():
    with pytest.raises(UnknownKeyVersion, match="'7'"):
        KeyRing.parse(f"1:{FIRST}").key("7")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "code key 1: expected version:key"),
        (FIRST, "code key 1: expected version:key"),
        (f"1:{FIRST},", "code key 2: expected version:key"),
        (f"12:{FIRST}", "code key 1: the version"),
        (f":{FIRST}", "code key 1: the version"),
        (f"a:{FIRST}", "code key 1: the version"),
        (f"U:{FIRST}", "code key 1: the version"),
        (f"B:{FIRST}", "code key 1: the version"),
        (f"C:{FIRST}", "code key 1: the version"),
        (f"{FIRST}:1", "code key 1: the version"),
        (f"1:{FIRST[:-1]}", "code key 1: the key"),
        (f"1:{FIRST[:-1]}g", "code key 1: the key"),
        (f"1:{FIRST},1:{SECOND}", "code key 2: this version is listed twice"),
    ],
)
def test_malformed_keys_are_refused_with_the_entry_but_without_its_contents(text, message):
    with pytest.raises(KeyRingError) as refusal:
        KeyRing.parse(text)
    assert str(refusal.value).startswith(message)
    assert FIRST[:8] not in str(refusal.value)


def test_a_printed_ring_shows_no_key():
    assert repr(KeyRing.parse(f"1:{FIRST}")) == "KeyRing(issuing='1')"


def test_a_ring_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        KeyRing.parse(f"1:{FIRST}").issuing = "2"
