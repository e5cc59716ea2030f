"""How higher rooms put a page of theirs into the dashboard's navigation: dotted paths in settings.DASHBOARD_LINKS."""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from stores.models import User


@dataclass(frozen=True, slots=True)
class Link:
    """A page of the dashboard: what it is called, and where it is."""

    title: str
    address: str


class DashboardLink(Protocol):
    """Asked for each page of the dashboard."""

    def __call__(self, user: User) -> Link | None:
        """The page, or None where this account has no use for it. A fixed number of queries."""


def links_for(user: User) -> list[Link]:
    """The further pages for this account, in the order of the settings."""
    asked: list[Link | None] = [import_string(path)(user) for path in settings.DASHBOARD_LINKS]
    return [link for link in asked if link is not None]
