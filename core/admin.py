"""The audit trail: to be read, searched and never touched."""

from typing import Any, ClassVar

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from core.models import AuditEntry


def kind_in_words(model_name: str) -> str:
    """What a kind of thing is called; its plain name where no model bears it any more."""
    found = next((model for model in apps.get_models() if model._meta.model_name == model_name), None)  # noqa: SLF001 - Django's documented API
    return str(found._meta.verbose_name) if found else model_name  # noqa: SLF001 - as above


class Named(admin.AllValuesFieldListFilter):
    """A filter whose plain values are told in the reader's language."""

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            in_words = kind_in_words if self.field_path == "object_kind" else gettext
            yield choice | {"display": in_words(str(choice["display"])) or choice["display"]}


@admin.register(AuditEntry)
class AuditEntryAdmin(ModelAdmin):  # type: ignore[misc] # the package is untyped
    """People of a brand see its entries; a superuser without a brand sees all."""

    list_display = ("happened_at", "actor", "deed", "thing", "object_id", "brand_slug")
    list_filter = (("action", Named), ("object_kind", Named), "happened_at")
    fields = ("happened_at", "actor", "deed", "thing", "object_id", "brand_slug", "before", "after")
    search_fields = ("actor", "=object_id", "action")
    ordering: ClassVar = ["-id"]
    show_full_result_count = False

    @admin.display(description=_("action"), ordering="action")
    def deed(self, entry: AuditEntry) -> str:
        """The action in words, where the catalogue has them."""
        return gettext(entry.action)

    @admin.display(description=_("object kind"), ordering="object_kind")
    def thing(self, entry: AuditEntry) -> str:
        return kind_in_words(entry.object_kind)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The entries of the user's brand."""
        rows: QuerySet[Any] = super().get_queryset(request)
        user: Any = request.user
        if user.is_superuser and user.brand is None:
            return rows
        return rows.filter(brand_slug=user.brand.slug if user.brand else None)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False
