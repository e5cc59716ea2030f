"""Histories in the admin: to be read and searched, never written."""

from typing import Any

from django.http import HttpRequest

from rewards.templatetags.signed_money import signed_yuan
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


in_yuan = signed_yuan
"""Fen as people read them."""
