"""Partners' API clients. The secret is shown once, when the client is made."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from oauth2_provider.scopes import get_scopes_backend

from stores.admin.confirmed import signed
from stores.admin.scoped import BrandScopedAdmin, OneBrandForm
from stores.admin.written import WrittenByServices, adopt
from stores.models import PartnerClient
from stores.services.partners import PartnerDetails, change_partner, register_partner


class PartnerForm(OneBrandForm):
    scopes = forms.MultipleChoiceField(label=_("Scopes"), widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = PartnerClient
        fields = ("brand", "name", "scopes", "is_active")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        scopes: Any = self.fields["scopes"]
        scopes.choices = [(name, _g(text)) for name, text in get_scopes_backend().get_all_scopes().items()]


@admin.register(PartnerClient)
class PartnerClientAdmin(WrittenByServices, BrandScopedAdmin):
    form = PartnerForm
    list_display = ("name", "client_id", "brand", "scopes", "is_active", "created_at")
    list_filter = ("is_active", "brand")
    list_select_related = ("application", "brand")
    search_fields = ("name", "application__client_id")
    ordering = ("-id",)

    @admin.display(description=_("client id"))
    def client_id(self, partner: PartnerClient) -> str:
        return str(partner.application.client_id)

    def save_model(self, request: HttpRequest, obj: PartnerClient, form: Any, change: bool) -> None:  # noqa: ARG002
        """The secret of a new partner is told here, and nowhere again."""
        if change:
            details = PartnerDetails(name=obj.name, scopes=obj.scopes, is_active=obj.is_active)
            change_partner(brand=obj.brand, partner_id=obj.pk, details=details, **signed(request))
            return
        made = register_partner(brand=obj.brand, name=obj.name, scopes=obj.scopes, **signed(request))
        adopt(obj, made.partner)
        said = _g("Write the secret down, it is shown this once. Client: %(id)s. Secret: %(secret)s")
        messages.warning(request, said % {"id": made.client_id, "secret": made.client_secret})
