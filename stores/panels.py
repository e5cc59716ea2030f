"""How higher rooms show their part on one store's page. Members are listed by dotted path in settings.STORE_PANELS."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import HttpRequest

from stores.models import Store


@dataclass(frozen=True, slots=True)
class Panel:
    """A card of the page: its heading, and a template with its context (no request is added)."""

    title: str
    template: str
    context: Mapping[str, Any]


class StorePanel(Protocol):
    """Asked on each view and refresh of the page, after the viewer's right to see the store was checked."""

    def __call__(self, request: HttpRequest, store: Store) -> Panel | None:
        """The panel, or None where there is nothing for this store or viewer. A fixed number of queries."""
