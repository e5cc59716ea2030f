"""What a statement shall be about, as the page asks for it."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from consumers.models import Consumer
from core.forms import DaysInOrder
from rewards.models import Campaign
from rewards.models.ledger import AccountKind
from rewards.selectors.statements import Cursor, Scope
from stores.models import Brand, Salesperson, StoreOwner


class StatementForm(DaysInOrder):
    """All are optional. The payee is a member code, the number of a store, whose owner is meant, or a staff number."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Account"),
        choices=[("", gettext_lazy("free budget; of a payee: paid out")), *AccountKind.choices],
        required=False,
        widget=UnfoldAdminSelectWidget(),
    )
    campaign = forms.ModelChoiceField(
        label=gettext_lazy("Campaign"),
        queryset=Campaign.objects.none(),
        required=False,
        empty_label=gettext_lazy("all campaigns"),
        widget=UnfoldAdminSelectWidget(),
    )
    payee = forms.CharField(
        label=gettext_lazy("Payee"),
        required=False,
        max_length=60,
        widget=UnfoldAdminTextInputWidget({"placeholder": gettext_lazy("member, store or staff number")}),
    )
    first = forms.DateField(
        label=gettext_lazy("From day"), required=False, widget=UnfoldAdminDateWidget({"type": "date"})
    )
    last = forms.DateField(label=gettext_lazy("To day"), required=False, widget=UnfoldAdminDateWidget({"type": "date"}))

    def __init__(self, brand: Brand, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.brand = brand
        campaigns: Any = self.fields["campaign"]
        campaigns.queryset = Campaign.objects.filter(brand=brand).order_by("-pk")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("payee"):
            cleaned |= self.found(cleaned["payee"].strip())
        return cleaned

    def found(self, text: str) -> dict[str, Any]:
        """The consumer, the store's owner or the salesperson that is meant, by the scope's names."""
        consumer = Consumer.objects.filter(brand=self.brand, c_code=text).first()
        if consumer is not None:
            return {"consumer_id": consumer.pk}
        owner = StoreOwner.objects.filter(stores__brand=self.brand, stores__number=text).first()
        if owner is not None:
            return {"store_owner_id": owner.pk}
        salesperson = Salesperson.objects.filter(brand=self.brand, number=text).first()
        if salesperson is not None:
            return {"salesperson_id": salesperson.pk}
        self.add_error("payee", _("No member, no store with an owner and no salesperson has this number."))
        return {}

    def scope(self) -> Scope:
        """What the statement is about. A payee's is of what was paid, unless another account was chosen."""
        chosen = self.cleaned_data
        usual = AccountKind.PAID if chosen.get("payee") else AccountKind.BUDGET
        return Scope(
            brand_id=self.brand.pk,
            kind=AccountKind(chosen.get("kind") or usual),
            campaign_id=chosen["campaign"].pk if chosen.get("campaign") else None,
            consumer_id=chosen.get("consumer_id"),
            store_owner_id=chosen.get("store_owner_id"),
            salesperson_id=chosen.get("salesperson_id"),
            first=chosen.get("first"),
            last=chosen.get("last"),
        )


def cursor_of(text: str) -> Cursor | None:
    """The place that an address names; anything else is the beginning."""
    day, _separator, number = text.partition(".")
    try:
        return Cursor(dt.date.fromisoformat(day), min(int(number), 2**63 - 1))
    except ValueError:
        return None
