"""Histories in the admin: to be read and searched, never written."""

from typing import Any

from django.http import HttpRequest

from rewards.templatetags.money import yuan
from stores.admin.scoped import BrandScopedAdmin


class ReadOnlyAdmin(BrandScopedAdmin):
    """Rows that only services write."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


def in_yuan(fen: int) -> str:
    """As `yuan`, with a sign in front of what is below zero."""
    return f"−{yuan(-fen)}" if fen < 0 else yuan(fen)
