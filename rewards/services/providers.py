"""The payment providers of this installation."""

from functools import cache
from typing import Any

from django.conf import settings

from core.valkey import answer_to
from rewards.providers.gate import Gate, OpenGate, SharedGate
from rewards.providers.interface import Pace, Provider
from rewards.providers.registry import load_provider


@cache
def provider(name: str) -> Provider:
    """The provider listed under `name` in settings.PAYMENT_PROVIDERS, made once per process.

    Raises:
        UnknownProviderError: it is not listed.
    """
    return load_provider(name, settings.PAYMENT_PROVIDERS)


def present_pace() -> Pace:
    """How the provider wants to be treated to whom new bills go."""
    return provider(settings.PAYMENT_PROVIDER).pace


def provider_names() -> list[str]:
    """All that are listed, whichever new payouts go to: old bills are settled where they were sent."""
    return sorted(settings.PAYMENT_PROVIDERS)


@cache
def gate_of(name: str) -> Gate:
    """The gate to a provider, which all workers share; open where settings.PAYMENT_RATES does not name it."""
    rate = settings.PAYMENT_RATES.get(name)
    return OpenGate() if rate is None else SharedGate(evaluate, f"gate:{name}", rate)


def evaluate(script: str, key: str, *arguments: str | int) -> Any:
    """One script, atomic in Valkey. Raises redis.RedisError where that is away."""
    return answer_to("EVAL", script, 1, key, *arguments)
