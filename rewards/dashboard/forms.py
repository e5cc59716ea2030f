"""What the owner's statement shall be about."""

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import DaysInOrder


class DaysForm(DaysInOrder):
    """Business days, both optional."""

    first = forms.DateField(
        label=gettext_lazy("From day"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=gettext_lazy("To day"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
