"""The dry run's page: the days to look at, and what the campaign would have cost on them."""

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSingleDateWidget

from core import clock
from rewards.models import Campaign
from rewards.selectors.dry_runs import dry_run, prizes_won

DAYS_BACK = 30
MOST_DAYS = 366


class DaysForm(forms.Form):
    """Business days, both included."""

    since = forms.DateField(label=gettext_lazy("From day"), widget=UnfoldAdminSingleDateWidget)
    until = forms.DateField(label=gettext_lazy("To day"), widget=UnfoldAdminSingleDateWidget)

    def clean(self) -> dict[str, Any]:
        """A span of at most a year, the right way round."""
        days: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = days.get("since"), days.get("until")
        if since and until and not 0 <= (until - since).days < MOST_DAYS:
            raise forms.ValidationError(_("Choose 1 to %(most)d days, the first one first.") % {"most": MOST_DAYS})
        return days


def dry_run_page(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    """The form and, where it is right, the run; at first the last 30 days."""
    today = clock.business_day(clock.now(), campaign.brand.timezone)
    form = DaysForm(request.GET or {"since": today - dt.timedelta(days=DAYS_BACK), "until": today})
    if not form.is_valid():
        return {"form": form, "campaign": campaign, "run": None}
    found = dry_run(campaign, **form.cleaned_data)
    return {"form": form, "campaign": campaign, "run": found, "prizes": prizes_won(campaign, found)}
