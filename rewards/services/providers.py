"""The payment providers of this installation."""

from functools import cache

from django.conf import settings

from rewards.providers.interface import Provider
from rewards.providers.registry import load_provider


@cache
def provider(name: str) -> Provider:
    """The provider listed under `name` in settings.PAYMENT_PROVIDERS, made once per process.

    Raises:
        UnknownProviderError: it is not listed.
    """
    return load_provider(name, settings.PAYMENT_PROVIDERS)


def provider_names() -> list[str]:
    """All that are listed, whichever new payouts go to: old bills are settled where they were sent."""
    return sorted(settings.PAYMENT_PROVIDERS)
