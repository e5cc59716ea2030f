"""What serves all brands at once is for the platform's own people alone: groups, locks, API clients."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.sites import site
from django.http import HttpRequest
from oauth2_provider.models import AccessToken, Application, Grant, IDToken, RefreshToken
from unfold.admin import ModelAdmin

from stores.admin.written import ReadOnly
from stores.selectors.rights import sees_all_brands

OF_THE_PLATFORM = ("auth", "axes")
UNTRANSLATED = {"status"}
"""Columns of axes whose heading and texts are English in every language; the time of the attempt says the same."""
SECRETS = (AccessToken, Grant, IDToken, RefreshToken)


class ForThePlatform:
    """To stand before a ModelAdmin: superusers without a brand, and nobody else."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return sees_all_brands(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        return sees_all_brands(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return sees_all_brands(request.user) and super().has_add_permission(request)  # type: ignore[misc]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return sees_all_brands(request.user) and super().has_change_permission(request, obj)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return sees_all_brands(request.user) and super().has_delete_permission(request, obj)  # type: ignore[misc]


def keep_for_the_platform() -> None:
    """Register the pages of other packages anew, for the platform alone and in this admin's looks."""
    for model, page in list(site._registry.items()):  # noqa: SLF001 - there is no public list
        if model._meta.app_label in OF_THE_PLATFORM:  # noqa: SLF001 - Django's documented API
            site.unregister(model)
            columns = tuple(name for name in page.list_display if name not in UNTRANSLATED)
            own = {"list_display": columns}
            site.register(model, type(page.__class__.__name__, (ForThePlatform, page.__class__, ModelAdmin), own))
    site.unregister([model for model in (*SECRETS, Application) if site.is_registered(model)])


keep_for_the_platform()


@admin.register(Application)
class ApplicationAdmin(ForThePlatform, ReadOnly, ModelAdmin):  # type: ignore[misc] # the theme has no types
    """The OAuth2 clients behind the partners, to be looked at; partners are made and changed on their own page."""

    list_display = ("name", "client_id", "client_type", "authorization_grant_type", "created")
    search_fields = ("name", "client_id")
    ordering = ("-pk",)
    fields = ("name", "client_id", "client_type", "authorization_grant_type", "created", "updated")
