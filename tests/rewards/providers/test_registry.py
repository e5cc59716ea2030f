import pytest

from rewards.providers.registry import UnknownProviderError, load_provider
from rewards.sandbox.provider import SandboxProvider
from rewards.services.providers import provider, provider_names

PATHS = {"sandbox": "rewards.sandbox.provider.SandboxProvider"}


def test_a_listed_provider_is_made_from_its_path() -> None:
    assert isinstance(load_provider("sandbox", PATHS), SandboxProvider)


def test_a_provider_that_is_not_listed_is_named_with_those_that_are() -> None:
    with pytest.raises(UnknownProviderError, match=r"'wechat' is not one of sandbox"):
        load_provider("wechat", PATHS)


def test_an_installation_keeps_one_of_each_listed_provider(settings) -> None:
    assert provider("sandbox") is provider("sandbox")
    assert provider_names() == sorted(settings.PAYMENT_PROVIDERS)
