"""How higher rooms show their part on pages of the dashboard. Members are listed by dotted path in settings.

STORE_PANELS: on one store's page. OVERVIEW_PANELS: on the first page, below the stores.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import HttpRequest

from stores.models import Store, User


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


class OverviewPanel(Protocol):
    """Asked when the dashboard's first page is opened, not on each refresh of its live part."""

    def __call__(self, user: User) -> Panel | None:
        """The panel, or None where there is nothing for this viewer. A fixed number of queries."""
