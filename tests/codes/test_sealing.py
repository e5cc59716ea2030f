import pytest

from codes.sealing import SealBroken, seal, unseal


def test_what_was_sealed_is_read_again_and_not_seen_from_outside():
    token = seal("ABCDE-FGHJK")
    assert "ABCDE" not in token
    assert unseal(token) == "ABCDE-FGHJK"


def test_after_a_change_of_the_secret_it_is_read_by_the_fallback(settings):
    token = seal("ABCDE")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10
    assert unseal(token) == "ABCDE"


def test_without_the_former_secret_it_can_not_be_read(settings):
    token = seal("ABCDE")
    settings.SECRET_KEY = "another" * 10
    with pytest.raises(SealBroken):
        unseal(token)
