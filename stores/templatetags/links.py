"""The pages that higher rooms add to the dashboard's navigation."""

from typing import Any

from django import template

from stores.links import Link, links_for
from stores.models import User

register = template.Library()


@register.simple_tag
def further_pages(user: Any) -> list[Link]:
    """The further pages for this account."""
    return links_for(user) if isinstance(user, User) else []
