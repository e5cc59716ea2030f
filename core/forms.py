"""What forms of several rooms have in common: two days in order, and their faults as a problem answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from core.errors import Invalid


class DaysInOrder(forms.Form):
    """Fields `first` and `last` are business days, the last not before the first; a missing one is open."""

    def clean(self) -> dict[str, Any]:
        """The values; a fault stands at the last day."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            self.add_error("last", _("The last day lies before the first. Choose a later one."))
        return cleaned


def require_valid(form: forms.Form) -> None:
    """Nothing, when the form may be acted upon.

    Raises:
        Invalid: each faulty field with its texts.
    """
    if not form.is_valid():
        raise Invalid(fields={name: [str(text) for text in texts] for name, texts in form.errors.items()})
