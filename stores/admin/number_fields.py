"""Form fields of numbers that a brand may choose otherwise than their defaults."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminIntegerFieldWidget

from core.choosable import Choosable
from stores.admin.scoped import OneBrandForm

Words = Mapping[str, tuple[str | Promise, str | Promise]]
"""By name: what a number is called, and what is to be said of it."""


def number_fields(kind: type[Choosable], words: Words) -> dict[str, Any]:
    """A field for each of the numbers, by name."""
    return {name: number_field(kind, name, *words[name]) for name in kind.defaults()}


def number_field(kind: type[Choosable], name: str, label: str | Promise, help_text: str | Promise) -> forms.Field:
    """The form's field of one number."""
    initial = kind.defaults()[name]
    least, most = kind.limits_of(name)
    whole = isinstance(initial, int)
    field: Any = forms.IntegerField if whole else forms.FloatField
    default = format_lazy(_("Default: {default}."), default=f"{initial:g}")
    return field(  # type: ignore[no-any-return]
        label=label,
        help_text=format_lazy("{} {}", help_text, default),
        min_value=least,
        max_value=most,
        initial=initial,
        widget=UnfoldAdminIntegerFieldWidget if whole else UnfoldAdminDecimalFieldWidget,
    )


class ChosenNumbersForm(OneBrandForm):
    """A row whose `thresholds` are a brand's choice: its fields are filled with what holds now."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, value in (self.instance.thresholds or {}).items():
            self.initial[name] = value


def chosen_of(cleaned: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The numbers among a form's answers."""
    return {name: cleaned[name] for name in names if name in cleaned}
