"""What the admin's questions ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
    UnfoldBooleanWidget,
)

from codes.admin.role_words import WORDS
from codes.formats.code_text import Role
from codes.formats.gtin import InvalidGtin, validate_gtin14
from codes.formats.serials import SerialRange
from codes.models import Batch, CodeOrder, PrintFile, Product, ProductLink
from codes.models.order import LAST_SERIAL
from codes.services.exporting import MOST_DAYS
from codes.services.ordering import level_of
from codes.services.products import gtin_fault
from core.errors import Invalid
from stores.admin.scoped import OneBrandForm

ROLES = [(int(role), WORDS[role]) for role in Role]


class RangeForm(forms.Form):
    """A range of an order, put together as `serials` (None: the whole order)."""

    first_serial = forms.IntegerField(
        label=_("First serial"),
        required=False,
        min_value=0,
        max_value=LAST_SERIAL,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("Leave both serials empty for the whole order."),
    )
    last_serial = forms.IntegerField(
        label=_("Last serial"),
        required=False,
        min_value=0,
        max_value=LAST_SERIAL,
        widget=UnfoldAdminIntegerFieldWidget,
    )

    def clean(self) -> dict[str, Any]:
        """Both serials or neither, the first not behind the last."""
        found: dict[str, Any] = super().clean() or {}
        first, last = found.pop("first_serial", None), found.pop("last_serial", None)
        found["serials"] = None
        if first is None and last is None:
            return found
        if first is None or last is None or first > last:
            self.add_error(None, _g("Give both serials, the first not behind the last, or neither."))
            return found
        found["serials"] = SerialRange(first, last)
        return found


class StatementForm(RangeForm):
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200, widget=UnfoldAdminTextInputWidget)


class MomentField(forms.DateTimeField):
    """A moment in the time zone of the site, by the browser's own picker."""

    widget = UnfoldAdminTextInputWidget(attrs={"type": "datetime-local", "step": 60})


class ActivationForm(StatementForm):
    effective_at = MomentField(label=_("Takes effect at"), required=False, help_text=_("Empty: at once."))


class TakeBackForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=UnfoldAdminTextInputWidget)
    together = forms.BooleanField(
        label=_("With all ranges of the same statement"),
        required=False,
        initial=True,
        widget=UnfoldBooleanWidget,
        help_text=_("A list, a batch or a case's content is kept as several ranges."),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=UnfoldAdminTextInputWidget)


class RecipientForm(RangeForm):
    recipient = forms.CharField(
        label=_("Recipient"),
        max_length=80,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Who will get the file: printer or factory."),
    )


class ExportForm(RecipientForm):
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[choice for choice in PrintFile.Kind.choices if choice[0] != PrintFile.Kind.ROLL],
        widget=UnfoldAdminSelectWidget,
    )
    profile = forms.CharField(
        label=_("Printer profile"),
        required=False,
        max_length=40,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Its name; empty: the default format."),
    )


class GrantForm(forms.Form):
    more = forms.IntegerField(
        label=_("Further downloads"), min_value=1, max_value=100, widget=UnfoldAdminIntegerFieldWidget
    )


class ProlongForm(forms.Form):
    days = forms.IntegerField(
        label=_("Days from now"), min_value=1, max_value=MOST_DAYS, widget=UnfoldAdminIntegerFieldWidget
    )


class ProductForm(OneBrandForm):
    class Meta:
        model = Product
        fields = ("brand", "gtin", "name", "name_en", "specification", "margin_fen", "story")

    def clean_gtin(self) -> str:
        """Fourteen digits with a right check digit."""
        try:
            return validate_gtin14(self.cleaned_data["gtin"])
        except InvalidGtin as error:
            raise forms.ValidationError(gtin_fault(error)) from error


class BatchForm(OneBrandForm):
    class Meta:
        model = Batch
        fields = ("product", "lot", "produced_on", "expires_on")


class ProductLinkForm(OneBrandForm):
    href = forms.URLField(label=_("Address"), max_length=500, assume_scheme="https", widget=UnfoldAdminURLInputWidget)

    class Meta:
        model = ProductLink
        fields = (
            "product",
            "batch",
            "link_type",
            "language",
            "context",
            "href",
            "title",
            "is_default",
            "forwards_query",
        )


class OrderForm(OneBrandForm):
    """A new order: its brand is its batch's."""

    roles = forms.TypedMultipleChoiceField(
        label=_("Roles"), coerce=int, choices=ROLES, widget=forms.CheckboxSelectMultiple, help_text=_("Of one level.")
    )
    quantity = forms.IntegerField(
        label=_("Quantity"), min_value=1, max_value=LAST_SERIAL, widget=UnfoldAdminIntegerFieldWidget
    )

    class Meta:
        model = CodeOrder
        fields = ("batch", "roles", "quantity")

    def clean_roles(self) -> list[int]:
        """Roles of one level."""
        roles = [Role(number) for number in self.cleaned_data["roles"]]
        try:
            level_of(roles)
        except Invalid as problem:
            raise forms.ValidationError(problem.fields["roles"]) from problem
        return [int(role) for role in roles]
