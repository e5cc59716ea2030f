"""Asking for money to be moved: how much, by which statement of the bank. A second person decides."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextInputWidget

from core.errors import Problem
from rewards.admin.reading import in_yuan
from rewards.models import Campaign, Transfer
from rewards.selectors.refundable import room_for
from rewards.services.transfers import Wish, ask_transfer
from stores.admin.confirmed import signed

FEN = 100
MOST_YUAN = Decimal("99999999.99")


class AskForm(forms.Form):
    """The amount in yuan, and what it refers to."""

    amount = forms.DecimalField(
        label=gettext_lazy("Amount in yuan"),
        max_value=MOST_YUAN,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget(
            {"min": "0.01", "step": "0.01", "inputmode": "decimal", "autofocus": True}
        ),
        help_text=gettext_lazy("Nothing moves before a second person has approved it."),
    )
    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        required=False,
        max_length=80,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("Number of the bank's statement, or why."),
    )

    def amount_fen(self) -> int:
        """The amount in fen."""
        return int(self.cleaned_data["amount"] * FEN)


def ask_form(request: HttpRequest, campaign: Campaign, direction: Transfer.Direction) -> AskForm | None:
    """The form to be shown, with what is wrong in it; None where the transfer has been asked for."""
    if request.method != "POST":
        return AskForm(initial=suggested(campaign, direction))
    form = AskForm(request.POST)
    if not form.is_valid() or not asked(request, campaign, direction, form):
        return form
    told = {"amount": in_yuan(form.amount_fen())}
    messages.success(request, _("%(amount)s asked for. It moves when a second person has approved it.") % told)
    return None


def suggested(campaign: Campaign, direction: Transfer.Direction) -> dict[str, Any]:
    """All that can be moved, where there is such a limit."""
    most = room_for(campaign, direction).most_fen
    return {"amount": Decimal(most) / FEN} if most else {}


def asked(request: HttpRequest, campaign: Campaign, direction: Transfer.Direction, form: AskForm) -> bool:
    """Whether the service took it; else the form says why not."""
    wish = Wish(direction=direction, amount_fen=form.amount_fen(), reference=form.cleaned_data["reference"])
    try:
        ask_transfer(campaign_id=campaign.pk, brand=campaign.brand, wish=wish, **signed(request))
    except Problem as problem:
        wrong = problem.fields or {"": [problem.detail]}
        form.add_error("amount", [reason for reasons in wrong.values() for reason in reasons])
        return False
    return True
