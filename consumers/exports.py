"""What a person's export holds. Higher rooms add their chapters through settings.EXPORT_CHAPTERS."""

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
