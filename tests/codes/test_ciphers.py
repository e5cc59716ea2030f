import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from codes.ciphers import code_cipher
from codes.formats.code_text import Role


def test_the_cipher_is_built_once():
    assert code_cipher() is code_cipher()


def test_the_cipher_reads_what_it_wrote():
    text = code_cipher().encode(Role.ITEM_INNER, 77)
    assert code_cipher().decode(text).serial == 77


@pytest.mark.parametrize("keys", ["", "1:abc", "no colon"])
def test_missing_or_malformed_keys_stop_the_start(settings, keys):
    settings.CODE_KEYS = keys
    with pytest.raises(ImproperlyConfigured, match="ONECODE_CODE_KEYS"):
        apps.get_app_config("codes").ready()


def test_the_refusal_does_not_tell_the_key(settings):
    settings.CODE_KEYS = "1:" + "g" * 64
    with pytest.raises(ImproperlyConfigured) as refusal:
        code_cipher()
    assert "gggg" not in str(refusal.value)
