from django import forms
from django.utils.translation import gettext_lazy as _


class NameForm(forms.Form):
    """The local identity: a name is enough, for trying out."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=60,
        help_text=_("The same name opens the same wallet again. This sign-in is for trying out."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
