"""What people fill in on the dashboard."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from stores.earth import Place
from stores.ladder import Step
from stores.selectors.overview import ORDERS, Wanted
from stores.services.visiting import LONGEST_NOTE, CheckIn

QUERY_LENGTH = 80


class SignInForm(AuthenticationForm):
    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}


class CheckInForm(forms.Form):
    """The place is filled in by the page's script, where the person lets it."""

    code = forms.CharField(
        label=_("The store's code"),
        max_length=2048,
        help_text=_("Scan the sign on the counter, or type the 17 letters and digits below it. They begin with B."),
        widget=forms.TextInput(
            attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false", "enterkeyhint": "go"}
        ),
    )
    note = forms.CharField(
        label=_("Note (optional)"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you saw, agreed or promised."),
    )
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)

    def arrival(self) -> CheckIn:
        """What the service wants to know."""
        told = self.cleaned_data
        latitude, longitude = told["latitude"], told["longitude"]
        place = None if latitude is None or longitude is None else Place(latitude, longitude)
        return CheckIn(told["code"], place, told["note"])


def wanted_of(query: QueryDict) -> Wanted:
    """The choice that an address carries; what makes no sense in it falls back to the default."""
    step, page, order = query.get("step", ""), query.get("page", ""), query.get("sort", "")
    return Wanted(
        query=query.get("q", "").strip().replace("\x00", "")[:QUERY_LENGTH],
        step=Step(int(step)) if step in {str(int(each)) for each in Step} else None,
        order=order if order in ORDERS else "today",
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 9 else 1,  # noqa: PLR2004 - fits an integer
    )
