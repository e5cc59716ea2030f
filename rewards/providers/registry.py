"""Finding a payment provider by its name. Pure: the caller brings the list."""

from collections.abc import Mapping
from importlib import import_module

from rewards.providers.interface import Provider


class UnknownProviderError(LookupError):
    """No provider of that name is listed."""


def load_provider(name: str, paths: Mapping[str, str]) -> Provider:
    """The provider listed under `name`; `paths` maps names to dotted paths of classes without arguments.

    Raises:
        UnknownProviderError: `name` is not listed.
        ImportError, AttributeError: the path leads nowhere.
    """
    if name not in paths:
        raise UnknownProviderError(f"{name!r} is not one of {', '.join(sorted(paths)) or '(none)'}")
    module, _, attribute = paths[name].rpartition(".")
    provider: Provider = getattr(import_module(module), attribute)()
    return provider
