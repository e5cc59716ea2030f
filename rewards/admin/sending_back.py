"""A campaign under review goes back to its author, with the reason."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from core.errors import Problem
from rewards.models import Campaign
from rewards.models.campaign import LONGEST_REMARK
from rewards.services.reviewing import send_back_campaign
from stores.admin.confirmed import signed


class RemarkForm(forms.Form):
    """What should be mended."""

    remark = forms.CharField(
        label=gettext_lazy("Remark"),
        max_length=LONGEST_REMARK,
        widget=UnfoldAdminTextareaWidget({"rows": 3, "autofocus": True}),
        help_text=gettext_lazy("Whoever mends the draft reads it on the campaign's page."),
    )


def send_back(request: HttpRequest, campaign: Campaign) -> RemarkForm | None:
    """The form to be shown, with what is wrong in it; None where it has been sent back."""
    if request.method != "POST":
        return RemarkForm()
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return form
    remark = form.cleaned_data["remark"]
    try:
        send_back_campaign(campaign_id=campaign.pk, brand=campaign.brand, remark=remark, **signed(request))
    except Problem as problem:
        form.add_error("remark", problem.fields.get("remark", [problem.detail]))
        return form
    messages.success(request, _("Sent back."))
    return None
