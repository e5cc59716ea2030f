"""More money for a running campaign: how much, and are you sure."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from core.errors import Problem
from rewards.admin.reading import in_yuan
from rewards.models import Campaign
from rewards.services.campaigns import top_up_campaign
from stores.admin.confirmed import signed

FEN = 100
MOST_YUAN = Decimal("99999999.99")


class TopUpForm(forms.Form):
    """The amount in yuan. `seen_fen` is the budget that the page showed: a form that is sent twice pays once."""

    amount = forms.DecimalField(
        label=gettext_lazy("Amount in yuan"),
        max_value=MOST_YUAN,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget(
            {"min": "0.01", "step": "0.01", "inputmode": "decimal", "autofocus": True}
        ),
        help_text=gettext_lazy("It is paid in at once, on top of the budget. What is left at the end goes back."),
    )
    seen_fen = forms.IntegerField(widget=forms.HiddenInput)

    def amount_fen(self) -> int:
        """The amount in fen."""
        return int(self.cleaned_data["amount"] * FEN)


def top_up(request: HttpRequest, campaign: Campaign) -> TopUpForm | None:
    """The form to be shown, with what is wrong in it; None where the money has been paid in."""
    if request.method != "POST":
        return TopUpForm(initial={"seen_fen": campaign.budget_fen})
    form = TopUpForm(request.POST)
    if not form.is_valid() or not pay(request, campaign, form):
        return form
    messages.success(request, _("%(amount)s paid in.") % {"amount": in_yuan(form.amount_fen())})
    return None


def pay(request: HttpRequest, campaign: Campaign, form: TopUpForm) -> bool:
    """Whether the service took it; else the form says why not."""
    facts: dict[str, Any] = {"amount_fen": form.amount_fen(), "seen_fen": form.cleaned_data["seen_fen"]}
    try:
        top_up_campaign(campaign_id=campaign.pk, brand=campaign.brand, **facts, **signed(request))
    except Problem as problem:
        wrong = problem.fields or {"": [problem.detail]}
        form.add_error("amount", [reason for reasons in wrong.values() for reason in reasons])
        return False
    return True
