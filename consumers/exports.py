"""What a person's export holds, and what is forgotten with a person, beyond what this room keeps.

Higher rooms add their parts through settings.EXPORT_CHAPTERS and settings.ERASURES.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from consumers.models import Consumer

Chapter = Callable[[Consumer], list[dict[str, Any]]]
"""Gives JSON-ready rows about one consumer."""


def chapters() -> dict[str, Chapter]:
    """The further chapters by name."""
    return {name: import_string(path) for name, path in settings.EXPORT_CHAPTERS.items()}


def erasures() -> list[Callable[[Consumer], None]]:
    """What else is to be forgotten of a person, each within the erasure's transaction."""
    return [import_string(path) for path in settings.ERASURES]
