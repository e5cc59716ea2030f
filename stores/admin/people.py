"""Accounts, salespeople and store owners in the admin."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from stores.admin.scoped import BrandScopedAdmin, sees_all_brands
from stores.models import Salesperson, StoreOwner, User

RIGHTS_OF_THE_PLATFORM = {"is_superuser", "user_permissions", "brand"}


@admin.register(User)
class UserAdmin(DjangoUserAdmin, BrandScopedAdmin):  # type: ignore[misc, type-arg]
    """Accounts of the brand. Only the platform makes superusers and hands out single permissions."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "brand", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active", "brand")
    search_fields = ("username", "first_name", "last_name")
    fieldsets = (*(DjangoUserAdmin.fieldsets or ()), (None, {"fields": ("brand",)}))
    add_fieldsets = ((None, {"fields": ("username", "password1", "password2", "brand", "is_staff")}),)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the platform's own rights for people of a brand."""
        fieldsets = super().get_fieldsets(request, obj)
        if sees_all_brands(request.user):
            return fieldsets
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in RIGHTS_OF_THE_PLATFORM]})
            for title, options in fieldsets
        ]


@admin.register(Salesperson)
class SalespersonAdmin(BrandScopedAdmin):
    ordering = ("number",)
    list_display = ("number", "name", "region", "leader", "is_squad_leader", "is_active")
    list_filter = ("is_squad_leader", "is_active", "leader")
    list_select_related = ("region", "leader")
    search_fields = ("number", "name", "phone")
    autocomplete_fields: ClassVar = ["region", "leader", "user"]


@admin.register(StoreOwner)
class StoreOwnerAdmin(BrandScopedAdmin):
    ordering = ("name", "pk")
    list_display = ("name", "phone", "has_wallet")
    search_fields = ("name", "phone")
    autocomplete_fields: ClassVar = ["user"]

    @admin.display(boolean=True)
    def has_wallet(self, owner: StoreOwner) -> bool:
        """Whether grants can be paid."""
        return bool(owner.wallet)
