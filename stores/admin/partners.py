"""Partners' API clients. The secret is shown once, when the client is made."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from oauth2_provider.scopes import get_scopes_backend

from core import audit, clock
from stores.admin.scoped import BrandScopedAdmin, OneBrandForm
from stores.models import PartnerClient
from stores.services.partners import register_partner


class PartnerForm(OneBrandForm):
    scopes = forms.MultipleChoiceField(label=_("Scopes"), widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = PartnerClient
        fields = ("brand", "name", "scopes", "is_active")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        scopes: Any = self.fields["scopes"]
        scopes.choices = list(get_scopes_backend().get_all_scopes().items())


@admin.register(PartnerClient)
class PartnerClientAdmin(BrandScopedAdmin):
    form = PartnerForm
    list_display = ("name", "client_id", "brand", "scopes", "is_active", "created_at")
    list_filter = ("is_active", "brand")
    list_select_related = ("application", "brand")
    search_fields = ("name", "application__client_id")
    ordering = ("-id",)

    @admin.display(description=_("client id"))
    def client_id(self, partner: PartnerClient) -> str:
        return str(partner.application.client_id)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Clients are switched off; the audit trail still names them."""
        return False

    def save_model(self, request: HttpRequest, obj: PartnerClient, form: Any, change: bool) -> None:
        """A new partner through the service; a changed one with its audit entry."""
        actor = f"user:{request.user.get_username()}"
        if change:
            super().save_model(request, obj, form, change)
            after = {name: form.cleaned_data[name] for name in form.changed_data}
            audit.record(
                actor=actor,
                action="partner.change",
                subject=obj,
                at=clock.now(),
                brand_slug=obj.brand.slug,
                before={name: form.initial.get(name) for name in form.changed_data},
                after=after,
            )
            return
        made = register_partner(brand=obj.brand, name=obj.name, scopes=obj.scopes, actor=actor, now=clock.now())
        obj.__dict__.update(made.partner.__dict__)
        said = _g("Write the secret down, it is shown this once. Client: %(id)s. Secret: %(secret)s")
        messages.warning(request, said % {"id": made.client_id, "secret": made.client_secret})
