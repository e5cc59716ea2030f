"""Accounts of staff in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from core import clock
from stores.admin.scoped import BrandScopedAdmin
from stores.admin.written import WrittenByServices, adopt
from stores.models import User
from stores.selectors.rights import governs, grantable_groups, sees_all_brands
from stores.services.staff import StaffDetails, add_staff, change_staff, details_of, set_password

RIGHTS_OF_THE_PLATFORM = {"is_superuser", "user_permissions", "brand"}
OWN_RIGHTS = ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")


@admin.register(User)
class UserAdmin(WrittenByServices, DjangoUserAdmin, BrandScopedAdmin):  # type: ignore[type-arg]
    """Accounts of the brand. Only the platform makes superusers and hands out single permissions."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "full_name", "brand", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active", "brand")
    list_select_related = ("brand",)
    search_fields = ("username", "first_name", "last_name")
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (*(DjangoUserAdmin.fieldsets or ()), (None, {"fields": ("brand",)}))
    add_fieldsets = ((None, {"fields": ("username", "password1", "password2", "brand")}),)

    @admin.display(description=_("name"))
    def full_name(self, account: User) -> str:
        return account.get_full_name() or "—"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the platform's own rights for people of a brand."""
        fieldsets = super().get_fieldsets(request, obj)
        if sees_all_brands(request.user):
            return fieldsets
        return [
            (title, {**options, "fields": kept})
            for title, options in fieldsets
            if (kept := [name for name in options["fields"] if name not in RIGHTS_OF_THE_PLATFORM])
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nobody changes the own rights."""
        fixed = tuple(super().get_readonly_fields(request, obj))
        return (*fixed, *OWN_RIGHTS) if obj is not None and obj.pk == request.user.pk else fixed

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Groups that hold none but the own rights."""
        if db_field.name == "groups":
            kwargs["queryset"] = grantable_groups(request.user)  # type: ignore[arg-type]
        field: Any = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "groups":
            field.label_from_instance = name_of_group
        return field

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An account with more rights than the own is only looked at."""
        allowed = super().has_change_permission(request, obj)
        return bool(allowed and (obj is None or governs(request.user, obj)))  # type: ignore[arg-type]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        by: Any = request.user
        if change:
            adopt(obj, change_staff(by=by, user_id=obj.pk, details=asked(obj, form), now=clock.now()))
            return
        details = StaffDetails(username=obj.username, is_staff=True)
        password = form.cleaned_data["password1"] if form.cleaned_data.get("set_usable_password", True) else None
        adopt(obj, add_staff(by=by, brand=obj.brand, details=details, password=password, now=clock.now()))

    @method_decorator(sensitive_post_parameters())
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """Another password, audited; whatever is wrong is told by Django's page."""
        account = self.get_object(request, unquote(id))
        if request.method == "POST" and account is not None and self.has_change_permission(request, account):
            form = self.change_password_form(account, request.POST)
            if form.is_valid():
                return self.password_set(request, account, form.cleaned_data)
        page: HttpResponse = super().user_change_password(request, id, form_url)
        return page

    def password_set(self, request: HttpRequest, account: User, answers: dict[str, Any]) -> HttpResponse:
        """Have it set, and go back to the account."""
        by: Any = request.user
        password = answers["password1"] if answers["set_usable_password"] else None
        changed = set_password(by=by, user_id=account.pk, password=password, now=clock.now())
        if changed.pk == by.pk:
            update_session_auth_hash(request, changed)
        messages.success(request, _("The password has been set."))
        return HttpResponseRedirect(reverse("admin:stores_user_change", args=[account.pk]))


def name_of_group(group: Group) -> str:
    """The name for people: the product's own groups are named in the reader's language."""
    return gettext(group.name)


def asked(account: User, form: Any) -> StaffDetails:
    """What the form asks for; what it does not show stays as it is."""
    before = details_of(account)
    answers = form.cleaned_data
    plain = {name: answers.get(name, getattr(before, name)) for name in StaffDetails.__slots__ if name[-4:] != "_ids"}
    groups = answers.get("groups")
    permissions = answers.get("user_permissions")
    return StaffDetails(
        **plain,
        group_ids=before.group_ids if groups is None else frozenset(group.pk for group in groups),
        permission_ids=before.permission_ids if permissions is None else frozenset(one.pk for one in permissions),
    )
